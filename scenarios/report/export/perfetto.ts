import { topicOf, type Trace, type TraceRecord } from '../../../sim/index.ts';
import { operationName } from '../../define/latency.ts';
import type { HistoryLine } from '../../define/history.ts';
import type { RunResult } from '../../define/result.ts';
import { byName } from '../by-name.ts';
import { compact } from '../compact.ts';
import { faultSpans } from '../fault-spans.ts';
import { toJson } from '../json.ts';
import { wordsOf } from '../trace-words.ts';
import { Flights } from './flights.ts';
import { instants, nodesOf, type EventGroup } from './instants.ts';
import type { Place, TraceEvent } from './trace-event.ts';

/** The process of what concerns no single node: faults, and events of the world. */
const WORLD = 1;
/** Every node is a process with one thread. */
const THREAD = 1;

const VALUE_ROOM = 60;

/**
 * Parts of a microsecond, about a nanosecond each: a power of two, so that viewers find no overlap
 * where a start and a length, which are floating-point numbers to them, add up to the next start.
 */
const PARTS = 1024;

/** What {@link perfettoJson} is made of. */
export interface RecordedRun {
  readonly trace: Trace;
  readonly history: readonly HistoryLine[];
  readonly result: Pick<RunResult, 'scenario' | 'seed' | 'digest'>;
}

/**
 * A run in the JSON trace event format, which Perfetto (ui.perfetto.dev) and chrome://tracing open:
 * a process a node with its events as slices, messages as spans and as arrows between slices,
 * client operations, faults and downtime as spans, shown state as counters and instants.
 */
export function* perfettoJson(run: RecordedRun): Generator<string, undefined> {
  const { scenario, seed, digest } = run.result;
  const head = { displayTimeUnit: 'ms', otherData: { scenario, seed, digest } };
  yield `${toJson(head).slice(0, -1)},"traceEvents":[\n`;
  let gap = '';
  for (const event of traceEvents(run)) {
    yield gap + toJson(event);
    gap = ',\n';
  }
  yield '\n]}\n';
}

/** The events of the format, one by one. */
export function* traceEvents({ trace, history }: RecordedRun): Generator<TraceEvent, undefined> {
  const nodes = new Set([...nodesOf(trace), ...history.map(({ client }) => client)]);
  const places = new Map([...nodes].toSorted(byName).map((node, i) => [node, i + 2]));
  const endUs = trace.length === 0 ? 0 : trace.at(trace.length - 1).timeUs + 1;
  yield* names(places);
  yield* faults(trace, endUs);
  const writer = new RunWriter(places);
  for (const instant of instants(trace)) yield* writer.instant(instant);
  yield* writer.end(endUs);
  yield* operations(history, places, endUs);
}

function* names(places: ReadonlyMap<string, number>): Generator<TraceEvent, undefined> {
  for (const [name, pid] of [['the world', WORLD] as const, ...places]) {
    const at = { ph: 'M', ts: 0, pid, tid: THREAD } as const;
    yield { ...at, name: 'process_name', args: { name } };
    yield { ...at, name: 'process_sort_index', args: { sort_index: pid } };
    yield { ...at, name: 'thread_name', args: { name: 'events' } };
  }
}

function* faults(trace: Trace, endUs: number): Generator<TraceEvent, undefined> {
  for (const [i, { id, text, fromUs, untilUs }] of faultSpans(trace).entries()) {
    const name = `${id}: ${text}`;
    const span = { cat: 'fault', id: `f${i}`, name, pid: WORLD, tid: THREAD } as const;
    yield { ...span, ph: 'b', ts: fromUs };
    yield { ...span, ph: 'e', ts: Math.min(untilUs, endUs), args: { lifted: untilUs <= endUs } };
  }
}

function* operations(
  history: readonly HistoryLine[],
  places: ReadonlyMap<string, number>,
  endUs: number,
): Generator<TraceEvent, undefined> {
  for (const { id, client, status, input, output, invokedUs, completedUs } of history) {
    const pid = places.get(client) ?? WORLD;
    const name = operationName(input);
    const span = { cat: 'operation', id: `o${id}`, name, pid, tid: THREAD } as const;
    yield { ...span, ph: 'b', ts: invokedUs, args: { input: compact(input, VALUE_ROOM) } };
    const result = { status, output: compact(output, VALUE_ROOM) };
    yield { ...span, ph: 'e', ts: completedUs ?? endUs, args: result };
  }
}

