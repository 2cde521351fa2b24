import { expect, test } from 'vitest';
import type { StoredSweep } from '../scenarios/report/node-sweep-file.ts';
import { resultsOf } from './resume.ts';

/** As it is found again, with results of these seeds. */
const keptWith = (...seeds: string[]): StoredSweep =>
  ({ path: 'f', results: () => seeds.map((seed) => ({ seed })) }) as unknown as StoredSweep;

test('a sweep goes on with the first of its seeds, in their order, and with no others', () => {
  const range = { prefix: 'x/', first: 1, last: 2 };
  const seedsOf = (...seeds: string[]): unknown =>
    [...resultsOf(keptWith(...seeds), range)].map(({ seed }) => seed);

  expect(seedsOf('x/1')).toEqual(['x/1']);
  expect(seedsOf('x/1', 'x/2')).toEqual(['x/1', 'x/2']);
  expect(() => seedsOf('x/2')).toThrow('f: seed x/2 stands where x/1 should');
  expect(() => seedsOf('x/1', 'x/2', 'x/3')).toThrow('seed x/3 stands where the end should');
});
