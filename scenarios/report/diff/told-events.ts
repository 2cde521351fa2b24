import type { Trace, TraceRecord } from '../../../sim/index.ts';
import type { CauseKeys } from './cause-keys.ts';

/** An event with the notes made while it ran, and in the wake-ups that belong to it. */
export interface ToldEvent {
  readonly event: TraceRecord;
  readonly notes: readonly TraceRecord[];
}

/**
 * The events of a trace in their order, each known by its chain of causes: what {@link Alignment}
 * compares. Events are addressed by their index here, not by their number.
 *
 * A wake-up or a task that its own node brings about at the same instant is no event of its own
 * here: a program that awaits then does the same as one that does not.
 */
export class ToldEvents {
  readonly trace: Trace;
  /** By event: what identifies it in any trace; see {@link CauseKeys}. */
  readonly keys: Int32Array;
  private readonly numbers: Float64Array;
  private readonly times: Float64Array;
  private readonly byKey: Map<number, number>;
  /** Numbers of the wake-ups that belong to an event. */
  private readonly wakes = new Map<number, number[]>();

  constructor(trace: Trace, names: CauseKeys) {
    this.trace = trace;
    const [numbers, times, keys]: [number[], number[], number[]] = [[], [], []];
    /** By number of an event: where it is told. */
    const places = new Map<number, number>();
    const owners: (string | undefined)[] = [];
    const twins = new Map<string, number>();
    let last = -1;
    for (const record of trace) {
      const { event, timeUs, cause, node } = record;
      if (event === last) continue;
      last = event;
      const by = cause === 0 ? undefined : places.get(cause);
      if (by !== undefined && isWake(record) && times[by] === timeUs && owners[by] === node) {
        places.set(event, by);
        this.wakes.set(by, [...(this.wakes.get(by) ?? []), event]);
        continue;
      }
      places.set(event, keys.length);
      numbers.push(event);
      times.push(timeUs);
      owners.push(node);
      // The set-up of the world is the same event everywhere, whatever was noted in it first.
      keys.push(event === 0 ? 0 : names.keyOf(record, keys[by ?? -1] ?? 0, twins));
    }
    this.numbers = Float64Array.from(numbers);
    this.times = Float64Array.from(times);
    this.keys = Int32Array.from(keys);
    this.byKey = new Map(keys.map((key, i) => [key, i]));
  }

  get length(): number {
    return this.keys.length;
  }

  /** When the event happened, in µs. Infinity behind the last one. */
  timeUs(i: number): number {
    return this.times[i] ?? Infinity;
  }

  /** Where the event with this key is; undefined if it did not happen here. */
  find(key: number): number | undefined {
    return this.byKey.get(key);
  }

  at(i: number): ToldEvent {
    const [event, ...notes] = this.trace.of(this.numbers[i] ?? -1);
    if (event === undefined) throw new RangeError(`no event ${i} of ${this.length}`);
    const later = this.wakes.get(i);
    if (later === undefined) return { event, notes };
    return { event, notes: [...notes, ...later.flatMap((wake) => this.trace.of(wake).slice(1))] };
  }
}

function isWake({ kind }: TraceRecord): boolean {
  return kind === 'wake' || kind === 'start';
}
