import { describe, expect, test } from 'vitest';
import type { Span } from '../define/span.ts';
import { timelineText } from './text-timeline.ts';

const span = (row: string, mark: string, fromMs: number, toMs: number): Span => {
  return { row, what: `task ${mark}`, mark, fromMs, toMs };
};

describe('a timeline', () => {
  test('has a line for each row, numbers in their order, and a legend', () => {
    const spans = [span('w10', 'm', 0, 499), span('w2', 'r', 500, 1000), span('w2', 'm', 0, 99)];

    expect(timelineText(spans, 17)).toBe(
      [
        '  w2   m....rrrrr',
        '  w10  mmmmm.....',
        '  m task m',
        '  r task r',
        '  . idle',
        '  (1.000 s in 10 columns)',
      ].join('\n'),
    );
  });

  test('shows what is shorter than a column, and what comes last in one', () => {
    const spans = [span('w', 'a', 0, 0), span('w', 'b', 900, 1000), span('w', 'c', 999, 1000)];

    expect(timelineText(spans, 15).split('\n')[0]).toBe('  w  a........c');
  });

  test('writes labels behind their marks where they have room', () => {
    const labelled = (label: string, fromMs: number, toMs: number): Span => {
      return { ...span('w', '|', fromMs, toMs), label };
    };
    const spans = [labelled('1', 0, 399), labelled('23', 400, 599), labelled('456', 600, 1000)];

    expect(timelineText([labelled('1', 0, 1000)], 15).split('\n')[0]).toBe('  w  |1        ');
    expect(timelineText(spans, 15).split('\n')[0]).toBe('  w  |1  | |456');
  });

  test('shows some of many rows: those with what is rare, beside a few of the others', () => {
    const usual = Array.from({ length: 1700 }, (_, i) => span(`w${i}`, 'm', 0, 10 + i));
    const rare = [3, 900, 1600].map((i) => span(`w${i}`, 'x', 500, 600));
    const some = Array.from({ length: 50 }, (_, i) => span(`w${i * 30}`, 'b', 700, 800));
    const lines = timelineText([...usual, ...rare, ...some], 60).split('\n');
    const rows = lines.filter((line) => line.startsWith('  w'));

    expect(rows).toHaveLength(40);
    expect(rows.filter((line) => line.includes('x'))).toHaveLength(3);
    expect(rows.filter((line) => line.includes('b')).length).toBeGreaterThan(5);
    expect(rows.filter((line) => !/[xb]/.test(line)).length).toBeGreaterThan(5);
    expect(lines.slice(40)).toEqual([
      '  and 1,660 more, with no other marks',
      '  b task b   m task m   x task x   . idle',
      '  (1.709 s in 51 columns)',
    ]);
  });

  test('is no wider than it may be', () => {
    const spans = 'abcdefgh'.split('').map((mark, i) => span(`w${i}`, mark, i, i + 1));

    for (const width of [40, 80, 120]) {
      const lines = timelineText(spans, width).split('\n');
      expect(Math.max(...lines.map(({ length }) => length))).toBe(width);
    }
  });

  test('is empty without spans', () => {
    expect(timelineText([], 80)).toBe('');
  });
});
