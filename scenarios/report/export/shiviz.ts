import type { Trace, TraceRecord } from '../../../sim/index.ts';
import { byName } from '../by-name.ts';
import { messageOf } from '../journeys.ts';
import { milliseconds } from '../gutter.ts';
import { clean, cut } from '../text-fold.ts';
import { wordsOf } from '../trace-words.ts';
import { SHIVIZ_REGEXP } from './shiviz-regexp.ts';
import { eventGroups, isEvent, nodesOf, type EventGroup } from './instants.ts';

/** Longest text of an event, in columns. */
const TEXT = 160;

/** What is done to a node, and not by it, has a line of its own. */
const DONE_TO: ReadonlySet<TraceRecord['kind']> = new Set(['crash', 'restart', 'pause', 'resume']);

/** A vector clock (Fidge 1988, Mattern 1989): how many lines of each node came before. */
type Clock = Uint32Array;

/**
 * A trace as ShiViz reads it: every event of a node with its vector clock. One event happened
 * before another if it is earlier on the same node, if it sent the message that the other one
 * receives or scheduled it, or by a chain of these.
 */
export function* shivizText(trace: Trace): Generator<string, undefined> {
  // The second line would separate several runs.
  yield `${SHIVIZ_REGEXP}\n\n`;
  const clocks = new VectorClocks(trace);
  for (const group of eventGroups(trace)) yield* linesOf(group, clocks);
}

function* linesOf(group: EventGroup, clocks: VectorClocks): Generator<string, undefined> {
  const { event, notes } = group;
  clocks.begin(event);
  if (event?.node !== undefined) {
    const own = notes.filter(({ kind }) => !DONE_TO.has(kind));
    yield line(event, event.node, [event, ...own], clocks);
  }
  for (const note of notes) {
    if (note.kind === 'send') clocks.sends(note);
    if (!DONE_TO.has(note.kind) || note.node === undefined) continue;
    clocks.reaches(note.node);
    yield line(note, note.node, [note], clocks);
  }
  const isHeld = notes.some(({ kind }) => kind === 'held');
  if (event !== undefined && !isHeld) clocks.arrived(event);
}

function line(
  at: TraceRecord,
  node: string,
  told: readonly TraceRecord[],
  clocks: VectorClocks,
): string {
  const words = clean(told.map((record) => wordsOf(record)).join('; '));
  const text = `${milliseconds(at.timeUs)} #${at.event} ${cut(words, TEXT)}`;
  return `${text}\n${hostName(node)} ${clocks.toJson(node)}\n`;
}

/** ShiViz ends a host's name at white space. */
export function hostName(node: string): string {
  return node.replace(/[\s%]/gu, (odd) => `%${odd.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The clocks of all nodes as a trace goes on, and of what is still to have an effect. */
class VectorClocks {
  private readonly places: ReadonlyMap<string, number>;
  private readonly hosts: readonly string[];
  /** By node: that of its last line. */
  private readonly own = new Map<string, Clock>();
  /** Of the running event. */
  private present: Clock;
  /** By message under way: what its sender knew. */
  private readonly sent = new Map<string, Clock>();
  /** By event, while others are still to come that it has scheduled: its clock. */
  private readonly causes = new Map<number, Clock>();
  /** By event: how many others it has scheduled. */
  private readonly effects: Uint32Array;

  constructor(trace: Trace) {
    const nodes = nodesOf(trace).toSorted(byName);
    this.places = new Map(nodes.map((node, i) => [node, i]));
    this.hosts = nodes.map((node) => JSON.stringify(hostName(node)));
    this.present = new Uint32Array(nodes.length);
    this.effects = new Uint32Array(trace.length === 0 ? 1 : trace.at(trace.length - 1).event + 1);
    for (const record of trace) {
      if (isEvent(record)) this.effects[record.cause] = (this.effects[record.cause] as number) + 1;
    }
  }

  /** An event begins, on a node or of the world; undefined = the set-up. */
  begin(event: TraceRecord | undefined): void {
    this.present = new Uint32Array(this.hosts.length);
    if (event === undefined) return;
    learn(this.present, this.takeCause(event.cause));
    const message = messageOf(event);
    if (message !== undefined) learn(this.present, this.sent.get(message));
    if (event.node !== undefined) this.present = this.reaches(event.node);
    if ((this.effects[event.event] ?? 0) > 0) this.causes.set(event.event, this.present);
  }

  /** What goes on now reaches a node: one more line of it. */
  reaches(node: string): Clock {
    const clock = this.present.slice();
    learn(clock, this.own.get(node));
    const place = this.places.get(node) as number;
    clock[place] = (clock[place] as number) + 1;
    this.own.set(node, clock);
    return clock;
  }

  sends(note: TraceRecord): void {
    this.sent.set(messageOf(note) ?? '', this.present);
  }

  /** A copy that is still to come finds the same in the event that sent it. */
  arrived(event: TraceRecord): void {
    this.sent.delete(messageOf(event) ?? '');
  }

  /** Of the last line of a node. */
  toJson(node: string): string {
    const clock = this.own.get(node) as Clock;
    const known: string[] = [];
    clock.forEach((count, i) => {
      if (count > 0) known.push(`${this.hosts[i]}:${count}`);
    });
    return `{${known.join(',')}}`;
  }

  /** The clock of the event that scheduled this one; let go of with the last effect. */
  private takeCause(cause: number): Clock | undefined {
    const clock = this.causes.get(cause);
    this.effects[cause] = (this.effects[cause] as number) - 1;
    if (this.effects[cause] === 0) this.causes.delete(cause);
    return clock;
  }
}

function learn(clock: Clock, other: Clock | undefined): void {
  other?.forEach((count, i) => {
    if (count > (clock[i] as number)) clock[i] = count;
  });
}
