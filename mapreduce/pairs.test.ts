import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Application, KeyValue } from './contract.ts';
import { wordCount } from './apps/word-count.ts';
import { addTo, bucketsOf, decodeInto, encode, sortedKeys, type Groups } from './pairs.ts';
import { partitionOf } from './partition.ts';

const pair = fc.record({ key: fc.string(), value: fc.string() });
const pairs = fc.array(pair, { maxLength: 30 });

function grouped(all: readonly KeyValue[]): Groups {
  const groups: Groups = new Map();
  for (const { key, value } of all) addTo(groups, key, value);
  return groups;
}

function decoded(...contents: string[]): Groups {
  const groups: Groups = new Map();
  for (const content of contents) decodeInto(groups, content);
  return groups;
}

describe('a file of pairs', () => {
  test('holds what was put in, whatever the characters', () => {
    fc.assert(
      fc.property(pairs, (all) => {
        expect(decoded(encode(grouped(all)))).toEqual(grouped(all));
      }),
    );
  });

  test('adds to what others held, and shares nothing with it', () => {
    const files = [
      encode([['a', ['1']]]),
      encode([
        ['b', ['2']],
        ['a', ['3', '4']],
      ]),
    ];

    expect(decoded(...files)).toEqual(
      new Map([
        ['a', ['1', '3', '4']],
        ['b', ['2']],
      ]),
    );
  });

  test('is refused unless it is whole', () => {
    const cut = fc.tuple(pairs, fc.nat()).map(([all, at]) => {
      const whole = encode(grouped(all));
      return whole.slice(0, at % whole.length);
    });
    fc.assert(
      fc.property(cut, (part) => {
        expect(() => decoded(part)).toThrow(SyntaxError);
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

        expect(new Map([...buckets.values()].flatMap((bucket) => [...bucket]))).toEqual(
          grouped(all),
        );
        for (const [reduce, bucket] of buckets) {
          for (const key of bucket.keys()) expect(partitionOf(key, reduces)).toBe(reduce);
        }
      }),
    );
  });

  test('keep the order of the values of a key', () => {
    const all = ['1', '2', '3'].map((value) => ({ key: 'k', value }));

    expect([...bucketsOf(all, plain, 3).values()]).toEqual([new Map([['k', ['1', '2', '3']]])]);
  });

  test('hold one value of each key, where the application combines', () => {
    const words = ['a', 'b', 'a', 'a'].map((key) => ({ key, value: '1' }));
    const counts = new Map([
      ['a', ['3']],
      ['b', ['1']],
    ]);

    expect(bucketsOf(words, wordCount, 1)).toEqual(new Map([[0, counts]]));
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
