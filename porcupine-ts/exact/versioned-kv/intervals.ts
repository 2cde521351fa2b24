/** A set of integers as disjoint closed intervals in ascending order. */
export class Intervals {
  /** Of these, the first `count` are meant: the arrays are kept when the set is cleared. */
  readonly lows: number[] = [];
  readonly highs: number[] = [];
  count: number = 0;

  /** Adds [low, high], which may be empty; the lows have to come in ascending order. */
  add(low: number, high: number): void {
    if (low > high) return;
    const last = this.count - 1;
    if (last >= 0 && low <= this.highs[last]!) {
      if (high > this.highs[last]!) this.highs[last] = high;
      return;
    }
    this.lows[this.count] = low;
    this.highs[this.count] = high;
    this.count++;
  }

  clear(): void {
    this.count = 0;
  }

  /** Becomes the set of what is in both others. */
  intersect(a: Intervals, b: Intervals): void {
    this.clear();
    let i = 0;
    let j = 0;
    while (i < a.count && j < b.count) {
      this.add(Math.max(a.lows[i]!, b.lows[j]!), Math.min(a.highs[i]!, b.highs[j]!));
      if (a.highs[i]! < b.highs[j]!) i++;
      else j++;
    }
  }

  /** The smallest element that is not below `bound`. */
  firstFrom(bound: number): number | undefined {
    for (let index = 0; index < this.count; index++) {
      if (this.highs[index]! >= bound) return Math.max(this.lows[index]!, bound);
    }
    return undefined;
  }
}
