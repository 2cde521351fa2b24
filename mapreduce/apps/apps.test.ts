import fc from 'fast-check';
import { expect, test } from 'vitest';
import { grep, invertedIndex, partitionOf, sequential, sort, wordCount } from '../index.ts';

const texts: Readonly<Record<string, string>> = { x: 'b a\nc b\n', y: 'a\na\n' };
const splits = Object.keys(texts).map((file) => ({ file }));

test.each([
  ['word count', wordCount, ['a 3', 'b 2', 'c 1']],
  ['inverted index', invertedIndex, ['a 2 x,y', 'b 1 x', 'c 1 x']],
  ['grep', grep(/^.? ?a$/u), ['a 2', 'b a 1']],
  ['sort', sort([]), ['a 2', 'b a 1', 'c b 1']],
] as const)('%s', async (_name, app, lines) => {
  const found = await sequential(app, splits, ({ file }) => texts[file]!);

  expect(found).toEqual(lines.map((line) => `${line}\n`));
});

test('a sort gives later lines to no earlier reduce task, and like numbers to each', () => {
  const lines = fc.uniqueArray(fc.string(), { minLength: 40, maxLength: 200 });
  fc.assert(
    fc.property(lines, fc.integer({ min: 1, max: 9 }), (all, reduces) => {
      const { partition } = sort(all);
      const places = all.toSorted().map((line) => partition!(line, reduces));
      const sizes = Array.from({ length: reduces }, (_, i) => places.filter((p) => p === i).length);

      expect(places).toEqual(places.toSorted((a, b) => a - b));
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
});

test('a sort without a sample still knows a place for every line', () => {
  expect(sort([]).partition!('a', 5)).toBe(4);
  expect(partitionOf('a', 5)).toBeLessThan(5);
});
