import { describe, expect, test } from 'vitest';
import type { Application } from './contract.ts';
import { mapOf, reduceOf } from './user-code.ts';

/** An application of somebody who does not look at types. */
function untyped(map: unknown, reduce?: unknown): Application {
  return { map: () => map, reduce: () => reduce } as unknown as Application;
}

const split = { file: 'notes.txt' };

describe('what an application gives back', () => {
  test.each([
    [5, 'map must give a list of {key, value}, not 5'],
    [undefined, 'map must give a list of {key, value}, not undefined'],
    [[{ key: 'k', value: 1 }], 'of two texts, not {"key":"k","value":1}'],
    [['k'], 'of two texts, not "k"'],
    [[undefined], 'of two texts, not undefined'],
  ])('map: %j is refused by what it is, with the file', async (given, why) => {
    const found = mapOf(untyped(given), split, '');
    await expect(found).rejects.toThrow(/^map of notes\.txt: /);
    await expect(found).rejects.toThrow(why);
  });

  test.each([
    ['k', 5, 'reduce must give a text, not 5'],
    ['k', undefined, 'reduce must give a text, not undefined'],
    ['k', 'two\nlines', 'may have a line end'],
    ['two\nlines', 'v', 'may have a line end'],
  ])('reduce of %j: %j is refused by what it is, with the key', async (key, given, why) => {
    const found = reduceOf(untyped([], given), key, ['v']);
    await expect(found).rejects.toThrow(`reduce of ${JSON.stringify(key)}: `);
    await expect(found).rejects.toThrow(why);
  });

  test('lists, what yields, and promises of them are taken', async () => {
    const pairs = [{ key: 'k', value: 'v' }];
    expect(await mapOf(untyped(pairs), split, '')).toEqual(pairs);
    expect(await mapOf(untyped(pairs.values()), split, '')).toEqual(pairs);
    expect(await mapOf(untyped(Promise.resolve(pairs)), split, '')).toEqual(pairs);
    expect(await reduceOf(untyped([], Promise.resolve('r')), 'k', [])).toBe('r');
  });
});
