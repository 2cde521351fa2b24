import { describe, expect, test } from 'vitest';
import { UsageError } from './errors.ts';
import { seedsIn } from '../scenarios/define/seed-range.ts';
import { parseDuration, randomSeed, seedRange, type SeedOptions } from './seeds.ts';
import { targetSpec } from './target-spec.ts';

describe('which seeds a sweep runs', () => {
  test.each<[SeedOptions, string[]]>([
    [{ seeds: '3..6' }, ['3', '4', '5', '6']],
    [{ seeds: '7' }, ['7']],
    [{ seeds: '0..1' }, ['0', '1']],
    [{ seeds: '4f2c/9..10' }, ['4f2c/9', '4f2c/10']],
    [{ seeds: 'a/b/1' }, ['a/b/1']],
    [{ count: '3' }, ['1', '2', '3']],
  ])('%j', (options, seeds) => {
    expect([...seedsIn(seedRange(options))]).toEqual(seeds);
  });

  test('a hundred, if nothing is said; without end, if a time is given', () => {
    expect([...seedsIn(seedRange({}))]).toHaveLength(100);
    expect(seedRange({ duration: '60s' })).toMatchObject({ first: 1, last: 100_000_000 });
    expect(seedRange({ duration: '60s', count: '5' })).toMatchObject({ last: 5 });
  });

  test('fresh ones have a prefix that nobody has used', () => {
    const [first, second] = [...seedsIn(seedRange({ fresh: true, count: '2' }))];

    expect(first).toMatch(/^[0-9a-f]{8}\/1$/);
    expect(second?.split('/')[0]).toBe(first?.split('/')[0]);
    expect(randomSeed()).not.toBe(randomSeed());
  });

  test.each<[SeedOptions, RegExp]>([
    [{ seeds: '6..3' }, /--seeds: 3 is before 6/],
    [{ seeds: 'abc' }, /--seeds: expected .*, not "abc"/],
    [{ seeds: '1,2' }, /--seeds: expected/],
    [{ seeds: '1..' }, /--seeds: expected/],
    [{ seeds: '-3..3' }, /--seeds: expected/],
    [{ seeds: '1..999999999999' }, /more than 100000000 seeds/],
    [{ seeds: '9007199254740990..9007199254740995' }, /9007199254740995 is too large a number/],
    [{ count: '100000001' }, /--count: 100000001 is more than 100000000/],
    [{ seeds: '1..2', count: '2' }, /--seeds and --count exclude each other/],
    [{ count: '0' }, /--count: expected a whole number from 1, not "0"/],
    [{ count: '1.5' }, /--count: expected/],
    [{ count: 'x' }, /--count: expected/],
  ])('%j is refused', (options, message) => {
    expect(() => [...seedsIn(seedRange(options))]).toThrow(UsageError);
    expect(() => [...seedsIn(seedRange(options))]).toThrow(message);
  });
});

describe('durations', () => {
  test.each([
    ['500ms', 500],
    ['60s', 60_000],
    ['1.5m', 90_000],
    ['1h', 3_600_000],
  ])('%s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(['5', 's', '-1s', '5 s', '', '0s'])('%j is refused', (text) => {
    expect(() => parseDuration(text)).toThrow(/--duration: /);
  });
});

describe('what runs, as the options say it', () => {
  test.each([
    ['clients=3', { clients: 3 }],
    ['fast=true', { fast: true }],
    ['name=abc', { name: 'abc' }],
    ['name="3"', { name: '3' }],
    ['text=a=b', { text: 'a=b' }],
    ['list=[1,2]', { list: [1, 2] }],
    ['empty=', { empty: '' }],
  ])('--set %s', (pair, params) => {
    expect(targetSpec('s', { set: [pair] }).overrides.params).toEqual(params);
  });

  test('the last --set of a param wins', () => {
    expect(targetSpec('s', { set: ['a=1', 'a=2'] }).overrides.params).toEqual({ a: 2 });
  });

  test.each(['clients', '=3', ''])('--set %j is refused', (pair) => {
    expect(() => targetSpec('s', { set: [pair] })).toThrow(/--set: expected key=value, not/);
  });

  test('--faults none means no faults; nothing said means the drawn ones', () => {
    expect(targetSpec('s', { faults: 'none' }).overrides.faults).toEqual([]);
    expect(targetSpec('s', {}).overrides.faults).toBeUndefined();
    expect(() => targetSpec('s', { faults: 'no-such.json' })).toThrow(/no-such\.json: cannot be/);
  });

  test('an implementation and a specimen at once are refused', () => {
    expect(() => targetSpec('s', { impl: 'a.ts', specimen: 'KV1' })).toThrow(/exclude each other/);
  });
});
