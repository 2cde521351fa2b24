import { TieHeap } from './tie-heap.ts';

/** Bucket 0 holds what is due at `last`; bucket b what differs from it in bit b - 1 at most. */
const BUCKETS = 54;
const WORD = 0x100000000;
const NONE = -1;

/**
 * The event queue: a radix heap, ordered by (time, tie-break, sequence).
 *
 * The hottest structure of the simulator. Virtual time never runs back, so that a queue need not
 * keep everything sorted: a value lies in a bucket by the highest bit in which its time differs
 * from the time reached so far, and moves to a lower bucket only when time gets there, at most as
 * often as the difference has bits. There are no comparisons to mispredict, and values of one time
 * stay in the order in which they came by themselves. Buckets are lists through typed arrays.
 */
export class EventQueue<T> {
  // By slot.
  private times = new Float64Array(64);
  private nexts = new Int32Array(64);
  private readonly values: (T | undefined)[] = [];
  private readonly freeSlots: number[] = [];
  // By bucket.
  private readonly heads = new Int32Array(BUCKETS).fill(NONE);
  private readonly tails = new Int32Array(BUCKETS).fill(NONE);
  /** Bit b: bucket b + 1 has something in it, for the buckets of the low and of the high word. */
  private lowMask = 0;
  private highMask = 0;
  /** The time reached: nothing in the queue is earlier. */
  private last = 0;
  /** The first time that differs from it in the high word. */
  private wordEnd = WORD;
  private count = 0;
  /** Values at `last` by tie-break, once there are tie-breaks. */
  private ties: TieHeap | undefined = undefined;

  /** Number of queued values. */
  get size(): number {
    return this.count;
  }

  /** Time of the next value; Infinity when empty. */
  get nextTime(): number {
    if (this.count === 0) return Infinity;
    if (this.isNothingDue()) this.advance();
    return this.last;
  }

  /**
   * Queue a value. Values with equal times leave in the order of their tie-breaks (32 bits), those
   * with equal tie-breaks in the order in which they came. None counts as 0.
   */
  push(time: number, tie: number | undefined, value: T): void {
    if (time < this.last) this.rebase(time);
    const slot = this.freeSlots.pop() ?? this.values.length;
    if (slot === this.times.length) this.grow();
    this.values[slot] = value;
    this.times[slot] = time;
    if (tie !== undefined) (this.ties ??= this.startTies()).name(slot, tie);
    else this.ties?.name(slot, 0);
    this.count++;
    this.file(slot, time);
  }

  /** Take the first value out. Undefined when empty. */
  pop(): T | undefined {
    if (this.count === 0) return undefined;
    if (this.isNothingDue()) this.advance();
    this.count--;
    const slot = this.ties === undefined ? this.shift() : this.ties.pop();
    const value = this.values[slot];
    this.values[slot] = undefined;
    this.freeSlots.push(slot);
    return value;
  }

  /** Drop every value that fails `keep`. Costs O(n); the order of the others does not change. */
  compact(keep: (value: T) => boolean): void {
    for (const slot of this.takeAll()) {
      if (keep(this.values[slot] as T)) {
        this.file(slot, this.times[slot] as number);
        continue;
      }
      this.values[slot] = undefined;
      this.freeSlots.push(slot);
      this.count--;
    }
  }

  /** Give every value a new time, none of them earlier than now. Costs O(n). */
  retime(timeOf: (value: T, time: number) => number): void {
    for (const slot of this.takeAll()) {
      const time = timeOf(this.values[slot] as T, this.times[slot] as number);
      this.times[slot] = time;
      if (time < this.last) this.rebase(time);
      this.file(slot, time);
    }
  }

  /** Put a slot at the end of the bucket where its time belongs. */
  private file(slot: number, time: number): void {
    let bucket: number;
    if (time < this.wordEnd) {
      // ^ takes the low words of both, which is all in which they differ.
      const difference = time ^ this.last;
      if (difference === 0) {
        if (this.ties !== undefined) return this.ties.push(slot);
        bucket = 0;
      } else {
        bucket = 32 - Math.clz32(difference);
        this.lowMask |= 1 << (bucket - 1);
      }
    } else {
      const difference = Math.floor(time / WORD) ^ Math.floor(this.last / WORD);
      bucket = 64 - Math.clz32(difference);
      this.highMask |= 1 << (bucket - 33);
    }
    this.nexts[slot] = NONE;
    const tail = this.tails[bucket] as number;
    if (tail === NONE) this.heads[bucket] = slot;
    else this.nexts[tail] = slot;
    this.tails[bucket] = slot;
  }

  private isNothingDue(): boolean {
    return this.ties === undefined ? this.heads[0] === NONE : this.ties.size === 0;
  }

  /** Time goes on to the earliest value: those of its bucket move to lower ones. */
  private advance(): void {
    const { times, nexts } = this;
    const bucket = this.firstBucket();
    const head = this.heads[bucket] as number;
    let earliest = times[head] as number;
    for (let slot = nexts[head] as number; slot !== NONE; slot = nexts[slot] as number) {
      const time = times[slot] as number;
      if (time < earliest) earliest = time;
    }
    this.empty(bucket);
    this.reach(earliest);
    for (let slot = head; slot !== NONE;) {
      const next = nexts[slot] as number;
      this.file(slot, times[slot] as number);
      slot = next;
    }
  }

  private firstBucket(): number {
    const { lowMask } = this;
    if (lowMask !== 0) return 32 - Math.clz32(lowMask & -lowMask);
    const { highMask } = this;
    return 64 - Math.clz32(highMask & -highMask);
  }

  private empty(bucket: number): void {
    this.heads[bucket] = NONE;
    this.tails[bucket] = NONE;
    if (bucket > 32) this.highMask &= ~(1 << (bucket - 33));
    else if (bucket > 0) this.lowMask &= ~(1 << (bucket - 1));
  }

  private reach(time: number): void {
    this.last = time;
    if (time >= this.wordEnd || time < this.wordEnd - WORD) {
      this.wordEnd = (Math.floor(time / WORD) + 1) * WORD;
    }
  }

  /** Take the first slot out of bucket 0. */
  private shift(): number {
    const slot = this.heads[0] as number;
    const next = this.nexts[slot] as number;
    this.heads[0] = next;
    if (next === NONE) this.tails[0] = NONE;
    return slot;
  }

  /**
   * The queue was asked for its next time, and then given something earlier: a run that stopped
   * before that time goes on. Rare, and O(n).
   */
  private rebase(time: number): void {
    const slots = this.takeAll();
    this.reach(time);
    for (const slot of slots) this.file(slot, this.times[slot] as number);
  }

  /** Empty all buckets. Slots of one time come in their order. */
  private takeAll(): number[] {
    const slots = this.ties?.takeAll() ?? [];
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      for (
        let slot = this.heads[bucket] as number;
        slot !== NONE;
        slot = this.nexts[slot] as number
      ) {
        slots.push(slot);
      }
      this.empty(bucket);
    }
    return slots;
  }

  /** The first tie-break: what is queued already has none. */
  private startTies(): TieHeap {
    const ties = new TieHeap();
    const slots = this.takeAll();
    for (const slot of slots) ties.name(slot, 0);
    this.ties = ties;
    for (const slot of slots) this.file(slot, this.times[slot] as number);
    return ties;
  }

  private grow(): void {
    const capacity = this.times.length * 2;
    const times = new Float64Array(capacity);
    times.set(this.times);
    this.times = times;
    const nexts = new Int32Array(capacity);
    nexts.set(this.nexts);
    this.nexts = nexts;
  }
}
