import { expect, test } from 'vitest';
import { worldByHand, type Outcome } from './world-by-hand.ts';

const seenAt = ({ history }: Outcome, node: string): unknown[] =>
  history
    .filter(({ input }) => (input as { readonly from: string }).from === node)
    .map(({ output }) => output);

test('the counters differ while they are cut off, and agree again after it', async () => {
  const outcome = await worldByHand(1);

  expect(outcome.failure).toBeUndefined();
  expect(seenAt(outcome, 'a')).toEqual([1, 2, 3, 4, 5]);
  expect(seenAt(outcome, 'b')).toEqual([1, 1, 1, 4, 5]);
});

test('the trace has each fault, planned or thrown in, and what it did', async () => {
  const { trace } = await worldByHand(1);
  const faults = trace.filter(({ kind }) => kind === 'fault').map(({ text }) => text);

  expect(faults).toEqual(['partition a | b', 'crash b', 'crash a']);
  const lost = trace.filter((r) => r.kind === 'lost' && r.from !== 'client' && r.timeUs < 290_000);
  expect(lost.length).toBeGreaterThan(5);
});

test('a seed is a run', async () => {
  const [first, again, other] = [await worldByHand(1), await worldByHand(1), await worldByHand(2)];

  expect(again).toEqual(first);
  expect(other.digest).not.toBe(first.digest);
});
