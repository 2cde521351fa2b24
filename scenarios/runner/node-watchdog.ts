import type { Monitor } from '../../sim/index.ts';

/**
 * Shared memory between a worker and the thread that watches it. The worker writes whose code it
 * enters; if that stands still, the node named there never came back.
 */
const BEATS = 0;
const PATIENCE = 1;
const INCARNATION = 2;
const NAME_LENGTH = 3;
const EVENT = 4;
const INTS = 6;
const NAME_BYTES = 64;
const TIME_OFFSET = INTS * 4;
const NAME_OFFSET = TIME_OFFSET + 8;

/** Names are remembered up to so many, whatever the code under test calls its nodes. */
const MOST_NAMES = 4096;

/** How many times longer our own work around a run may take. */
const OWN_PATIENCE = 12;

/** How many times longer checks may take than an event. */
const JUDGING_PATIENCE = 6;

/** Where the code under test was when it was last seen. */
export interface LastSeen {
  readonly node: string;
  readonly incarnation: number;
  readonly timeUs: number;
  /** Number of the event. */
  readonly event: number;
}

export function watchdogMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(NAME_OFFSET + NAME_BYTES);
}

/** The worker's side. */
export class Heart {
  private readonly ints: Int32Array;
  private readonly time: Float64Array;
  private readonly name: Uint8Array;
  /** What the names that were seen look like in memory: encoding one takes longer than an event. */
  private readonly encoded = new Map<string, Uint8Array>();
  private lastNode = '';

  constructor(memory: SharedArrayBuffer) {
    this.ints = new Int32Array(memory, 0, INTS);
    this.time = new Float64Array(memory, TIME_OFFSET, 1);
    this.name = new Uint8Array(memory, NAME_OFFSET, NAME_BYTES);
  }

  /** Runs for every event that enters a node: a few plain stores. */
  readonly monitor: Monitor = (owner, timeUs, event) => {
    this.time[0] = timeUs;
    this.ints[EVENT] = event;
    this.ints[INCARNATION] = owner.incarnation;
    if (owner.id !== this.lastNode) this.rename(owner.id);
    this.ints[BEATS] = (this.ints[BEATS] as number) + 1;
    this.ints[PATIENCE] = 1;
  };

  /** The checks of a scenario run: they are given longer, since a hard history takes its time. */
  readonly judging = (): void => {
    this.monitor({ id: 'the checks', incarnation: 0 }, this.time[0] as number, 0);
    this.ints[PATIENCE] = JUDGING_PATIENCE;
  };

  /** Nobody's code runs from now on: whatever takes long is ours. */
  readonly rest = (): void => {
    this.ints[PATIENCE] = 0;
  };

  private rename(id: string): void {
    this.lastNode = id;
    const bytes = this.encoded.get(id) ?? this.encode(id);
    // A name has a few letters: faster than `set`, which is a call out of compiled code.
    for (let i = 0; i < bytes.length; i++) this.name[i] = bytes[i] as number;
    this.ints[NAME_LENGTH] = bytes.length;
  }

  private encode(id: string): Uint8Array {
    if (this.encoded.size === MOST_NAMES) this.encoded.clear();
    const bytes = new TextEncoder().encode(id).subarray(0, NAME_BYTES);
    this.encoded.set(id, bytes);
    return bytes;
  }
}

/** The other side: has the heart stopped? */
export class Stethoscope {
  private readonly ints: Int32Array;
  private readonly time: Float64Array;
  private readonly name: Uint8Array;
  private beats = -1;
  private since = 0;

  constructor(memory: SharedArrayBuffer) {
    this.ints = new Int32Array(memory, 0, INTS);
    this.time = new Float64Array(memory, TIME_OFFSET, 1);
    this.name = new Uint8Array(memory, NAME_OFFSET, NAME_BYTES);
  }

  /** Something was asked: from now on it counts how long no answer comes. */
  attend(nowMs: number): void {
    this.beats = this.ints[BEATS] as number;
    this.since = nowMs;
  }

  /**
   * How long code has been running without coming back, in ms, divided by the patience it is given.
   */
  listen(nowMs: number): number {
    const beats = this.ints[BEATS] as number;
    const patience = (this.ints[PATIENCE] as number) || OWN_PATIENCE;
    if (beats !== this.beats) {
      this.beats = beats;
      this.since = nowMs;
      return 0;
    }
    return (nowMs - this.since) / patience;
  }

  lastSeen(): LastSeen {
    const bytes = this.name.slice(0, this.ints[NAME_LENGTH]);
    return {
      node: new TextDecoder().decode(bytes),
      incarnation: this.ints[INCARNATION] as number,
      timeUs: this.time[0] as number,
      event: this.ints[EVENT] as number,
    };
  }
}