/** Goes through a trace, moment by moment. */
class RunWriter {
  private readonly places: ReadonlyMap<string, number>;
  private readonly flights: Flights;
  /** By node: since when it is down or paused, in µs. */
  private readonly outages = new Map<string, { name: string; id: string; sinceUs: number }>();
  private outageCount = 0;

  constructor(places: ReadonlyMap<string, number>) {
    this.places = places;
    this.flights = new Flights();
  }

  /**
   * The events that a node has at one moment share its microsecond: they follow each other, and
   * none covers another.
   */
  *instant(groups: readonly EventGroup[]): Generator<TraceEvent, undefined> {
    const counts = new Map<number, number>();
    for (const { event } of groups) {
      if (event === undefined) continue;
      const pid = this.pidOf(event);
      counts.set(pid, (counts.get(pid) ?? 0) + 1);
    }
    const done = new Map<number, number>();
    for (const group of groups) {
      const { event } = group;
      const { timeUs } = (event ?? group.notes[0]) as TraceRecord;
      const pid = event === undefined ? WORLD : this.pidOf(event);
      const [i, count] = [done.get(pid) ?? 0, counts.get(pid) ?? 1];
      done.set(pid, i + 1);
      const from = Math.floor((i * PARTS) / count);
      const end = Math.floor(((i + 1) * PARTS) / count);
      const place = { pid, ts: timeUs + from / PARTS };
      if (event !== undefined) yield slice(event, place, (end - from) / PARTS);
      yield* this.inside(group, place);
    }
  }

  /** What lasts until the end of the trace. */
  *end(endUs: number): Generator<TraceEvent, undefined> {
    yield* this.flights.end(endUs);
    for (const node of [...this.outages.keys()]) yield* this.outageEnds(node, endUs);
  }

  private *inside({ event, notes }: EventGroup, place: Place): Generator<TraceEvent, undefined> {
    for (const note of notes) {
      if (note.kind === 'send') this.flights.sends(note, place);
      else if (note.kind === 'state') yield* this.shows(note, place);
      else yield* this.happens(note, place);
    }
    yield* this.flights.settle(event, notes, place);
  }

  private *happens(note: TraceRecord, place: Place): Generator<TraceEvent, undefined> {
    const { kind, node = '', timeUs } = note;
    if (kind === 'crash' || kind === 'pause') {
      yield* this.outageEnds(node, timeUs);
      const name = kind === 'crash' ? 'down' : 'paused';
      this.outages.set(node, { name, id: `d${this.outageCount++}`, sinceUs: timeUs });
    } else if (kind === 'restart' || kind === 'resume') {
      yield* this.outageEnds(node, timeUs);
    }
    if (topicOf(kind) === 'network' || topicOf(kind) === 'client') return;
    const pid = this.pidOf(note);
    yield { ph: 'i', s: 't', name: wordsOf(note), cat: topicOf(kind), ts: place.ts, pid, tid: 1 };
  }

  private *outageEnds(node: string, atUs: number): Generator<TraceEvent, undefined> {
    const outage = this.outages.get(node);
    if (outage === undefined) return;
    this.outages.delete(node);
    const { name, id, sinceUs } = outage;
    const pid = this.places.get(node) ?? WORLD;
    const span = { cat: 'outage', id, name, pid, tid: THREAD } as const;
    yield { ...span, ph: 'b', ts: sinceUs };
    yield { ...span, ph: 'e', ts: atUs };
  }

  private *shows(note: TraceRecord, { ts }: Place): Generator<TraceEvent, undefined> {
    const pid = this.pidOf(note);
    for (const [name, value] of Object.entries(note.payload ?? {})) {
      if (typeof value === 'number') {
        yield { ph: 'C', name, ts, pid, tid: THREAD, args: { [name]: value } };
      } else {
        const text = `${name} = ${compact(value, VALUE_ROOM)}`;
        yield { ph: 'i', s: 't', name: text, cat: 'state', ts, pid, tid: THREAD };
      }
    }
  }

  private pidOf({ node }: TraceRecord): number {
    return (node === undefined ? undefined : this.places.get(node)) ?? WORLD;
  }
}

function slice(event: TraceRecord, { pid, ts }: Place, dur: number): TraceEvent {
  const { kind, label, event: number, cause, incarnation: life, from } = event;
  const isFailure = kind === 'answer' && from === undefined;
  const name = isFailure ? `${label} failed` : label === '' ? kind : label;
  const args = { event: number, cause, life, what: wordsOf(event) };
  return { ph: 'X', name, cat: topicOf(kind), ts, dur, pid, tid: THREAD, args };
}
