/** How long a bucket is at first, in µs. */
const WIDTH_US = 100_000;

/** A longer run has wider buckets instead of more. */
const MAX_BUCKETS = 512;

/** What becomes of several values in one bucket. */
export type Fold = 'sum' | 'max';

/** A series as plain data: the value of each bucket, from the start of the run. */
export interface SeriesData {
  readonly fold: Fold;
  readonly widthMs: number;
  /** Up to the last bucket into which anything fell; 0 where nothing did. */
  readonly values: readonly number[];
}

/**
 * Values over virtual time, in buckets of 100 ms. A run too long for 512 of them has buckets twice
 * as wide, and so on: what it costs is bounded.
 */
export class Series {
  readonly fold: Fold;
  private widthUs = WIDTH_US;
  private values: number[] = [];

  constructor(fold: Fold) {
    this.fold = fold;
  }

  add(atUs: number, value: number): void {
    const i = this.reach(atUs);
    this.values[i] = this.folded(this.values[i] as number, value);
  }

  /** Add each µs of a stretch of time, longer than none, to the bucket in which it lies. */
  addSpan(fromUs: number, untilUs: number): void {
    const last = this.reach(untilUs - 1);
    const { widthUs, values } = this;
    for (let i = Math.floor(fromUs / widthUs); i <= last; i++) {
      const inside = Math.min(untilUs, (i + 1) * widthUs) - Math.max(fromUs, i * widthUs);
      values[i] = this.folded(values[i] as number, inside);
    }
  }

  toData(): SeriesData {
    return { fold: this.fold, widthMs: this.widthUs / 1000, values: [...this.values] };
  }

  /** The bucket of a time; there is one from now on. */
  private reach(atUs: number): number {
    while (atUs >= MAX_BUCKETS * this.widthUs) this.widen();
    const i = Math.floor(atUs / this.widthUs);
    while (this.values.length <= i) this.values.push(0);
    return i;
  }

  private widen(): void {
    this.widthUs *= 2;
    const halved: number[] = [];
    for (let i = 0; i < this.values.length; i += 2) {
      halved.push(this.folded(this.values[i] as number, this.values[i + 1] ?? 0));
    }
    this.values = halved;
  }

  private folded(a: number, b: number): number {
    return this.fold === 'sum' ? a + b : Math.max(a, b);
  }
}
