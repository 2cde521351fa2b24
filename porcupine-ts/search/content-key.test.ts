import { expect, test } from 'vitest';
import { contentKey } from './content-key.ts';

test('equal content has equal keys, in whatever order it was written', () => {
  expect(contentKey({ a: 1, b: [{ c: null, d: 'x' }] })).toBe(
    contentKey({ b: [{ d: 'x', c: null }], a: 1 }),
  );
});

test('what JSON takes for equal is kept apart', () => {
  const values = [0, -0, Number.NaN, null, undefined, '', '0', 'null', 0n, [], {}, [null], ['']];
  const more = [
    [undefined],
    [[]],
    { a: undefined },
    { a: null },
    ['a', 'b'],
    ['a,b'],
    true,
    'true',
  ];
  const keys = [...values, ...more].map(contentKey);
  expect(new Set(keys).size).toBe(keys.length);
});

test('what has no visible content is refused', () => {
  class Point {
    x = 1;
  }
  for (const opaque of [new Map(), new Set(), new Point(), () => 1, Symbol('s')]) {
    expect(() => contentKey({ deep: [opaque] })).toThrow(TypeError);
  }
});
