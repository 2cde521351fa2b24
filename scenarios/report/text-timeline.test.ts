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
        '  m task m   r task r   . idle   (1.000 s in 10 columns)',
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

  test('is empty without spans', () => {
    expect(timelineText([], 80)).toBe('');
  });
});
