import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJson } from './is-json.ts';

describe('isJson', () => {
  it('is true of whatever came from JSON', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => isJson(value)));
  });

  it('is true of no value that a copy would refuse', () => {
    const refuses = (value: unknown): boolean => {
      try {
        structuredClone(value);
        return false;
      } catch {
        return true;
      }
    };
    const odd = fc.oneof(fc.func(fc.nat()), fc.constant(Symbol('odd')), fc.jsonValue());
    const tree = fc.object({ values: [odd], maxDepth: 3 });
    fc.assert(fc.property(tree, (value) => !(isJson(value) && refuses(value))));
  });

  it('is false of instances and of what has no end', () => {
    const endless: { self?: unknown } = {};
    endless.self = [endless];
    expect(
      [new Map(), new Date(0), endless, [() => 0], { at: Symbol('x') }].map((v) => isJson(v)),
    ).toEqual([false, false, false, false, false]);
  });
});
