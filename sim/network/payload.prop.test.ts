import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pack } from '../index.ts';

/** Everything that can travel. */
const anyMessage: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  message: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.constantFrom(null, undefined, -0, 0, 128, 2 ** 31, 2 ** 32, -1, '', '0', 0n, 1n),
      fc.bigInt(),
      fc.uint8Array({ maxLength: 8 }),
    ),
    fc.array(tie('message'), { maxLength: 4 }),
    fc.dictionary(
      fc.string({ maxLength: 3 }).filter((key) => key !== '__proto__'),
      tie('message'),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
})).message;

/** Equal as messages: `Object.is` on the leaves, and the order of keys counts. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value instanceof Uint8Array) return `bytes(${value.join()})`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`)
      .join()}}`;
  }
  return `${typeof value} ${Object.is(value, -0) ? '-0' : JSON.stringify(String(value))}`;
}

/** Every object and array within, for finding what two values share. */
function partsOf(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  if (value instanceof Uint8Array) return [value, value.buffer];
  return [value, ...Object.values(value).flatMap(partsOf)];
}

describe('packing', () => {
  test('copies a message faithfully and shares nothing with it', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const { value } = pack(message);
        expect(canonical(value)).toBe(canonical(message));
        const parts = new Set(partsOf(message));
        expect(partsOf(value).filter((part) => parts.has(part))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('hashes equal messages alike, and different ones differently', () => {
    fc.assert(
      fc.property(anyMessage, anyMessage, (a, b) => {
        expect(pack(a).hash).toBe(pack(structuredClone(a)).hash);
        expect(pack(a).bytes).toBe(pack(structuredClone(a)).bytes);
        expect(pack(a).hash === pack(b).hash).toBe(canonical(a) === canonical(b));
      }),
      { numRuns: 1000 },
    );
  });

  test('hashes thousands of similar messages all differently', () => {
    const hashes = new Set<number>();
    const messages: unknown[] = [];
    for (let i = 0; i < 3000; i++) {
      messages.push({ term: i }, { term: String(i) }, [i], [[i]], { term: i, x: 0 }, { t: [i] });
    }
    for (const message of messages) hashes.add(pack(message).hash);
    // By the birthday bound, 18,000 hashes of 32 bits share 0.04 values on average.
    expect(hashes.size).toBeGreaterThanOrEqual(messages.length - 2);
  });

  test.each<[string, unknown, unknown]>([
    ['keys', { a: 1 }, { b: 1 }],
    ['keys and values', { a: 'b' }, { b: 'a' }],
    ['the order of keys', { a: 1, b: 2 }, { b: 2, a: 1 }],
    ['the nesting', [[1], 2], [1, [2]]],
    ['zeros', 0, -0],
    ['text and numbers', '1', 1],
    ['nothing and null', undefined, null],
    ['an absent key', {}, { a: undefined }],
    ['empty lists and objects', [], {}],
    ['bytes and numbers', new Uint8Array([1]), [1]],
    ['where text ends', ['ab', 'c'], ['a', 'bc']],
  ])('tells apart %s', (_, a, b) => {
    expect(pack(a).hash).not.toBe(pack(b).hash);
  });

  test('hashes NaN alike, whatever bits a computation left in it', () => {
    const [bits, zero] = [new Float64Array(1), Number('0')];
    const words = new Uint32Array(bits.buffer);
    words.set([7, 0x7ff80001]);
    const hashes = [Number.NaN, zero / zero, -Number.NaN, Number('x'), bits[0]].map(
      (nan) => pack(nan).hash,
    );
    expect(new Set(hashes).size).toBe(1);
  });

  test('tells where a record ends', () => {
    expect(pack({ a: { b: 1 } }).hash).not.toBe(pack({ a: {}, b: 1 }).hash);
    expect(pack([{ a: 1 }, { b: 1 }]).hash).not.toBe(pack([{ a: 1, b: 1 }, {}]).hash);
  });

  test.each<[unknown, number]>([
    [null, 1],
    [undefined, 1],
    [true, 1],
    [0, 2],
    [127, 2],
    [128, 5],
    [-1, 5],
    [2 ** 31, 9],
    [0.5, 9],
    [Number.NaN, 9],
    ['', 2],
    ['abc', 5],
    ['é', 4],
    ['€', 5],
    ['😀', 6],
    [new Uint8Array(10), 11],
    [[], 1],
    [[1, 2], 5],
    // Begin and end of a record.
    [{}, 2],
    // In between the key (a length byte and one letter) and a number.
    [{ a: 1 }, 6],
  ])('counts the bytes of %j as %d', (value, bytes) => {
    expect(pack(value).bytes).toBe(bytes);
  });

  test('gives a Buffer a copy of its memory, too', () => {
    const buffer = Buffer.from('text');
    const { value } = pack({ buffer });
    buffer[0] = 0;
    expect(value).toEqual({ buffer: new TextEncoder().encode('text') });
  });

  const cycle: Record<string, unknown> = {};
  cycle['self'] = [cycle, cycle];
  class Account {
    readonly balance = 1;
  }
  test.each<[string, unknown, string]>([
    ['a function', () => 1, 'cannot carry a function'],
    ['a function deep inside', { a: [{ b: () => 1 }] }, 'cannot carry a function'],
    ['a symbol', Symbol('s'), 'cannot carry a symbol'],
    ['an instance of a class', new Account(), 'cannot carry a Account; send a plain object'],
    ['an object of another prototype', Object.create({ a: 1 }), 'cannot carry a Object'],
    ['a map', new Map(), 'cannot carry a Map'],
    ['a date', new Date(0), 'cannot carry a Date'],
    ['an error', new TypeError('x'), 'cannot carry a TypeError'],
    ['a promise', Promise.resolve(), 'cannot carry a Promise'],
    ['other typed arrays', new Float64Array(1), 'cannot carry a Float64Array'],
    ['a cycle', cycle, 'nested deeper than 64'],
    ['a key that would set the prototype', JSON.parse('{"__proto__":1}'), 'named __proto__'],
  ])('refuses %s', (_, value, message) => {
    expect(() => pack(value)).toThrow(TypeError);
    expect(() => pack(value)).toThrow(message);
    // A refusal leaves no trace in the next message.
    expect(pack('abc')).toEqual({ value: 'abc', bytes: 5, hash: pack('abc').hash });
  });
});
