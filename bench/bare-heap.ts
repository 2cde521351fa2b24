/**
 * The yardstick: as little as a discrete-event loop can be. A 4-ary heap of times over typed arrays
 * with a number attached to each; no order among equal times, no cancelling, no digest.
 */
export class BareHeap {
  private readonly times: Float64Array;
  private readonly values: Int32Array;
  private count = 0;

  constructor(capacity: number) {
    this.times = new Float64Array(capacity);
    this.values = new Int32Array(capacity);
  }

  get nextTime(): number {
    return this.times[0] as number;
  }

  push(time: number, value: number): void {
    const { times, values } = this;
    let i = this.count++;
    while (i > 0) {
      const parent = (i - 1) >> 2;
      if ((times[parent] as number) <= time) break;
      times[i] = times[parent] as number;
      values[i] = values[parent] as number;
      i = parent;
    }
    times[i] = time;
    values[i] = value;
  }

  pop(): number {
    const { times, values } = this;
    const result = values[0] as number;
    const count = --this.count;
    const time = times[count] as number;
    const value = values[count] as number;
    let i = 0;
    for (;;) {
      const first = 4 * i + 1;
      if (first >= count) break;
      const end = Math.min(first + 4, count);
      let least = first;
      for (let child = first + 1; child < end; child++) {
        if ((times[child] as number) < (times[least] as number)) least = child;
      }
      if ((times[least] as number) >= time) break;
      times[i] = times[least] as number;
      values[i] = values[least] as number;
      i = least;
    }
    times[i] = time;
    values[i] = value;
    return result;
  }
}

/** Delays that both sides of a comparison draw alike: a small linear congruential generator. */
export class Delays {
  private state = 12345;

  /** 1 .. 1024, in µs. */
  nextUs(): number {
    this.state = (Math.imul(this.state, 1103515245) + 12345) & 0x7fffffff;
    return 1 + ((this.state >>> 12) & 1023);
  }
}
