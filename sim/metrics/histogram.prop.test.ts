import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bucketOf, highestIn, Histogram } from './histogram.ts';

const MAX = Number.MAX_SAFE_INTEGER;
/** Of every size: as many small ones as large ones. */
const value = fc
  .tuple(fc.nat(53), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([bits, part]) => Math.min(MAX, Math.floor(part * 2 ** bits)));
const values = fc.array(value, { minLength: 1, maxLength: 200 });

function histogramOf(all: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const one of all) histogram.record(one);
  return histogram;
}

describe('a bucket', () => {
  test('is no wider than one part in 128 of its numbers, and exact up to 255', () => {
    fc.assert(
      fc.property(value, (one) => {
        const bucket = bucketOf(one);
        const highest = highestIn(bucket);
        const lowest = bucket === 0 ? 0 : highestIn(bucket - 1) + 1;
        expect(one).toBeGreaterThanOrEqual(lowest);
        expect(one).toBeLessThanOrEqual(highest);
        expect(highest - lowest).toBeLessThanOrEqual(one < 256 ? 0 : lowest / 128);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([0, 1, 255, 256, 257, 2 ** 32 - 1, 2 ** 32, 2 ** 52, MAX])(
    'begins where the one before ends, around %d',
    (one) => {
      const bucket = bucketOf(one);
      expect(bucketOf(highestIn(bucket))).toBe(bucket);
      if (highestIn(bucket) < MAX) expect(bucketOf(highestIn(bucket) + 1)).toBe(bucket + 1);
    },
  );
});

describe('a histogram', () => {
  test('tells percentiles no smaller than those of the sorted numbers, and within 1/128', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 1000 }), (all, perMille) => {
        const sorted = all.toSorted((a, b) => a - b);
        const rank = Math.max(1, Math.ceil((all.length * perMille) / 1000));
        const exact = sorted[rank - 1] as number;
        const told = histogramOf(all).quantile(perMille);
        expect(told).toBeGreaterThanOrEqual(exact);
        expect(told - exact).toBeLessThanOrEqual(exact / 128);
      }),
      { numRuns: 500 },
    );
  });

  test('knows count, least, greatest and sum exactly', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1e9), { minLength: 1 }), (all) => {
        const { count, min, max, sum } = histogramOf(all);
        expect([count, min, max]).toEqual([all.length, Math.min(...all), Math.max(...all)]);
        expect(sum).toBe(all.reduce((total, one) => total + one, 0));
      }),
    );
  });

  test('merged with another is that of all their numbers', () => {
    fc.assert(
      fc.property(fc.array(value), fc.array(value), (some, others) => {
        const merged = histogramOf(some);
        merged.merge(histogramOf(others));
        const { sum: _sum, ...figures } = merged.toData();
        expect(histogramOf([...some, ...others]).toData()).toMatchObject(figures);
      }),
    );
  });

  test('comes back from its data', () => {
    fc.assert(
      fc.property(fc.array(value), (all) => {
        const data = histogramOf(all).toData();
        expect(Histogram.from(data).toData()).toEqual(data);
      }),
    );
  });

  test('has no percentile beyond its least or greatest number', () => {
    const histogram = new Histogram();
    for (const value of [1000, 1_000_001]) histogram.record(value);
    expect([1, 1000].map((perMille) => histogram.quantile(perMille))).toEqual([1003, 1_000_001]);
    expect(Histogram.from(histogram.toData()).quantile(1000)).toBe(1_000_001);
  });

  test('without numbers has percentiles of 0', () => {
    expect(new Histogram().quantile(990)).toBe(0);
  });

  test.each([-1, 0.5, NaN, Infinity, 2 ** 53])('refuses %d', (odd) => {
    expect(() => new Histogram().record(odd)).toThrow(RangeError);
  });
});
