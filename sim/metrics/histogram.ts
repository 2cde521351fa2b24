/**
 * Numbers up to this are told apart; above it a bucket holds neighbours that differ by less than
 * one part in {@link PER_OCTAVE}.
 */
const EXACT = 256;

/** Buckets of each octave above: two significant digits. */
const PER_OCTAVE = 128;

/** 2^0 to 2^53. Doubled, since engines need not agree on powers. */
const POWERS: readonly number[] = Array.from({ length: 54 }).reduce<number[]>(
  (powers) => [...powers, 2 * (powers.at(-1) ?? 0.5)],
  [],
);

const TWO_TO_32 = 4_294_967_296;

/** One bucket that is not empty: the largest number that falls into it, and how many did. */
export type Bucket = readonly [value: number, count: number];

/** A histogram as plain data. */
export interface HistogramData {
  readonly count: number;
  /** 0 if there is none. */
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly buckets: readonly Bucket[];
}

/**
 * How often which numbers were seen, in buckets that grow with the number, after HdrHistogram: a
 * number comes back exactly up to 255, and beyond that with an error below 1/128 (0.8 %), however
 * large. Whole numbers from 0 to 2^53 - 1. All arithmetic is on integers, and so the same on every
 * engine.
 */
export class Histogram {
  count = 0;
  min = 0;
  max = 0;
  /** Of all numbers, exactly, as long as it is a safe integer. */
  sum = 0;
  private counts = new Uint32Array(EXACT);

  static from({ min, max, sum, buckets }: HistogramData): Histogram {
    const histogram = new Histogram();
    for (const [value, count] of buckets) histogram.record(value, count);
    // A bucket tells them less exactly.
    histogram.min = min;
    histogram.max = max;
    histogram.sum = sum;
    return histogram;
  }

  /** @throws RangeError if it is no whole number from 0 to 2^53 - 1 */
  record(value: number, times: number = 1): void {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new RangeError(`histogram: expected a whole number from 0, got ${value}`);
    }
    if (times === 0) return;
    const i = bucketOf(value);
    if (i >= this.counts.length) this.grow(i + 1);
    this.counts[i] = (this.counts[i] as number) + times;
    this.min = this.count === 0 ? value : Math.min(this.min, value);
    this.max = Math.max(this.max, value);
    this.count += times;
    this.sum += value * times;
  }

  /** Take in all that another one has seen. */
  merge(other: Histogram): void {
    if (other.count === 0) return;
    if (other.counts.length > this.counts.length) this.grow(other.counts.length);
    other.counts.forEach((count, i) => (this.counts[i] = (this.counts[i] as number) + count));
    this.min = this.count === 0 ? other.min : Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
    this.count += other.count;
    this.sum += other.sum;
  }

  /**
   * The smallest number that so many in a thousand do not exceed: 500 is the median. No less than
   * the true one, and at most 1/128 more. 0 if there is none.
   */
  quantile(perMille: number): number {
    const rank = Math.max(1, Math.ceil((this.count * perMille) / 1000));
    let seen = 0;
    for (let i = 0; i < this.counts.length; i++) {
      seen += this.counts[i] as number;
      if (seen >= rank) return Math.max(this.min, Math.min(highestIn(i), this.max));
    }
    return 0;
  }

  toData(): HistogramData {
    const { count, min, max, sum } = this;
    const buckets: Bucket[] = [];
    this.counts.forEach((times, i) => {
      if (times > 0) buckets.push([highestIn(i), times]);
    });
    return { count, min, max, sum, buckets };
  }

  private grow(needed: number): void {
    const counts = new Uint32Array(Math.max(needed, 2 * this.counts.length));
    counts.set(this.counts);
    this.counts = counts;
  }
}

/** Number of the bucket of a number. */
export function bucketOf(value: number): number {
  if (value < EXACT) return value;
  const shift = bitsOf(value) - 8;
  return shift * PER_OCTAVE + Math.floor(value / (POWERS[shift] as number));
}

/** The largest number of a bucket. */
export function highestIn(bucket: number): number {
  if (bucket < EXACT) return bucket;
  const shift = Math.floor(bucket / PER_OCTAVE) - 1;
  return (bucket - shift * PER_OCTAVE + 1) * (POWERS[shift] as number) - 1;
}

/** Number of bits of a whole number from 1. */
function bitsOf(value: number): number {
  if (value < TWO_TO_32) return 32 - Math.clz32(value);
  return 64 - Math.clz32(Math.floor(value / TWO_TO_32));
}
