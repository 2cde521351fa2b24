/** Sequence numbers below this fit beside a 32-bit tie-break in the 53 bits of a number. */
const SEQUENCES = 0x200000;

/**
 * The event queue: a 4-ary heap over typed arrays, ordered by (time, tie-break, sequence).
 *
 * The hottest structure of the simulator. Times lie in a typed array, so that comparing costs no
 * pointer chase; four children a node, because a shallower tree touches fewer cache lines. The value
 * stays in the slot that it was given, and so does its order among equal times, tie-break and
 * sequence in one number: the heap moves times and slot numbers.
 */
export class EventQueue<T> {
  // By position in the heap.
  private times = new Float64Array(64);
  private slots = new Int32Array(64);
  // By slot.
  private orders = new Float64Array(64);
  private readonly values: (T | undefined)[] = [];
  private readonly freeSlots: number[] = [];
  private count = 0;
  private nextSequence = 0;

  /** Number of queued values. */
  get size(): number {
    return this.count;
  }

  /** Time of the next value; Infinity when empty. */
  get nextTime(): number {
    return this.count === 0 ? Infinity : (this.times[0] as number);
  }

  /**
   * Queue a value. Values with equal times leave in the order of their tie-breaks (32 bits); those
   * without one, or with equal ones, in the order in which they came (of equal drawn ones that holds
   * within two million values, and the order is the same in every run all the same).
   */
  push(time: number, tie: number | undefined, value: T): void {
    if (this.count === this.times.length) this.grow();
    const slot = this.freeSlots.pop() ?? this.values.length;
    this.values[slot] = value;
    const sequence = this.nextSequence++;
    this.orders[slot] = tie === undefined ? sequence : tie * SEQUENCES + (sequence % SEQUENCES);
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
    const { times, slots, orders } = this;
    const order = orders[slot] as number;
    let i = start;
    while (i > 0) {
      const parent = (i - 1) >> 2;
      const parentTime = times[parent] as number;
      if (parentTime < time) break;
      const parentSlot = slots[parent] as number;
      if (parentTime === time && (orders[parentSlot] as number) < order) break;
      times[i] = parentTime;
      slots[i] = parentSlot;
      i = parent;
    }
    times[i] = time;
    slots[i] = slot;
  }

  private siftDown(time: number, slot: number): void {
    const { times, slots, orders, count } = this;
    const order = orders[slot] as number;
    let i = 0;
    for (;;) {
      const first = 4 * i + 1;
      if (first >= count) break;
      const end = first + 4 < count ? first + 4 : count;
      let least = first;
      let leastTime = times[first] as number;
      let leastSlot = slots[first] as number;
      for (let child = first + 1; child < end; child++) {
        const childTime = times[child] as number;
        if (childTime > leastTime) continue;
        const childSlot = slots[child] as number;
        if (
          childTime === leastTime &&
          (orders[childSlot] as number) > (orders[leastSlot] as number)
        ) {
          continue;
        }
        least = child;
        leastTime = childTime;
        leastSlot = childSlot;
      }
      if (leastTime > time) break;
      if (leastTime === time && order < (orders[leastSlot] as number)) break;
      times[i] = leastTime;
      slots[i] = leastSlot;
      i = least;
    }
    times[i] = time;
    slots[i] = slot;
  }

  private grow(): void {
    const capacity = this.times.length * 2;
    const grown = <A extends Float64Array | Int32Array>(to: A, from: A): A => {
      to.set(from);
      return to;
    };
    this.times = grown(new Float64Array(capacity), this.times);
    this.slots = grown(new Int32Array(capacity), this.slots);
    this.orders = grown(new Float64Array(capacity), this.orders);
  }
}
