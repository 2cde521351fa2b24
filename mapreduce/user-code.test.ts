import { describe, expect, test } from 'vitest';
import { CrashSignal } from '../sim/index.ts';
import type { Application } from './contract.ts';
import { bucketsOf } from './pairs.ts';
import { badLines } from './records.ts';
import { afterMap, copyable, mapOf, RecordError, reduceOf } from './user-code.ts';

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

  test.each([
    [{ combine: () => 7 }, /combine must give a text, not 7/],
    [{ partition: () => 2 }, /partition\("k", 2\) gave 2, which is no reduce task/],
  ])('%o: the place is that of the map task, and no frame is ours', (parts, why) => {
    const app = { ...untyped([]), ...parts } as unknown as Application;
    const place = (): unknown => bucketsOf([{ key: 'k', value: 'v' }], app, 2);

    expect(() => afterMap(split, place)).toThrow(RecordError);
    expect(() => afterMap(split, place)).toThrow(why);
    expect(() => afterMap(split, place)).toThrow(
      expect.objectContaining({ split, stack: expect.not.stringContaining('    at ') }),
    );
  });

  test('a machine that crashes within the application is no fault of it', async () => {
    const crash = (): never => {
      throw CrashSignal.instance;
    };
    const app: Application = { map: crash, reduce: crash };

    await expect(mapOf(app, split, 'a line')).rejects.toBe(CrashSignal.instance);
    await expect(reduceOf(app, 'k', ['v'])).rejects.toBe(CrashSignal.instance);
    await expect(badLines(app, 'notes.txt', 'a line')).rejects.toBe(CrashSignal.instance);
    const sorted = Promise.resolve().then(() => afterMap(split, crash));
    await expect(sorted).rejects.toBe(CrashSignal.instance);
  });

  test.each(['text', null, undefined, { message: 5 }])('%j may be thrown', async (thrown) => {
    const app: Application = {
      map: () => Promise.reject(thrown),
      reduce: () => '',
    };

    await expect(mapOf(app, split, '')).rejects.toThrow(`map of notes.txt: ${String(thrown)}`);
    await expect(mapOf(app, split, '')).rejects.toBeInstanceOf(RecordError);
  });

  test('lists, what yields, and promises of them are taken', async () => {
    const pairs = [{ key: 'k', value: 'v' }];
    expect(await mapOf(untyped(pairs), split, '')).toEqual(pairs);
    expect(await mapOf(untyped(pairs.values()), split, '')).toEqual(pairs);
    expect(await mapOf(untyped(Promise.resolve(pairs)), split, '')).toEqual(pairs);
    expect(await reduceOf(untyped([], Promise.resolve('r')), 'k', [])).toBe('r');
  });
});

test('an application of a class keeps all that it can do when it is copied', () => {
  class Own {
    #sign = '+';
    map = (): [] => [];
    reduce(_key: string, values: readonly string[]): string {
      return values.join(this.#sign);
    }
    combine(_key: string, values: readonly string[]): string {
      return values.join(this.#sign);
    }
    partition(key: string): number {
      return key.length + this.#sign.length;
    }
  }
  const app = { ...copyable(new Own()) };

  expect([app.reduce('', ['1', '2']), app.combine!('', ['1', '2'])]).toEqual(['1+2', '1+2']);
  expect(app.partition!('ab', 9)).toBe(3);
  expect(copyable({ map: () => [], reduce: () => '' })).not.toHaveProperty('combine');
});
