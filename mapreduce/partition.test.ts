import fc from 'fast-check';
import { expect, test } from 'vitest';
import { partitionOf } from './partition.ts';

const ALL = 0x80000000;

test.each([
  ['', 0x811c9dc5],
  ['a', 0xe40c292c],
  ['b', 0xe70c2de5],
  ['foo', 0xa9f37ed7],
  ['foobar', 0xbf9cf968],
])('the hash of "%s" is the published one of FNV-1a, without its sign', (key, hash) => {
  expect(partitionOf(key, ALL)).toBe(hash & 0x7fffffff);
});

test('the hash is over the bytes of the UTF-8 of a key, whatever its characters', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'ß', 'ж', '€', '汉', '😀', '\0') });
  fc.assert(
    fc.property(text, (key) => {
      let hash = 0x811c9dc5n;
      for (const byte of new TextEncoder().encode(key)) {
        hash = ((hash ^ BigInt(byte)) * 0x01000193n) & 0xffffffffn;
      }
      expect(partitionOf(key, ALL)).toBe(Number(hash & 0x7fffffffn));
    }),
  );
});

test('a key has one reduce task, of those there are', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 4000 }), (key, reduces) => {
      expect(partitionOf(key, reduces)).toBe(partitionOf(key, ALL) % reduces);
    }),
  );
});
