import { topics, type Topic, type Trace } from '../sim/index.ts';
import { causesOf } from '../scenarios/report/causes.ts';
import { statesAt } from '../scenarios/report/state-at.ts';
import { eventLines, eventRecords } from '../scenarios/report/text-event.ts';
import { stateLines } from '../scenarios/report/text-state.ts';
import { tracePage } from '../scenarios/report/text-trace.ts';
import { whyLines } from '../scenarios/report/text-why.ts';
import { matches, type TraceFilter } from '../scenarios/report/trace-filter.ts';
import { UsageError } from './errors.ts';

/** What of a trace to show, as the user said it. */
export interface ViewOptions {
  readonly from?: string;
  readonly until?: string;
  readonly node?: readonly string[];
  readonly topic?: readonly string[];
  readonly event?: string;
  readonly why?: string;
  readonly state?: boolean;
  readonly lines?: boolean;
  readonly all?: boolean;
}

/** The same, understood. */
export interface View {
  readonly filter: TraceFilter;
  /** First and last event to show in full. */
  readonly events?: readonly [number, number] | undefined;
  /** The event whose causes to show. */
  readonly why?: number | undefined;
  /** End with the state of every node. */
  readonly hasState: boolean;
  readonly isLines: boolean;
}

/** @throws UsageError naming the option */
export function viewOf(options: ViewOptions): View {
  const { why, event } = options;
  if (why !== undefined && event !== undefined) {
    throw new UsageError('--why and --event exclude each other');
  }
  const filter: TraceFilter = {
    fromMs: milliseconds(options.from, '--from'),
    untilMs: milliseconds(options.until, '--until'),
    nodes: options.node,
    topics: options.topic?.flatMap((list) => list.split(',')).map(topicNamed),
    isComplete: options.all,
  };
  const { fromMs = 0, untilMs = Infinity } = filter;
  if (fromMs > untilMs) throw new UsageError(`--until ${untilMs} is before --from ${fromMs}`);
  const isWhole = why === undefined && event === undefined;
  return {
    filter,
    why: why === undefined ? undefined : eventNumber(why, '--why'),
    events: event === undefined ? undefined : eventRange(event),
    hasState: options.state === true || (isWhole && options.until !== undefined),
    isLines: options.lines === true,
  };
}

/** @throws UsageError if the view names a node or an event that the run does not have */
export function refuseStrangers(view: View, trace: Trace, events: number): void {
  const nodes = new Set([...trace].map((record) => record.node).filter((id) => id !== undefined));
  const stranger = view.filter.nodes?.find((node) => !nodes.has(node));
  if (stranger !== undefined) {
    const there = [...nodes].toSorted().join(', ');
    throw new UsageError(`--node: no node "${stranger}"; there are ${there}`);
  }
  const [flag, number] =
    view.why === undefined ? ['--event', view.events?.[0]] : ['--why', view.why];
  if (number !== undefined && number > events) {
    const there = `the number of an event from 1 to ${events}`;
    throw new UsageError(`${flag}: expected ${there}, not ${number}`);
  }
}

/** The view as a page to read. */
export function* viewLines(trace: Trace, view: View, width: number): Generator<string, undefined> {
  const { filter, why, events, hasState, isLines } = view;
  const { isComplete } = filter;
  if (why !== undefined) yield* whyLines(trace, why, { width, isComplete });
  else if (events !== undefined) yield* eventLines(trace, events[0], events[1], width);
  else yield* tracePage(trace, (record) => matches(record, filter), { width, isLines });
  if (!hasState) return;
  yield '';
  yield* stateLines(trace, momentUs(trace, view), width);
}

/** The view as data: its records, and if asked for a last object with the state of the nodes. */
export function* viewData(trace: Trace, view: View): Generator<object, undefined> {
  const { filter, why, events } = view;
  if (why !== undefined) yield* causesOf(trace, why).map((link) => link.event);
  else if (events !== undefined) yield* eventRecords(trace, events[0], events[1]);
  else for (const record of trace) if (matches(record, filter)) yield record;
  if (!view.hasState) return;
  const atUs = momentUs(trace, view);
  yield { format: 1, kind: 'state', atMs: atUs / 1000, nodes: statesAt(trace, atUs) };
}

/** The moment whose state is shown: the end of what is asked for. */
function momentUs(trace: Trace, { filter, why, events }: View): number {
  const number = why ?? events?.[1];
  const last = number === undefined ? undefined : trace.of(number)[0];
  const endUs = trace.length === 0 ? 0 : trace.at(trace.length - 1).timeUs;
  const untilUs = filter.untilMs === undefined ? endUs : filter.untilMs * 1000;
  return last?.timeUs ?? untilUs;
}

function milliseconds(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new UsageError(`${flag}: expected milliseconds of virtual time, not "${text}"`);
}

function topicNamed(name: string): Topic {
  const topic = topics.find((known) => known === name);
  if (topic !== undefined) return topic;
  throw new UsageError(`--topic: no topic "${name}"; there are ${topics.join(', ')}`);
}

/** `12` or `12..20`. */
function eventRange(text: string): [number, number] {
  const [first = '', last = first, ...rest] = text.split('..');
  const range: [number, number] = [eventNumber(first, '--event'), eventNumber(last, '--event')];
  if (rest.length === 0 && range[0] <= range[1]) return range;
  throw new UsageError(`--event: expected N or N..M, from low to high, not "${text}"`);
}

function eventNumber(text: string, flag: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1) return value;
  throw new UsageError(`${flag}: expected the number of an event, from 1, not "${text}"`);
}
