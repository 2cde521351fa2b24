import type { Trace, TraceRecord } from '../../../sim/index.ts';

/** A recorded run as a list of events to stop at. */
export class RunEvents {
  readonly trace: Trace;
  /** Names of nodes, types of messages and the number of the last event: what one can ask for. */
  readonly nodes: ReadonlySet<string>;
  readonly types: ReadonlySet<string>;
  readonly last: number;
  readonly isShown: (record: TraceRecord) => boolean;
  /** Numbers of the events that stepping stops at. */
  private readonly stops: readonly number[];

  /** @param isShown what makes an event one to stop at; goto goes to others, too */
  constructor(trace: Trace, isShown: (record: TraceRecord) => boolean) {
    this.trace = trace;
    const [nodes, types, stops] = [new Set<string>(), new Set<string>(), [] as number[]];
    let last = 0;
    for (const record of trace) {
      const { event, node, n, label } = record;
      if (node !== undefined) nodes.add(node);
      if (n !== undefined) types.add(label);
      if (stops.at(-1) !== event && isShown(record)) stops.push(event);
      last = event;
    }
    this.nodes = nodes;
    this.types = types;
    this.stops = stops;
    this.last = last;
    this.isShown = isShown;
  }

  /** The stops behind an event, in their order. */
  *after(event: number): Generator<number, undefined> {
    for (let i = this.rank(event + 1); i < this.stops.length; i++) yield this.stops[i] as number;
  }

  /** The stop so many before an event; 0, the beginning, if there are not so many. */
  before(event: number, count: number): number {
    return this.stops[this.rank(event) - count] ?? 0;
  }

  /** Is it an event of the run? Timers and wake-ups are, too. */
  has(event: number): boolean {
    return this.trace.of(event).length > 0;
  }

  /** The last event at or before a moment; 0 if there is none. */
  at(timeUs: number): number {
    const { trace } = this;
    let [low, high] = [0, trace.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (trace.at(middle).timeUs <= timeUs) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : trace.at(low - 1).event;
  }

  /** When an event happened, in µs; 0 for the beginning. */
  timeUs(event: number): number {
    return this.trace.of(event)[0]?.timeUs ?? 0;
  }

  /** Number of stops before an event. */
  private rank(event: number): number {
    const { stops } = this;
    let [low, high] = [0, stops.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((stops[middle] as number) < event) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
