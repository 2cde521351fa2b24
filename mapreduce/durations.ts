/** How long tasks took, in order, so that the usual time is known at every moment. */
export class Durations {
  private readonly sorted: number[] = [];

  /** Undefined: there are none yet. Of an even number of them the longer one in the middle. */
  get median(): number | undefined {
    return this.sorted[this.sorted.length >> 1];
  }

  add(ms: number): void {
    let from = 0;
    let to = this.sorted.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.sorted[middle]! <= ms) from = middle + 1;
      else to = middle;
    }
    this.sorted.splice(from, 0, ms);
  }
}
