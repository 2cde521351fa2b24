import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkConfig, type ShardConfig } from './config.ts';
import { joined, left, moved, movesBetween, rebalance } from './rebalance.ts';

const gids = fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 12 });
/** Owners among the groups, gone ones, and none. */
const owners = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 60 });

function loads(shards: readonly number[], groups: readonly number[]): number[] {
  return groups.map((gid) => shards.filter((owner) => owner === gid).length);
}

/** No fewer moves are possible: groups keep what they may, and as many as may keep one more. */
function fewestMoves(shards: readonly number[], groups: readonly number[]): number {
  const each = Math.floor(shards.length / groups.length);
  const larger = shards.length % groups.length;
  const kept = loads(shards, groups)
    .toSorted((a, b) => b - a)
    .map((load, i) => Math.min(load, i < larger ? each + 1 : each));
  return shards.length - kept.reduce((sum, load) => sum + load, 0);
}

test('groups differ by one shard at most, and no shard moves without need', () => {
  fc.assert(
    fc.property(owners, gids, (shards, groups) => {
      const after = rebalance(shards, groups);
      const spread = loads(after, groups);

      expect(after.every((gid) => groups.includes(gid))).toBe(true);
      expect(Math.max(...spread) - Math.min(...spread)).toBeLessThanOrEqual(1);
      const moves = after.filter((gid, shard) => gid !== shards[shard]).length;
      expect(moves).toBe(fewestMoves(shards, groups));
    }),
    { numRuns: 500 },
  );
});

test('the answer does not depend on the order of the groups, and is final', () => {
  fc.assert(
    fc.property(owners, gids, (shards, groups) => {
      const after = rebalance(shards, groups);

      expect(rebalance(shards, groups.toReversed())).toEqual(after);
      expect(rebalance(after, groups)).toEqual(after);
    }),
  );
});

test('groups that join get shards and groups that leave lose them; nobody else takes part', () => {
  const first: ShardConfig = { num: 1, shards: Array<number>(12).fill(1), groups: { 1: ['g1'] } };
  const changes = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 8 })), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(changes, (list) => {
      let config = first;
      for (const [joins, gid] of list) {
        const isMember = gid in config.groups;
        if (joins === isMember || Object.keys(config.groups).length - Number(!joins) < 1) continue;
        const next = joins ? joined(config, { [gid]: [`g${gid}`] }) : left(config, [gid]);
        checkConfig(next);
        expect(next.num).toBe(config.num + 1);
        for (const move of movesBetween(config, next)) {
          expect(joins ? move.to : move.from).toBe(gid);
        }
        config = next;
      }
    }),
  );
});

test('ties go to the group with the lowest number, and the last shard of the largest moves', () => {
  expect(rebalance([0, 0, 0, 0], [3, 1, 2])).toEqual([1, 2, 3, 1]);
  expect(rebalance([1, 1, 1, 2, 2, 2], [1, 2, 3])).toEqual([1, 1, 3, 2, 2, 3]);
});

test('a group may join again at new addresses, and keeps its shards', () => {
  const config = { num: 4, shards: [1, 2], groups: { 1: ['a'], 2: ['b'] } };

  expect(joined(config, { 2: ['c'] })).toEqual({
    num: 5,
    shards: [1, 2],
    groups: { 1: ['a'], 2: ['c'] },
  });
});

test('a shard that is moved by hand moves alone', () => {
  const config = { num: 4, shards: [1, 1, 2], groups: { 1: ['a'], 2: ['b'] } };

  expect(moved(config, 0, 2)).toEqual({ ...config, num: 5, shards: [2, 1, 2] });
  expect(movesBetween(config, moved(config, 0, 2))).toEqual([{ shard: 0, from: 1, to: 2 }]);
});

test('without groups there is nowhere to go', () => {
  expect(() => rebalance([1, 1], [])).toThrow('expected at least one group');
});
