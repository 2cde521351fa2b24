import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packNumbers, packTexts, Texts, unpackNumbers } from './packed.ts';
import { PageFile, writePage } from './page-file.ts';

describe('the data of a page', () => {
  test('give back whole numbers as they were', () => {
    const numbers = fc.array(fc.integer({ min: -(2 ** 50), max: 2 ** 50 }));
    fc.assert(
      fc.property(numbers, (values) => {
        const bytes = packNumbers(values);
        expect([...unpackNumbers(bytes, new Float64Array(values.length))]).toEqual(values);
      }),
    );
  });

  test('give back texts', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (texts) => {
        const read = new Texts(packTexts(texts));
        expect(texts.map((_text, i) => read.at(i))).toEqual(texts);
        expect(read.at(texts.length)).toBe('');
      }),
    );
  });

  const page = writePage(
    { kind: 'run', faultlab: '1.2.3', about: { a: ['ö', 1] } },
    { one: Uint8Array.of(1, 2, 3), none: new Uint8Array(0), two: packTexts(['x', '']) },
  );

  test('give back their parts', () => {
    const file = new PageFile(page);
    expect([file.kind, file.faultlab, file.about]).toEqual(['run', '1.2.3', { a: ['ö', 1] }]);
    expect([...file.section('one')]).toEqual([1, 2, 3]);
    expect(file.section('none')).toHaveLength(0);
    expect(new Texts(file.section('two')).at(0)).toBe('x');
  });

  test('that are cut off anywhere are refused in words', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: page.length - 1 }), (length) => {
        expect(() => new PageFile(page.slice(0, length))).toThrow(/page is|cut off|not that of/);
      }),
    );
  });

  test('with other bytes in a column are refused', () => {
    const bytes = packNumbers([1, 2, 3]);
    expect(() => unpackNumbers(bytes, new Uint32Array(4))).toThrow(/shorter/);
    expect(() => unpackNumbers(bytes, new Uint32Array(2))).toThrow(/longer/);
  });

  test('of a newer Faultlab say so', () => {
    const text = new TextDecoder('latin1').decode(page).replace('"format":1', '"format":7');
    const newer = Uint8Array.from(text, (char) => char.charCodeAt(0));
    expect(() => new PageFile(newer)).toThrow(/format 7, written by Faultlab 1\.2\.3/);
  });
});
