import { describe, expect, test } from 'vitest';
import { hunt, type Prey } from './hunt.ts';

/** A specimen that fails at these seeds, and whose unchanged code fails at those. */
function preyOf(kills: readonly number[], alarms: readonly number[] = []) {
  const ran: string[] = [];
  const prey: Prey = {
    ready: () => Promise.resolve(true),
    killer(seed) {
      ran.push(seed);
      return Promise.resolve([...kills, ...alarms].includes(Number(seed)) ? 'agreement' : null);
    },
    isClean: (seed) => Promise.resolve(!alarms.includes(Number(seed))),
  };
  return { prey, ran };
}

const found = async (prey: Prey, most: number, ranges: number): Promise<unknown> =>
  (await hunt(prey, { most, ranges }))?.map(({ seeds, falseAlarms }) => [seeds, falseAlarms]);

describe('a hunt', () => {
  test('ends in each range with the first seed that kills, or with the most', async () => {
    const { prey, ran } = preyOf([3, 100_001]);

    expect(await found(prey, 4, 3)).toEqual([
      [3, 0],
      [1, 0],
      [undefined, 0],
    ]);
    expect(ran).toEqual(['1', '2', '3', '100001', '200001', '200002', '200003', '200004']);
  });

  test('goes on after a seed at which the unchanged code fails as well', async () => {
    const { prey, ran } = preyOf([5], [1, 3]);

    expect(await found(prey, 9, 1)).toEqual([[5, 2]]);
    expect(ran).toEqual(['1', '2', '3', '4', '5']);
  });

  test('has found nothing if the unchanged code fails whenever the specimen does', async () => {
    expect(await found(preyOf([], [2, 4]).prey, 4, 1)).toEqual([[undefined, 2]]);
  });

  test.each(['ready', 'killer', 'isClean'] as const)(
    'that is interrupted when it asks %s tells nothing',
    async (what) => {
      const { prey } = preyOf([2]);
      const cut: Prey = { ...prey, [what]: () => Promise.resolve(undefined) };

      expect(await hunt(cut, { most: 4, ranges: 2 })).toBeUndefined();
    },
  );
});
