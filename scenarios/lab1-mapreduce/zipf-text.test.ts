import { describe, expect, test } from 'vitest';
import { Streams } from '../../sim/index.ts';
import { ZipfText } from './zipf-text.ts';

const words = (seed: string, count: number): string[] =>
  new ZipfText(500).text(new Streams(seed).stream('text'), count).trim().split(/\s+/);

describe('a generated text', () => {
  test('is the same for the same seed, and another one for another', () => {
    expect(words('1', 200)).toEqual(words('1', 200));
    expect(words('1', 200)).not.toEqual(words('2', 200));
  });

  test('has as many words as were asked for', () => {
    for (const count of [1, 11, 12, 13, 500]) expect(words('1', count)).toHaveLength(count);
  });

  test('has words as frequent as Zipf says: the r-th a r-th as often as the first', () => {
    const counts = new Map<string, number>();
    for (const word of words('1', 200_000)) counts.set(word, (counts.get(word) ?? 0) + 1);
    const sorted = [...counts.values()].toSorted((a, b) => b - a);

    for (const rank of [2, 4, 10, 50]) {
      const share = (sorted[rank - 1]! * rank) / sorted[0]!;
      expect(share).toBeGreaterThan(0.85);
      expect(share).toBeLessThan(1.15);
    }
    expect(counts.size).toBe(500);
  });
});
