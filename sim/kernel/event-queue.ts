/**
 * The event queue: a 4-ary heap over typed arrays, ordered by (time, tie-break, sequence).
 *
 * The hottest structure of the simulator. Times lie in a typed array, so that comparing costs no
 * pointer chase; four children a node, because a shallower tree touches fewer cache lines. Value,
 * tie and sequence stay in the slot that they were given: the heap moves times and slot numbers.
 */
export class EventQueue<T> {
  // By position in the heap.
  private times = new Float64Array(64);
  private slots = new Int32Array(64);
  // By slot.
  private ties = new Uint32Array(64);
  private seqs = new Float64Array(64);
  private readonly values: (T | undefined)[] = [];
  private readonly freeSlots: number[] = [];
  private count = 0;
  private nextSeq = 0;

  /** Number of queued values. */
  get size(): number {
    return this.count;
  }

  /** Time of the next value; Infinity when empty. */
  get nextTime(): number {
    return this.count === 0 ? Infinity : (this.times[0] as number);
  }

  /** Queue a value. Values with equal time and tie leave in the order in which they came. */
  push(time: number, tie: number, value: T): void {
    if (this.count === this.times.length) this.grow();
    const slot = this.freeSlots.pop() ?? this.values.length;
    this.values[slot] = value;
    this.ties[slot] = tie;
    this.seqs[slot] = this.nextSeq++;
    this.siftUp(this.count++, time, slot);
  }

  /** Take the first value out. Undefined when empty. */
  pop(): T | undefined {
    if (this.count === 0) return undefined;
    const value = this.release(this.slots[0] as number);
    const last = --this.count;
    if (last > 0) this.siftDown(this.times[last] as number, this.slots[last] as number);
    return value;
  }

  /**
   * Drop every value that fails `keep`. Costs O(n); the order of the others does not change: each
   * keeps its full key.
   */
  compact(keep: (value: T) => boolean): void {
    const { times, slots, values } = this;
    const total = this.count;
    this.count = 0;
    for (let i = 0; i < total; i++) {
      const slot = slots[i] as number;
      // Writes only positions <= i, so no unread one is overwritten.
      if (keep(values[slot] as T)) this.siftUp(this.count++, times[i] as number, slot);
      else this.release(slot);
    }
  }

  /** Give every value a new time. Costs O(n); ties and sequence stay. */
  retime(timeOf: (value: T, time: number) => number): void {
    const { times, slots, values } = this;
    const total = this.count;
    this.count = 0;
    for (let i = 0; i < total; i++) {
      const slot = slots[i] as number;
      this.siftUp(this.count++, timeOf(values[slot] as T, times[i] as number), slot);
    }
  }

  private release(slot: number): T | undefined {
    const value = this.values[slot];
    this.values[slot] = undefined;
    this.freeSlots.push(slot);
    return value;
  }

  private siftUp(start: number, time: number, slot: number): void {
    const { times, slots } = this;
    let i = start;
    while (i > 0) {
      const parent = (i - 1) >> 2;
      const parentTime = times[parent] as number;
      if (parentTime < time) break;
      const parentSlot = slots[parent] as number;
      if (parentTime === time && this.isFirst(parentSlot, slot)) break;
      times[i] = parentTime;
      slots[i] = parentSlot;
      i = parent;
    }
    times[i] = time;
    slots[i] = slot;
  }

  private siftDown(time: number, slot: number): void {
    const { times, slots, count } = this;
    let i = 0;
    for (;;) {
      const first = 4 * i + 1;
      if (first >= count) break;
      const end = first + 4 < count ? first + 4 : count;
      let least = first;
      let leastTime = times[first] as number;
      for (let child = first + 1; child < end; child++) {
        const childTime = times[child] as number;
        if (childTime > leastTime) continue;
        if (
          childTime === leastTime &&
          !this.isFirst(slots[child] as number, slots[least] as number)
        ) {
          continue;
        }
        least = child;
        leastTime = childTime;
      }
      if (leastTime > time) break;
      const leastSlot = slots[least] as number;
      if (leastTime === time && this.isFirst(slot, leastSlot)) break;
      times[i] = leastTime;
      slots[i] = leastSlot;
      i = least;
    }
    times[i] = time;
    slots[i] = slot;
  }

  /** Of two slots with equal times: does the value in `a` leave before that in `b`? */
  private isFirst(a: number, b: number): boolean {
    const tieA = this.ties[a] as number;
    const tieB = this.ties[b] as number;
    if (tieA !== tieB) return tieA < tieB;
    return (this.seqs[a] as number) < (this.seqs[b] as number);
  }

  private grow(): void {
    const capacity = this.times.length * 2;
    const grown = <A extends Float64Array | Uint32Array | Int32Array>(to: A, from: A): A => {
      to.set(from);
      return to;
    };
    this.times = grown(new Float64Array(capacity), this.times);
    this.slots = grown(new Int32Array(capacity), this.slots);
    this.ties = grown(new Uint32Array(capacity), this.ties);
    this.seqs = grown(new Float64Array(capacity), this.seqs);
  }
}
