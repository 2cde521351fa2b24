import { describe, expect, test } from 'vitest';
import { avalanche, exponential, scale } from './bits.ts';
import { Streams } from './streams.ts';

const EDGES = [0, 1, 2, 3, 2 ** 16, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32 - 2, 2 ** 32 - 1];
const random = new Streams('bits').stream('draws');
const draws = [...EDGES, ...Array.from({ length: 20_000 }, () => random.uint32())];

describe('the exponential draw', () => {
  test('is within 1e-5 of the logarithm, for every size of draw', () => {
    const MEAN = 1e9;
    let worst = 0;
    // Every power of two as well: there the halves of the formula meet.
    const powers = Array.from({ length: 32 }, (_, k) => [2 ** k - 1, 2 ** k]).flat();
    for (const draw of [...draws, ...powers]) {
      const exact = -Math.log((draw + 1) / 2 ** 32) * MEAN;
      worst = Math.max(worst, Math.abs(exponential(draw, MEAN) - exact) / MEAN);
    }
    expect(worst).toBeLessThan(1e-5);
  });

  test('is a whole number, and never below 0', () => {
    for (const draw of draws) {
      const value = exponential(draw, 40_000);
      expect(Number.isInteger(value) && value >= 0).toBe(true);
    }
  });

  test('has its mean, its median and its tail', () => {
    const values = draws.slice(EDGES.length).map((draw) => exponential(draw, 1_000_000));
    const share = (above: number): number =>
      values.filter((value) => value > above * 1_000_000).length / values.length;
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    // Four standard deviations of the mean of 20,000.
    expect(Math.abs(mean - 1_000_000)).toBeLessThan(4 * 7072);
    for (const [above, expected] of [
      [Math.LN2, 0.5],
      [1, Math.exp(-1)],
      [3, Math.exp(-3)],
    ] as const) {
      expect(Math.abs(share(above) - expected)).toBeLessThan(0.0142);
    }
  });

  test('shrinks as its draw grows, and so keeps the order of draws', () => {
    const values = draws.toSorted((a, b) => a - b).map((draw) => exponential(draw, 1_000_000));
    expect(values).toEqual(values.toSorted((a, b) => b - a));
  });
});

test('a scaled draw stays in its range and reaches both ends', () => {
  expect([scale(0, 7), scale(2 ** 32 - 1, 7), scale(2 ** 32 - 1, 2 ** 20)]).toEqual([
    ...[0, 6],
    2 ** 20 - 1,
  ]);
});

test('mixing is one to one on what it was tried with', () => {
  expect(new Set(draws.map((draw) => avalanche(draw))).size).toBe(new Set(draws).size);
});
