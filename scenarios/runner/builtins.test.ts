import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, test } from 'vitest';
import { Builtins } from './builtins.ts';

function define(object: object, name: string, property: PropertyDescriptor): void {
  Reflect.defineProperty(object, name, { ...property, configurable: true });
}

function change(object: object, name: string): void {
  define(object, name, { value: () => 0 });
}

/** Changes, as code under test might make them, and what undoes those that stay. */
const CHANGES: readonly [path: string, make: () => void][] = [
  ['Array.prototype.push', () => change(Array.prototype, 'push')],
  ['Map.prototype.get', () => change(Map.prototype, 'get')],
  ['JSON.stringify', () => change(JSON, 'stringify')],
  ['Promise.all', () => void Reflect.deleteProperty(Promise, 'all')],
  ['Map.prototype.size', () => define(Map.prototype, 'size', { get: () => 7 })],
];

describe('what everybody shares', () => {
  const before = new Builtins();
  afterEach(() => before.restore());

  test.each(CHANGES)('is told by name when it changes, and put back: %s', (path, make) => {
    make();
    const change = before.change();
    before.restore();

    expect(change).toEqual({ path, isFrozen: false });
    expect(before.change()).toBeUndefined();
  });

  test('is unchanged by what is new, and by how long stacks are', () => {
    const limit = Error.stackTraceLimit;
    define(Array.prototype, 'last', { value: 1 });
    Error.stackTraceLimit = 3;
    try {
      expect(before.change()).toBeUndefined();
    } finally {
      Error.stackTraceLimit = limit;
      Reflect.deleteProperty(Array.prototype, 'last');
    }
  });

  test('also on globalThis, where it can be asked for', () => {
    Reflect.set(globalThis, 'shared', new Map());
    try {
      expect(before.change()).toBeUndefined();
      expect(before.newGlobals()).toContain('shared');
    } finally {
      Reflect.deleteProperty(globalThis, 'shared');
    }
    expect(before.newGlobals()).not.toContain('shared');
  });

  test('is told of when it is frozen, but not if it was from the beginning', () => {
    // In a realm of its own: nobody can undo it.
    const realm = runInNewContext('globalThis') as typeof globalThis;
    const earlier = new Builtins(realm);
    Object.freeze(realm.DataView);

    expect(earlier.change()).toEqual({ path: 'DataView', isFrozen: true });
    expect(new Builtins(realm).change()).toBeUndefined();
  });
});
