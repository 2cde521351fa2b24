import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Chunks } from './chunks.ts';

/** All chunks, if each takes so many ms, a seed. */
function cut(seeds: readonly string[], msEach: (done: number) => number): string[][] {
  const chunks = new Chunks(seeds);
  const all: string[][] = [];
  let done = 0;
  for (const chunk of chunks) {
    all.push([...chunk]);
    done += chunk.length;
    chunks.took(chunk.length * msEach(done), chunk.length);
  }
  return all;
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i));

test('every seed is in one chunk, in its place, whatever each takes', () =>
  fc.assert(
    fc.property(fc.nat(2000), fc.array(fc.nat(500), { minLength: 1 }), (count, times) => {
      const seeds = numbered(count);
      const chunks = cut(seeds, (done) => times[done % times.length]!);
      expect(chunks.flat()).toEqual(seeds);
      expect(chunks.every((chunk) => chunk.length > 0)).toBe(true);
    }),
  ));

test('the first chunk is one seed, and chunks of short runs grow until they are worth it', () => {
  const sizes = cut(numbered(200), () => 2).map((chunk) => chunk.length);
  expect(sizes).toEqual([1, 2, 4, 8, 16, 32, 50, 50, 37]);
});

test('seeds that take long are handed out one at a time', () => {
  expect(cut(numbered(5), () => 300).map((chunk) => chunk.length)).toEqual([1, 1, 1, 1, 1]);
});

test('no seed is begun in a chunk that is not asked for', () => {
  let begun = 0;
  function* counted(): Iterable<string> {
    for (const seed of numbered(100)) {
      begun++;
      yield seed;
    }
  }
  const chunks = new Chunks(counted());
  for (const chunk of chunks) {
    chunks.took(1, chunk.length);
    if (begun >= 7) break;
  }
  expect(begun).toBe(7);
});
