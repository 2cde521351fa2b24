import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readInput } from './node-input.ts';

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'faultlab-input-'))));
afterAll(() => rmSync(folder, { recursive: true }));

test('pieces of a file that meet have every line once, wherever they meet', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'ß', '😀', '\n', ' '), maxLength: 60 });
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 120 }), { maxLength: 6 });
  fc.assert(
    fc.property(text, cuts, (content, places) => {
      const file = join(folder, 'text');
      writeFileSync(file, content);
      const edges = [0, ...places.toSorted((a, b) => a - b), 1000];
      const pieces = edges.slice(1).map((to, i) => readInput(file, edges[i]!, to));

      expect(pieces.join('')).toBe(content);
      // None but the last one of those that have something ends without its newline.
      const whole = pieces.filter((piece) => piece !== '').slice(0, -1);
      for (const piece of whole) expect(piece).toMatch(/\n$/);
    }),
  );
});

test('a line that is longer than what is read at a time is in one piece', () => {
  const file = join(folder, 'long');
  const line = 'x'.repeat(300_000);
  writeFileSync(file, `a\n${line}\nb\n`);

  expect(readInput(file, 0, 10)).toBe(`a\n${line}\n`);
  expect(readInput(file, 10, 20)).toBe('');
  expect(readInput(file, 20, 999_999)).toBe('b\n');
});

test('a piece of an endless line ends where it should', () => {
  const file = join(folder, 'endless');
  writeFileSync(file, 'a\n');
  // It has no content: whoever reads it all reads for minutes.
  truncateSync(file, 2 ** 36);

  expect(readInput(file, 1_000_000, 2_000_000)).toBe('');
});

test.each([
  ['zero', Buffer.from('ab\ncd\0\n'), 'there is a zero byte at 5'],
  ['latin', Buffer.from('ab\ncd\nl\u00f6we\n', 'latin1'), 'the line at byte 6 is no UTF-8'],
  ['cut', Buffer.from('ab\ncd\nl\u00f6').subarray(0, 8), 'the line at byte 6 is no UTF-8'],
])('%s: what is no text is refused, with its place in the file', (name, bytes, why) => {
  const file = join(folder, name);
  writeFileSync(file, bytes);

  expect(readInput(file, 0, 3)).toBe('ab\n');
  expect(() => readInput(file, 3, 100)).toThrow(why);
});

test('a file that is not there is named', () => {
  expect(() => readInput(join(folder, 'none'), 0, 1)).toThrow(/none/);
});
