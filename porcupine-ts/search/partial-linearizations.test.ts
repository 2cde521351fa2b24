import { expect, test } from 'vitest';
import { buildTimeline } from '../history/timeline.ts';
import { PartialLinearizations } from './partial-linearizations.ts';
import { Prefix } from './prefix.ts';

test('each operation has the longest prefix that was offered while it was in', () => {
  const operations = Array.from({ length: 5 }, (_, clientId) => ({
    clientId,
    call: 0,
    return: 9,
    input: clientId,
  }));
  const prefix = new Prefix(buildTimeline(operations));
  const partials = new PartialLinearizations(operations.length);
  const goTo = (kept: number, ...next: readonly number[]): void => {
    prefix.truncate(kept);
    partials.truncated(kept);
    for (const operation of next) prefix.push(operation);
    partials.offer(prefix);
  };
  goTo(0, 0, 1, 2);
  goTo(1, 3);
  goTo(1, 2, 1, 3);
  goTo(0, 3);
  goTo(0, 4, 1);
  expect(partials.toArrays()).toEqual([
    [0, 2, 1, 3],
    [4, 1],
  ]);
});
