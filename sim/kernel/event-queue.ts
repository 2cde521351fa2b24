/**
 * The event queue: a 4-ary heap over typed arrays, ordered by (time, tie-break, sequence).
 *
 * The hottest structure of the simulator. Keys lie in typed arrays, so that comparing costs no
 * pointer chase; four children a node, because a shallower tree touches fewer cache lines.
 * The values are held in slots that the heap permutes by number only.
 */
export class EventQueue<T> {
  private times = new Float64Array(64);
  private ties = new Uint32Array(64);
  private seqs = new Float64Array(64);
  private slots = new Int32Array(64);
  private values: (T | undefined)[] = [];
  private freeSlots: number[] = [];
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
    this.siftUp(this.count++, time, tie, this.nextSeq++, slot);
  }

  /** Take the first value out. Undefined when empty. */
  pop(): T | undefined {
    if (this.count === 0) return undefined;
    const slot = this.slots[0] as number;
    const value = this.values[slot];
    this.values[slot] = undefined;
    this.freeSlots.push(slot);
    const last = --this.count;
    if (last > 0) {
      this.siftDown(
        this.times[last] as number,
        this.ties[last] as number,
        this.seqs[last] as number,
        this.slots[last] as number,
      );
    }
    return value;
  }

  /**
   * Drop every value that fails `keep`. Costs O(n); the order of the others does not change,
   * because each keeps its full key.
   */
  compact(keep: (value: T) => boolean): void {
    const { times, ties, seqs, slots, values } = this;
    const total = this.count;
    const oldValues = values.slice();
    this.values = [];
    this.freeSlots = [];
    this.count = 0;
    for (let i = 0; i < total; i++) {
      const value = oldValues[slots[i] as number] as T;
      if (!keep(value)) continue;
      const slot = this.values.push(value) - 1;
      // Writes only positions <= i, so no unread key is overwritten.
      this.siftUp(this.count++, times[i] as number, ties[i] as number, seqs[i] as number, slot);
    }
  }

  private siftUp(start: number, time: number, tie: number, seq: number, slot: number): void {
    const { times, ties, seqs, slots } = this;
    let i = start;
    while (i > 0) {
      const parent = (i - 1) >> 2;
      const parentTime = times[parent] as number;
      if (parentTime < time) break;
      if (parentTime === time) {
        const parentTie = ties[parent] as number;
        if (parentTie < tie || (parentTie === tie && (seqs[parent] as number) < seq)) break;
      }
      times[i] = parentTime;
      ties[i] = ties[parent] as number;
      seqs[i] = seqs[parent] as number;
      slots[i] = slots[parent] as number;
      i = parent;
    }
    times[i] = time;
    ties[i] = tie;
    seqs[i] = seq;
    slots[i] = slot;
  }

  private siftDown(time: number, tie: number, seq: number, slot: number): void {
    const { times, ties, seqs, slots } = this;
    const count = this.count;
    let i = 0;
    for (;;) {
      const first = 4 * i + 1;
      if (first >= count) break;
      const end = first + 4 < count ? first + 4 : count;
      let least = first;
      for (let child = first + 1; child < end; child++) {
        if (this.before(child, least)) least = child;
      }
      const leastTime = times[least] as number;
      if (leastTime > time) break;
      if (leastTime === time) {
        const leastTie = ties[least] as number;
        if (leastTie > tie || (leastTie === tie && (seqs[least] as number) > seq)) break;
      }
      times[i] = leastTime;
      ties[i] = ties[least] as number;
      seqs[i] = seqs[least] as number;
      slots[i] = slots[least] as number;
      i = least;
    }
    times[i] = time;
    ties[i] = tie;
    seqs[i] = seq;
    slots[i] = slot;
  }

  private before(a: number, b: number): boolean {
    const timeA = this.times[a] as number;
    const timeB = this.times[b] as number;
    if (timeA !== timeB) return timeA < timeB;
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
    this.ties = grown(new Uint32Array(capacity), this.ties);
    this.seqs = grown(new Float64Array(capacity), this.seqs);
    this.slots = grown(new Int32Array(capacity), this.slots);
  }
}
