/** How often each value of a figure was seen: exact, and small where values repeat. */
export class Distribution {
  // Cells, so that a value that was seen is looked up once: millions of them may be added.
  private readonly counts = new Map<number, { times: number }>();
  private seen = 0;

  add(value: number, times: number = 1): void {
    const cell = this.counts.get(value);
    if (cell !== undefined) cell.times += times;
    else if (times > 0) this.counts.set(value, { times });
    this.seen += times;
  }

  /** How many values were added. */
  get size(): number {
    return this.seen;
  }

  get total(): number {
    let total = 0;
    for (const [value, { times }] of this.counts) total += value * times;
    return total;
  }

  /** The values and how often each was seen, in ascending order. */
  sorted(): [value: number, count: number][] {
    return [...this.counts]
      .map(([value, { times }]): [number, number] => [value, times])
      .toSorted(([a], [b]) => a - b);
  }

  /** The lower middle of the values; 0 if there are none. */
  median(): number {
    let left = Math.floor((this.seen - 1) / 2);
    for (const [value, count] of this.sorted()) {
      if (left < count) return value;
      left -= count;
    }
    return 0;
  }
}
