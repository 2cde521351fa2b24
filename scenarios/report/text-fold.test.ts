import { expect, test } from 'vitest';
import { byName } from './by-name.ts';
import { clean, fold, padded, widthOf } from './text-fold.ts';

test.each<[string, number, number, string[]]>([
  ['short', 10, 3, ['short']],
  ['', 10, 3, ['']],
  ['one two three', 8, 3, ['one two', '  three']],
  ['one two three four', 8, 2, ['one two', '  thr...']],
  ['abcdefghijklmno', 8, 3, ['abcdefgh', '  ijklmn', '  o']],
  ['a bcdefghijklmno', 8, 3, ['a bcdefg', '  hijklm', '  no']],
  ['no abcdef', 8, 3, ['no', '  abcdef']],
  ['in two\nlines', 40, 3, ['in two\\nlines']],
  ['世界世界世界', 8, 3, ['世界世界', '  世界']],
])('%j in %i columns', (text, width, maxLines, lines) => {
  expect(fold(text, width, maxLines)).toEqual(lines);
});

test('no limit to the lines keeps all of a long text', () => {
  const text = 'x'.repeat(100_000);
  const lines = fold(text, 50);
  expect(lines.map((line) => line.trimStart()).join('')).toBe(text);
});

test('what would move the cursor or turn the text around is spelled out', () => {
  expect(clean('a\u001b[31mb\t\r\u202ec\ud800')).toBe('a\\u001b[31mb\\u0009\\u000d\\u202ec\\ud800');
  expect(clean('\u{e0041}')).toBe('\\U000e0041');
});

test('wide letters take two columns', () => {
  expect(widthOf('ab世🎉')).toBe(6);
  expect(padded('世', 4)).toBe('世  ');
  expect(padded('long', 2)).toBe('long');
});

test('names are ordered as people do', () => {
  const names = ['tester', 'n10', 'n2', 'c1', 'n2a', 'n', 'server', '10', '9'];
  expect(names.toSorted(byName)).toEqual([
    '9',
    '10',
    'c1',
    'n',
    'n2',
    'n2a',
    'n10',
    'server',
    'tester',
  ]);
});
