import { expect, test } from 'vitest';
import { fingerprintOf } from './recorded-files.ts';

test('contents are told apart, also those of one length', () => {
  const contents = ['', 'a 1\nb 2\n', 'a 2\nb 1\n', 'a 1\n'];

  expect(new Set(contents.map(fingerprintOf)).size).toBe(contents.length);
  expect(fingerprintOf('a 1\nb 2\n')).toBe(fingerprintOf(contents[1]!));
});
