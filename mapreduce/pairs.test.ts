import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Application, KeyValue } from './contract.ts';
import { wordCount } from './apps/word-count.ts';
import { bucketsOf, decode, encode, sortedKeys } from './pairs.ts';
import { partitionOf } from './partition.ts';

const pair = fc.record({ key: fc.string(), value: fc.string() });
const pairs = fc.array(pair, { maxLength: 30 });

describe('a file of pairs', () => {
  test('holds what was put in, whatever the characters', () => {
    fc.assert(
      fc.property(pairs, (all) => {
        expect(decode(encode(all))).toEqual(all);
      }),
    );
  });

  test('is refused unless it is whole', () => {
    const cut = fc.tuple(pairs, fc.nat()).map(([all, at]) => {
      const whole = encode(all);
      return whole.slice(0, at % whole.length);
    });
    fc.assert(
      fc.property(cut, (part) => {
        expect(() => decode(part)).toThrow(SyntaxError);
      }),
    );
  });
});

describe('the buckets of a map task', () => {
  const plain: Application = { map: () => [], reduce: () => '' };

  test('hold every pair once, where its key belongs', () => {
    fc.assert(
      fc.property(pairs, fc.integer({ min: 1, max: 7 }), (all, reduces) => {
        const buckets = bucketsOf(all, plain, reduces);
        const text = ({ key, value }: KeyValue): string => JSON.stringify([key, value]);

        expect([...buckets.values()].flat().map(text).toSorted()).toEqual(all.map(text).toSorted());
        for (const [reduce, bucket] of buckets) {
          for (const { key } of bucket) expect(partitionOf(key, reduces)).toBe(reduce);
        }
      }),
    );
  });

  test('keep the order of the values of a key', () => {
    const all = ['1', '2', '3'].map((value) => ({ key: 'k', value }));

    expect([...bucketsOf(all, plain, 3).values()].flat()).toEqual(all);
  });

  test('hold each key once, where the application combines', () => {
    const words = ['a', 'b', 'a', 'a'].map((key) => ({ key, value: '1' }));

    expect(bucketsOf(words, wordCount, 1)).toEqual(
      new Map([
        [
          0,
          [
            { key: 'a', value: '3' },
            { key: 'b', value: '1' },
          ],
        ],
      ]),
    );
  });

  test.each([-1, 2, 0.5])('a partitioner that answers %s is named', (answer) => {
    const app = { ...plain, partition: () => answer };

    expect(() => bucketsOf([{ key: 'k', value: '' }], app, 2)).toThrow(
      `partition("k", 2) gave ${answer}, which is no reduce task`,
    );
  });
});

test('keys are in order by code units', () => {
  const groups = new Map(['b', 'a', 'B', 'é', 'aa', ''].map((key) => [key, ['']]));

  expect(sortedKeys(groups)).toEqual(['', 'B', 'a', 'aa', 'b', 'é']);
});
