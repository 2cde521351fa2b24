import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ddmin } from './ddmin.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('ddmin', () => {
  test('finds what is needed wherever it is, in order', () => {
    const subset = fc.uniqueArray(fc.nat(199), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(subset, (needed) => {
        const found = ddmin(numbers(200), (kept) => needed.every((each) => kept.includes(each)));
        expect(found).toEqual(needed.toSorted((a, b) => a - b));
      }),
    );
  });

  test('asks about a number of lists that grows with the logarithm of their length', () => {
    const count = (length: number): number => {
      let asked = 0;
      ddmin(numbers(length), (kept) => {
        asked++;
        return kept.includes(7) && kept.includes(length - 9);
      });
      return asked;
    };
    expect(count(100_000)).toBeLessThan(100);
    expect(count(100_000)).toBeLessThan(2 * count(1000));
  });

  test('leaves nothing that could go, where shorter lists may have what longer ones lack', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.infiniteStream(fc.boolean()), (n, coins) => {
        const answers = new Map<string, boolean>();
        const holds = (kept: readonly number[]): boolean => {
          const key = kept.join();
          const known = answers.get(key) ?? (kept.length === n || coins.next().value);
          answers.set(key, known);
          return known;
        };
        const found = ddmin(numbers(n), holds);
        for (const place of found.keys()) expect(holds(found.toSpliced(place, 1))).toBe(false);
      }),
    );
  });

  test('gives up what is at the front first', () => {
    expect(ddmin(numbers(10), (kept) => kept.length >= 2)).toEqual([8, 9]);
  });

  test('an empty list stays as it is', () => {
    expect(ddmin([], () => true)).toEqual([]);
  });
});
