import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inOrder } from './in-order.ts';

/** Resolves after so many turns of the microtask queue: no clock. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await Promise.resolve();
}

async function all<T>(results: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const result of results) seen.push(result);
  return seen;
}

test('results come in the order of the items, however long each takes and whoever does it', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(20), { maxLength: 30 }),
      fc.integer({ min: 1, max: 5 }),
      async (items, workers) => {
        const numbered = items.map((item, place) => [item, place] as const);
        const names = Array.from({ length: workers }, (_, i) => i);
        const busy = new Set<number>();
        const found = inOrder(names, numbered, async (worker, [item, place]) => {
          expect(busy.has(worker)).toBe(false);
          busy.add(worker);
          await turns(item);
          busy.delete(worker);
          return place;
        });
        expect(await all(found)).toEqual([...items.keys()]);
      },
    ),
  ));

test('all workers have something to do', async () => {
  const used = new Set<string>();
  const found = inOrder(['a', 'b', 'c'], [1, 2, 3, 4, 5, 6], async (worker, item) => {
    used.add(worker);
    await turns(3);
    return item;
  });
  await all(found);
  expect([...used].toSorted()).toEqual(['a', 'b', 'c']);
});

test('whoever stops asking gets nothing begun any more', async () => {
  const begun: number[] = [];
  const found = inOrder(
    ['a', 'b'],
    Array.from({ length: 20 }, (__, i) => i + 1),
    async (_, item) => {
      begun.push(item);
      await turns(4);
      return item;
    },
  );
  for await (const item of found) if (item === 2) break;
  const before = [...begun];
  await turns(50);
  expect(begun).toEqual(before);
  expect(begun.length).toBeLessThan(10);
});

test('an error comes in its place, after the results before it', async () => {
  const found = inOrder(['a', 'b'], [1, 2, 3, 4], async (_, item) => {
    await turns(item === 1 ? 20 : 1);
    if (item === 2) throw new Error('no 2');
    return item;
  });
  const seen: number[] = [];
  const reading = (async () => {
    for await (const item of found) seen.push(item);
  })();
  await expect(reading).rejects.toThrow('no 2');
  expect(seen).toEqual([1]);
});
