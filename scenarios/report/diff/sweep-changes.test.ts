import { expect, test } from 'vitest';
import type { RunResult } from '../../define/result.ts';
import { ranges, sweepChanges, sweepChangesText } from './sweep-changes.ts';

const result = (seed: string, change: Partial<RunResult> = {}): RunResult =>
  ({
    seed,
    verdict: 'pass',
    expected: 'pass',
    digest: 'a',
    repro: `run ${seed}`,
    ...change,
  }) as RunResult;
const bad = { verdict: 'violation', check: 'c', signature: 'c: x' } as const;

test('seeds are told apart by how they end, and by how they get there', () => {
  const before = ['1', '2', '3', '4', '5'].map((seed) => result(seed));
  const after = [
    result('2'),
    result('3', { digest: 'b' }),
    result('4', { digest: 'b', ...bad }),
    result('5', { digest: 'b' }),
    result('6'),
  ];
  const changes = sweepChanges('a/b', before, after);

  expect(sweepChangesText(changes, 80)).toMatchInlineSnapshot(`
    "a/b  4 seeds compared, 1 the same
      1 end otherwise: 4
        seed 4: pass -> violation "c"
      2 end the same, on another way: 3, 5
      1 seeds are in the first only
      1 seeds are in the second only
      again    run 4"
  `);
  expect(sweepChanges('a/b', before, before)).toMatchObject({ same: 5, ends: [], ways: [] });
});

test('the same failure at another place is another way', () => {
  const one = result('1', { ...bad, reason: 'at 5' });
  const other = result('1', { ...bad, reason: 'at 6' });

  expect(sweepChanges('a/b', [one], [other]).ways).toHaveLength(1);
});

test.each([
  [['1'], '1'],
  [['1', '2', '3'], '1..3'],
  [['9', '10', '12'], '9..10, 12'],
  [['x/1', 'x/2', 'y/3'], 'x/1..2, y/3'],
  [['a', 'b'], 'a, b'],
  [[], ''],
])('the seeds %j are %s', (seeds, text) => {
  expect(ranges(seeds)).toBe(text);
});
