import { describe, expect, test } from 'vitest';
import { checkConfig, configText, InvalidConfig, parseConfig, shardOf } from './config.ts';

const good = { num: 1, shards: [1, 2, 1], groups: { 1: ['a'], 2: ['b'] } };

describe('a configuration is refused with a reason', () => {
  test.each([
    [
      { ...good, shards: [1, 3, 1] },
      'configuration 1: shard 1 belongs to group 3, which is missing',
    ],
    [{ ...good, shards: [1, 2, 0] }, 'configuration 1: shard 2 has no owner'],
    // oxlint-disable-next-line no-sparse-arrays
    [{ ...good, shards: [1, , 2] as number[] }, 'configuration 1: shard 1 has no owner'],
    [{ ...good, shards: [] }, 'configuration 1: it has no shards'],
    [{ ...good, num: 0 }, 'configuration 0: its number must be a whole one, 1 or more'],
    [{ ...good, num: 1.5 }, 'configuration 1.5: its number must be a whole one, 1 or more'],
    [{ ...good, groups: { 1: ['a'], 2: [] } }, 'configuration 1: group 2 has no servers'],
    [{ ...good, groups: { ...good.groups, [-1]: ['c'] } }, '-1 is no number of a group'],
  ])('%j', (config, reason) => {
    expect(() => checkConfig(config)).toThrow(InvalidConfig);
    expect(() => checkConfig(config)).toThrow(reason);
  });

  test('and a good one is not', () => {
    expect(() => checkConfig(good)).not.toThrow();
  });
});

test('equal configurations are equal texts, in whatever order groups were added', () => {
  const other = { num: 1, shards: [1, 2, 1], groups: { 2: ['b'], 1: ['a'] } };

  expect(configText(other)).toBe(configText(good));
  expect(parseConfig(configText(good))).toEqual(good);
});

// From the definition of FNV-1a with 32 bits.
test.each([
  ['a', 0xe40c292c],
  ['foobar', 0xbf9cf968],
  // One byte, and two.
  ['\u{e9}', 0x6c0b6c44],
  ['\u{141}', 0x6bd584b7],
])('the shard of %s is its FNV-1a hash modulo the number of shards', (key, hash) => {
  expect(shardOf(key, 12)).toBe(hash % 12);
  expect(shardOf(key, 1000)).toBe(hash % 1000);
});

test('keys spread over all shards', () => {
  const shards = new Set(Array.from({ length: 60 }, (_, i) => shardOf(`k${i}`, 12)));

  expect(shards.size).toBe(12);
});
