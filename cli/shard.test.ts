import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rangeText, seedsIn, shardRange } from '../scenarios/define/seed-range.ts';
import { UsageError } from './errors.ts';
import { parseShard, seedsOfShard } from './shard.ts';

test('the shards of a range, one after the other, are the range; none is much larger', () => {
  const seeds = fc.record({ first: fc.nat(1000), size: fc.integer({ min: 1, max: 200 }) });
  fc.assert(
    fc.property(seeds, fc.double({ min: 0, max: 1, noNaN: true }), ({ first, size }, share) => {
      const range = { prefix: 'p/', first, last: first + size - 1 };
      const count = 1 + Math.floor(share * (size - 1));
      const shards = Array.from({ length: count }, (_, i) => [
        ...seedsIn(shardRange(range, { index: i + 1, count })),
      ]);
      const sizes = shards.map(({ length }) => length);

      expect(shards.flat()).toEqual([...seedsIn(range)]);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
});

describe('which shard this is', () => {
  test.each<[string, Record<string, string>, [index: number, count: number]]>([
    ['2/8', {}, [2, 8]],
    ['auto', { SLURM_ARRAY_TASK_ID: '0', SLURM_ARRAY_TASK_COUNT: '4' }, [1, 4]],
    [
      'auto',
      { SLURM_ARRAY_TASK_ID: '7', SLURM_ARRAY_TASK_COUNT: '4', SLURM_ARRAY_TASK_MIN: '5' },
      [3, 4],
    ],
    ['auto/8', { JOB_COMPLETION_INDEX: '7' }, [8, 8]],
    ['auto', { CI_NODE_INDEX: '2', CI_NODE_TOTAL: '5' }, [2, 5]],
    ['auto', { CIRCLE_NODE_INDEX: '0', CIRCLE_NODE_TOTAL: '2' }, [1, 2]],
    ['auto', { BUILDKITE_PARALLEL_JOB: '1', BUILDKITE_PARALLEL_JOB_COUNT: '2' }, [2, 2]],
    ['auto/3', { PARALLEL_SEQ: '3' }, [3, 3]],
  ])('%s with %j', (text, env, [index, count]) => {
    expect(parseShard(text, env)).toEqual({ index, count });
  });

  test.each<[string, Record<string, string>, string]>([
    ['2', {}, 'expected 2/8, auto or auto/8, not "2"'],
    ['a/b', {}, 'expected 2/8'],
    ['0/4', {}, 'there is no shard 0 of 4; they count from 1'],
    ['5/4', {}, 'there is no shard 5 of 4'],
    ['auto', {}, 'none of SLURM_ARRAY_TASK_ID'],
    ['auto', { JOB_COMPLETION_INDEX: '1' }, 'does not say of how many: say auto/8'],
    ['auto/8', { PARALLEL_SEQ: '9' }, 'there is no shard 9 of 8'],
    ['auto', { CI_NODE_INDEX: 'x', CI_NODE_TOTAL: '2' }, 'CI_NODE_INDEX: expected a whole number'],
    ['auto', { CI_NODE_INDEX: '1', CI_NODE_TOTAL: '' }, 'CI_NODE_TOTAL: expected a whole number'],
  ])('%s with %j is refused', (text, env, message) => {
    expect(() => parseShard(text, env)).toThrow(UsageError);
    expect(() => parseShard(text, env)).toThrow(message);
  });

  test('there must be a seed for each', () => {
    const range = { prefix: '', first: 1, last: 3 };

    expect(rangeText(seedsOfShard(range, { index: 3, count: 3 }))).toBe('3..3');
    expect(() => seedsOfShard(range, { index: 1, count: 4 })).toThrow(
      '3 seeds cannot be shared by 4 shards',
    );
  });
});
