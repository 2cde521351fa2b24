import { expect, test } from 'vitest';
import { BASE, baseContent, readStateFiles, snapshotOn } from './state-files.ts';

const whole = baseContent({ state: '', snapshot: 'a snapshot', first: 3 });

/** A disk with one file. */
const holding = (content: unknown): { list(): string[]; read(file: string): unknown } => ({
  list: () => [BASE],
  read: (file) => (file === BASE ? content : undefined),
});

test.each([
  ['as it was written', whole, 'a snapshot'],
  ['a damaged one as it is', whole.replace('a snap', 'b snap'), 'b snapshot'],
  ['none, if there is none', undefined, undefined],
  ['none, of a state without one', baseContent({ state: '', first: 0 }), undefined],
  ['none, of what nobody could read', whole.slice(0, 20), undefined],
])('the snapshot on a disk is %s', (_, content, snapshot) => {
  expect(snapshotOn(holding(content))).toBe(snapshot);
});

test('whether it is sound is for the server to judge, which does', () => {
  expect(readStateFiles(holding(whole)).base.snapshot).toBe('a snapshot');
  const damaged = holding(whole.replace('a snap', 'b snap'));
  expect(() => readStateFiles(damaged)).toThrow('it does not match its checksum');
});
