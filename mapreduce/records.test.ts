import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadRecords } from './bad-records.ts';
import type { Application } from './contract.ts';
import { badLines, bytesOf, linesOf, offsetOf, withoutLines } from './records.ts';
import { sequential } from './sequential.ts';

const content = fc.array(fc.string({ unit: 'grapheme' })).map((lines) => lines.join('\n'));

/** Throws on every line that says so. */
const picky: Application = {
  *map(_file, text) {
    for (const line of text.split('\n')) {
      if (line.includes('bad')) throw new Error(line);
      if (line !== '') yield { key: line, value: '1' };
    }
  },
  reduce(key, values) {
    if (key === 'worse') throw new Error(key);
    return String(values.length);
  },
};

describe('the lines of a piece of input', () => {
  test('are all of it, and begin where those before them end', () => {
    fc.assert(
      fc.property(content, (text) => {
        const lines = linesOf(text);
        expect(lines.join('')).toBe(text);
        expect(withoutLines(text, [])).toBe(text);
        expect(bytesOf(text)).toBe(Buffer.byteLength(text));
        for (const i of lines.keys()) {
          const before = Buffer.byteLength(lines.slice(0, i).join(''));
          expect(offsetOf(text, i)).toBe(before);
          expect(withoutLines(text, [i])).toBe(lines.toSpliced(i, 1).join(''));
        }
      }),
    );
  });

  test('are tried one by one, however late a map throws', async () => {
    const text = 'a\nbad 1\nb\nbad 2\n';

    expect(await badLines(picky, 'f', text)).toEqual([1, 3]);
    expect(await badLines(picky, 'f', text, [1])).toEqual([3]);
    expect(await badLines(picky, 'f', text, [1, 3])).toEqual([]);
  });
});

test('the oracle leaves out what a job leaves out', async () => {
  const text = 'a\nbad 1\nworse\nb\na\n';
  const run = (skips: boolean): Promise<string[]> =>
    sequential(picky, [{ file: 'f' }], () => text, skips);

  expect(await run(true)).toEqual(['a 2\n', 'b 1\n']);
  await expect(run(false)).rejects.toThrow('bad 1');
});

test('the oracle leaves out no line of a piece that a map bears as a whole', async () => {
  const headed: Application = {
    map(_file, text) {
      if (!text.startsWith('head')) throw new Error('no head');
      return [{ key: String(text.length), value: '' }];
    },
    reduce: () => '1',
  };

  expect(await sequential(headed, [{ file: 'f' }], () => 'head\nb\n', true)).toEqual(['7 1\n']);
});

test('a record is skipped once two attempts have failed on it, of its own task only', () => {
  const bad = new BadRecords();
  const gasp = (task: number, attempt: number, record: number): void => {
    bad.tell({ kind: 'map', task, attempt, records: [record] });
  };
  gasp(3, 1, 7);
  // The same message, a second time.
  gasp(3, 1, 7);
  gasp(3, 2, 8);
  expect(bad.of('map', 3)).toEqual([]);

  gasp(3, 4, 7);
  expect(bad.of('map', 3)).toEqual([7]);
  expect([bad.of('map', 4), bad.of('reduce', 3)]).toEqual([[], []]);
  expect(bad.skipped).toBe(1);
});
