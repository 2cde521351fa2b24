/** One round of one side of a comparison. Resolves with the number of operations it did. */
export type Side = () => Promise<number>;

/** Two sides measured in turns, so that whatever else the machine does hits both alike. */
export interface Comparison {
  readonly name: string;
  /** What one operation is. */
  readonly unit: string;
  readonly ours: Side;
  readonly yardstick: Side;
}

export interface Measured {
  readonly name: string;
  readonly unit: string;
  /** Medians over all rounds, in ns per operation. */
  readonly oursNs: number;
  readonly yardstickNs: number;
  /** Median over all rounds of yardstick / ours: 1 = as fast, 0.5 = half as fast. */
  readonly ratio: number;
}

/** Rounds that are thrown away: the compiler is still at work. */
const WARM_UP_ROUNDS = 3;

export async function compare(comparison: Comparison, rounds: number): Promise<Measured> {
  const { name, unit, ours, yardstick } = comparison;
  const samples: { readonly ours: number; readonly yardstick: number }[] = [];
  for (let round = 0; round < rounds + WARM_UP_ROUNDS; round++) {
    // Who goes first changes, so that neither always finds the heap that the other has filled.
    const isOursFirst = round % 2 === 0;
    const early = await nsPerOperation(isOursFirst ? ours : yardstick);
    const late = await nsPerOperation(isOursFirst ? yardstick : ours);
    if (round < WARM_UP_ROUNDS) continue;
    samples.push(isOursFirst ? { ours: early, yardstick: late } : { ours: late, yardstick: early });
  }
  return {
    name,
    unit,
    oursNs: median(samples.map((sample) => sample.ours)),
    yardstickNs: median(samples.map((sample) => sample.yardstick)),
    ratio: median(samples.map((sample) => sample.yardstick / sample.ours)),
  };
}

async function nsPerOperation(side: Side): Promise<number> {
  const start = process.hrtime.bigint();
  const operations = await side();
  return Number(process.hrtime.bigint() - start) / operations;
}

/** The middle one, or between the middle two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
