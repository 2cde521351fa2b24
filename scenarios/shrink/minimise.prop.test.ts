import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashString } from '../../sim/index.ts';
import { lowest } from './lowest.ts';
import { minimise, type StillFails } from './minimise.ts';

const lists = fc.uniqueArray(fc.nat(1000), { maxLength: 40 });
const RUNS = { numRuns: 1000 };

/** Fails for the whole list and, for no reason at all, for some other lists. */
function moody(items: readonly number[], mood: number): (left: readonly number[]) => boolean {
  return (left) => left.length === items.length || hashString(`${mood} ${left.join()}`) % 4 === 0;
}

const asked =
  (fails: (left: readonly number[]) => boolean, log: string[] = []): StillFails<number> =>
  async (left) => {
    log.push(left.join());
    return fails(left);
  };

const without = <T>(list: readonly T[], at: number): T[] => list.filter((_, i) => i !== at);

describe('delta debugging', () => {
  test('what is left still fails, and without any one of it no more', async () => {
    await fc.assert(
      fc.asyncProperty(lists, fc.nat(), async (items, mood) => {
        const fails = moody(items, mood);
        const left = await minimise(items, asked(fails));

        expect(fails(left)).toBe(true);
        for (const at of left.keys()) expect(fails(without(left, at))).toBe(false);
      }),
      RUNS,
    );
  });

  test('what is left stands in the order of the list', async () => {
    await fc.assert(
      fc.asyncProperty(lists, fc.nat(), async (items, mood) => {
        const left = await minimise(items, asked(moody(items, mood)));

        expect(items.filter((item) => left.includes(item))).toEqual(left);
      }),
      RUNS,
    );
  });

  test('asks the same questions and gives the same answer every time', async () => {
    await fc.assert(
      fc.asyncProperty(lists, fc.nat(), async (items, mood) => {
        const log: string[] = [];
        const again: string[] = [];
        const left = await minimise(items, asked(moody(items, mood), log));

        expect(await minimise(items, asked(moody(items, mood), again))).toEqual(left);
        expect(again).toEqual(log);
      }),
      RUNS,
    );
  });

  test('finds a few causes among many by a number of questions that hardly grows', async () => {
    const causes = fc.uniqueArray(fc.nat(499), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(causes, fc.integer({ min: 500, max: 5000 }), async (cause, count) => {
        const items = Array.from({ length: count }, (_, i) => i);
        const log: string[] = [];
        const isThere = (left: readonly number[]): boolean => {
          const there = new Set(left);
          return cause.every((item) => there.has(item));
        };

        expect(await minimise(items, asked(isThere, log))).toEqual(cause.toSorted((a, b) => a - b));
        const levels = Math.ceil(Math.log2(count)) + 2;
        expect(log.length).toBeLessThanOrEqual((2 * cause.length + 1) * levels);
      }),
      { numRuns: 100 },
    );
  });

  test('of a list that fails without anything nothing is left, after one question', async () => {
    const log: string[] = [];

    expect(
      await minimise(
        [1, 2, 3],
        asked(() => true, log),
      ),
    ).toEqual([]);
    expect(log).toEqual(['']);
  });
});

describe('the lowest number', () => {
  const ranges = fc.tuple(fc.nat(5000), fc.nat(5000), fc.nat(5000));

  test('is the one from which on it fails, found by halving', async () => {
    await fc.assert(
      fc.asyncProperty(ranges, async (three) => {
        const [least, threshold, value] = three.toSorted((a, b) => a - b) as [
          number,
          number,
          number,
        ];
        let questions = 0;
        const found = await lowest(value, least, async (lower) => {
          questions++;
          expect(lower).toBeGreaterThanOrEqual(least);
          expect(lower).toBeLessThan(value);
          return lower >= threshold;
        });

        expect(found).toBe(threshold);
        expect(questions).toBeLessThanOrEqual(Math.ceil(Math.log2(value - least + 1)) + 1);
      }),
      RUNS,
    );
  });

  test('is the number itself where nothing lower fails, or one that does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(5000), fc.nat(), async (value, mood) => {
        const fails = (lower: number): boolean => hashString(`${mood} ${lower}`) % 3 === 0;
        const found = await lowest(value, 0, async (lower) => fails(lower));

        expect(found === value || fails(found)).toBe(true);
        expect(await lowest(value, 0, async () => false)).toBe(value);
      }),
      RUNS,
    );
  });
});
