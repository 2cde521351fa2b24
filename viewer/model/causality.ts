import type { RunData } from './run-data.ts';

/** What an event could have known of, and what could know of it (Lamport's happened-before). */
export interface Cone {
  /** By event: {@link PAST}, {@link FUTURE} or 0. */
  readonly of: Uint8Array;
  /** By lane: up to which time it lies in the past, in µs; -Infinity if none of it does. */
  readonly pastUntilUs: Float64Array;
  /** By lane: from which time on it lies in the future; Infinity if none of it does. */
  readonly futureFromUs: Float64Array;
}

export const PAST = 1;
export const FUTURE = 2;

/** The events of a run: who causes whom, and on which lane each happens. */
export class Causality {
  /** By number: index of its first record, which is the event itself; -1 if there is none. */
  readonly recordOf: Int32Array;
  /** By event: its lane; -1 if it happens to the world. */
  readonly laneOf: Int16Array;
  private readonly data: RunData;
  private readonly lanes: number;
  /** Effects of event e: `effects[starts[e]]` to before `effects[starts[e + 1]]`, ascending. */
  private readonly starts: Uint32Array;
  private readonly effects: Uint32Array;

  /** @param laneOfNode by number of a string */
  constructor(data: RunData, laneOfNode: Int16Array, lanes: number) {
    this.data = data;
    this.lanes = lanes;
    const last = data.length === 0 ? 0 : (data.event[data.length - 1] as number);
    this.recordOf = new Int32Array(last + 1).fill(-1);
    this.laneOf = new Int16Array(last + 1).fill(-1);
    this.starts = new Uint32Array(last + 2);
    for (let i = 0; i < data.length; i++) {
      const event = data.event[i] as number;
      if (this.recordOf[event] !== -1) continue;
      this.recordOf[event] = i;
      this.laneOf[event] = laneOfNode[data.node[i] as number] ?? -1;
      const cause = data.cause[i] as number;
      if (cause < event) this.starts[cause + 1] = (this.starts[cause + 1] as number) + 1;
    }
    for (let e = 0; e <= last; e++) {
      this.starts[e + 1] = (this.starts[e + 1] as number) + (this.starts[e] as number);
    }
    this.effects = new Uint32Array(this.starts[last + 1] as number);
    const filled = this.starts.slice();
    for (let e = 0; e <= last; e++) {
      const cause = this.causeOf(e);
      if (cause === undefined) continue;
      const at = filled[cause] as number;
      this.effects[at] = e;
      filled[cause] = at + 1;
    }
  }

  /** Number of the last event. */
  get last(): number {
    return this.recordOf.length - 1;
  }

  /** The event that scheduled it; undefined for one that the set-up did, or that is not there. */
  causeOf(event: number): number | undefined {
    const i = this.recordOf[event] ?? -1;
    if (i < 0) return undefined;
    const cause = this.data.cause[i] as number;
    return cause < event ? cause : undefined;
  }

  /** The events that it scheduled, as far as the trace has them. */
  effectsOf(event: number): readonly number[] {
    const { starts } = this;
    return Array.from(this.effects.subarray(starts[event] ?? 0, starts[event + 1] ?? 0));
  }

  /** The chain of causes, the event itself first. */
  chainOf(event: number): number[] {
    const chain = [event];
    for (;;) {
      const cause = this.causeOf(chain[chain.length - 1] as number);
      if (cause === undefined || cause === 0) return chain;
      chain.push(cause);
    }
  }

  /** Past and future of an event. One pass each: what is before comes before. */
  coneOf(event: number): Cone {
    const of = new Uint8Array(this.last + 1);
    const pastUntilUs = new Float64Array(this.lanes).fill(-Infinity);
    const futureFromUs = new Float64Array(this.lanes).fill(Infinity);
    this.markPast(event, of, pastUntilUs);
    this.markFuture(event, of, futureFromUs);
    of[event] = PAST | FUTURE;
    return { of, pastUntilUs, futureFromUs };
  }

  private markPast(event: number, of: Uint8Array, untilUs: Float64Array): void {
    // By lane: the latest event of which somebody could know.
    const latest = new Float64Array(this.lanes).fill(-1);
    of[event] = PAST;
    for (let e = event; e >= 0; e--) {
      const lane = this.laneOf[e] as number;
      const isPast = of[e] === PAST || (lane >= 0 && e <= (latest[lane] as number));
      if (!isPast || this.recordOf[e] === -1) continue;
      of[e] = PAST;
      if (lane >= 0) {
        latest[lane] = Math.max(latest[lane] as number, e);
        const us = this.data.timeUs[this.recordOf[e] as number] as number;
        untilUs[lane] = Math.max(untilUs[lane] as number, us);
      }
      const cause = this.causeOf(e);
      if (cause !== undefined && this.recordOf[cause] !== -1) of[cause] = PAST;
    }
  }

  private markFuture(event: number, of: Uint8Array, fromUs: Float64Array): void {
    const earliest = new Float64Array(this.lanes).fill(Infinity);
    for (let e = event; e <= this.last; e++) {
      if (this.recordOf[e] === -1) continue;
      const lane = this.laneOf[e] as number;
      const cause = this.causeOf(e);
      const isFuture =
        e === event ||
        (cause !== undefined && cause >= event && ((of[cause] as number) & FUTURE) !== 0) ||
        (lane >= 0 && e >= (earliest[lane] as number));
      if (!isFuture) continue;
      of[e] = (of[e] as number) | FUTURE;
      if (lane < 0) continue;
      earliest[lane] = Math.min(earliest[lane] as number, e);
      const us = this.data.timeUs[this.recordOf[e] as number] as number;
      fromUs[lane] = Math.min(fromUs[lane] as number, us);
    }
  }
}
