import { expect, test } from 'vitest';
import { ConfigurationSet } from './configuration-set.ts';

/** Slots 0 and 1 must take effect, 2 and 3 need not. */
const OPTIONAL = Int32Array.of(0b1100);

function contents(set: ConfigurationSet): string[] {
  const mask = new Int32Array(1);
  return Array.from({ length: set.size }, (_, entry) => {
    set.readMask(entry, mask);
    return `${set.stateAt(entry)}:${mask[0]!.toString(2)}`;
  });
}

function setOf(...configurations: readonly (readonly [number, number])[]): ConfigurationSet {
  const set = new ConfigurationSet();
  set.reset(OPTIONAL);
  for (const [state, mask] of configurations) set.add(state, Int32Array.of(mask), 0);
  return set;
}

test('configurations are kept once, in order', () => {
  expect(contents(setOf([5, 0b01], [6, 0b01], [5, 0b01], [5, 0b10]))).toEqual([
    '5:1',
    '6:1',
    '5:10',
  ]);
});

test('fewer optional operations in effect are better, and no others', () => {
  expect(contents(setOf([5, 0b0001], [5, 0b0101], [5, 0b1101]))).toEqual(['5:1']);
  expect(contents(setOf([5, 0b1101], [5, 0b0101], [5, 0b0001]))).toEqual(['5:1']);
  expect(contents(setOf([5, 0b0101], [5, 0b1001]))).toEqual(['5:101', '5:1001']);
  expect(contents(setOf([5, 0b0001], [5, 0b0011]))).toEqual(['5:1', '5:11']);
});

test('an entry that has been dealt with already is not replaced', () => {
  const set = setOf([5, 0b0101]);
  set.add(5, Int32Array.of(0b0001), 1);
  expect(contents(set)).toEqual(['5:101', '5:1']);
});

test('many configurations are all there, and are counted after a new start', () => {
  const set = new ConfigurationSet();
  for (let round = 0; round < 3; round++) {
    set.reset(new Int32Array(2));
    for (let repeat = 0; repeat < 2; repeat++) {
      for (let index = 0; index < 5000; index++) set.add(index % 7, Int32Array.of(index, 1), 0);
    }
    expect(set.size).toBe(5000);
  }
});
