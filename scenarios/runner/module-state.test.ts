import { describe, expect, test } from 'vitest';
import { moduleVariables } from './module-state.ts';

const at = (line: number, column: number): string => `${line}:${column}`;
const names = (bundle: string): string[] => moduleVariables(bundle, at).map(({ name }) => name);

describe('a variable of a module', () => {
  test.each([
    ['is assigned', 'n = 1'],
    ['is added to', 'n += 1'],
    ['is counted up', 'n++'],
    ['is counted down, in front', '--n'],
    ['is set if it is not', 'n ??= 1'],
    ['takes a field', 'n.field = 1'],
    ['takes an element', 'n[i] = 1'],
    ['takes a field of a field', 'n.a.b[0] = 1'],
    ['is pushed to', 'n.push(1)'],
    ['takes a key', 'n.set(k, 1)'],
    ['loses one', 'n.byKey.delete(k)'],
  ])('that %s is told', (_what, change) => {
    expect(names(`var n = [];\nfunction f(i, k) {\n  ${change};\n}`)).toEqual(['n']);
  });

  test.each([
    ['is read', 'return n'],
    ['is compared', 'return n === 1 || n == 2 || n >= 3 || n <= 4 || n !== 5'],
    ['is the name of a field', 'this.n = 1; o.n++'],
    ['is a part of a longer name', 'nn = 1; $n = 2; n2++'],
    ['is asked', 'return n.get(k) + n.has(k) + n.slice(1)'],
    ['is handed to an arrow', 'return (n => 1)'],
  ])('that %s is not', (_what, use) => {
    expect(names(`var n = [];\nfunction f(k, o) {\n  ${use};\n}`)).toEqual([]);
  });

  test('is told with its place, each of several on a line', () => {
    const bundle =
      'var first = 0, second, $third = {};\nlet last = 0;\nlast = $third.x = second++;';

    expect(moduleVariables(bundle, at)).toEqual([
      { name: 'second', where: '1:16' },
      { name: '$third', where: '1:24' },
      { name: 'last', where: '2:5' },
    ]);
  });

  test('inside of a function is none, nor is one that the bundler has made', () => {
    expect(names('function f() {\n  let n = 0;\n  n++;\n}')).toEqual([]);
    expect(moduleVariables('var made = 0;\nmade++;', () => undefined)).toEqual([]);
  });
});
