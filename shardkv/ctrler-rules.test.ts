import { describe, expect, test } from 'vitest';
import { configText, type ShardConfig } from './config.ts';
import { type Both, ctrlerRules, storedIn } from './ctrler-rules.ts';

/** A configuration of one shard, at group `gid`. */
function config(num: number, gid = 1): ShardConfig {
  return { num, shards: [gid], groups: { 1: ['a'], 2: ['b'] } };
}

const stored = (one: ShardConfig | undefined): Both['next'] => ({ config: one, version: 7 });

function both(current: ShardConfig | undefined, next: ShardConfig | undefined): Both {
  return { current: stored(current), next: stored(next) };
}

describe('a configuration that a controller wants', () => {
  const wanted = config(3);

  test.each([
    { what: 'may be posted', store: both(config(2), config(2)), claim: 'free' },
    { what: 'is the one that is posted', store: both(config(2), wanted), claim: 'posted' },
    { what: 'is the one in force', store: both(wanted, wanted), claim: 'in force' },
    // Whoever reads in between sees an older `next`.
    { what: 'is in force, and read late', store: both(wanted, config(2)), claim: 'in force' },
  ])('$what', ({ store, claim }) => {
    expect(ctrlerRules.claim(wanted, store, false)).toBe(claim);
  });

  test.each([
    { what: 'has a number that another one has in force', store: both(config(3, 2), config(3, 2)) },
    { what: 'has a number that another one is posted with', store: both(config(2), config(3, 2)) },
    { what: 'comes too late', store: both(config(5), config(5)) },
    { what: 'comes too early', store: both(config(1), config(1)) },
  ])('$what: taken, with a reason', ({ store }) => {
    expect(ctrlerRules.claim(wanted, store, false)).toEqual({
      err: 'ErrTaken',
      reason: expect.stringMatching(/configuration \d/) as string,
    });
  });

  test('is honest about what it cannot know: it was put, perhaps, and others have gone on', () => {
    const later = both(config(5), config(5));

    expect(ctrlerRules.claim(wanted, later, true)).toEqual({ err: 'ErrMaybe' });
    // Of the same number it is known who has it.
    const other = both(config(3, 2), config(3, 2));
    expect(ctrlerRules.claim(wanted, other, true)).toMatchObject({ err: 'ErrTaken' });
  });
});

test('what is unfinished is what was posted, and nothing that is in force', () => {
  expect(ctrlerRules.unfinished(both(config(2), config(3)))).toEqual(config(3));
  expect(ctrlerRules.unfinished(both(config(3), config(3)))).toBeUndefined();
  expect(ctrlerRules.unfinished(both(config(4), config(3)))).toBeUndefined();
  expect(ctrlerRules.unfinished(both(undefined, config(1)))).toEqual(config(1));
  expect(ctrlerRules.unfinished(both(undefined, undefined))).toBeUndefined();
});

test('the present configuration never goes back, and is not replaced by one of its number', () => {
  expect(ctrlerRules.mayReplace(undefined, config(1))).toBe(true);
  expect(ctrlerRules.mayReplace(config(2), config(3))).toBe(true);
  expect(ctrlerRules.mayReplace(config(3), config(3, 2))).toBe(false);
  expect(ctrlerRules.mayReplace(config(4), config(3))).toBe(false);
});

test('a group that has seen a newer number is told of by others, not by this change', () => {
  expect([2, 3, 4].map((seen) => ctrlerRules.isSuperseded(3, seen))).toEqual([false, false, true]);
});

test('what the store says is a configuration with its version, or none', () => {
  expect(storedIn({ value: '', version: 0 })).toEqual({ config: undefined, version: 0 });
  expect(storedIn({ value: configText(config(2)), version: 5 })).toEqual({
    config: config(2),
    version: 5,
  });
});
