import { expect, test } from 'vitest';
import type { Operation } from '../history/operation.ts';
import type { Part } from '../history/partition.ts';
import { buildTimeline } from '../history/timeline.ts';
import { ILLEGAL, type Model } from '../model.ts';
import { counterModel } from '../models/counter.ts';
import { searchRelaxed } from './relaxed-search.ts';

const partOf = <I, O>(operations: readonly Operation<I, O>[]): Part<I, O> => ({
  key: '',
  operations,
  indices: Int32Array.from(operations.keys()),
  timeline: buildTimeline(operations),
});

/** The model, and how often it was asked. */
function counting<S, I, O>(model: Model<S, I, O>): { model: Model<S, I, O>; asked: () => number } {
  let count = 0;
  const step: typeof model.step = (state, input, output) => {
    count++;
    return model.step(state, input, output);
  };
  return { model: { ...model, step }, asked: () => count };
}

test('work that the model has no part in counts as steps: the many candidates', () => {
  const adds = Array.from({ length: 1000 }, (_, index) => {
    return { clientId: index, call: 0, return: 1, input: { op: 'add', delta: 1 } as const };
  });
  const { model, asked } = counting(counterModel);
  // Half a million pairs of a return and an operation that is open at it.
  expect(searchRelaxed(model, partOf(adds), 7000)).toEqual({ isIllegal: false, steps: 7000 });
  expect(asked()).toBe(0);
  searchRelaxed(model, partOf(adds), 9000);
  expect(asked()).toBeGreaterThan(0);
});

test('and the pending operations that were used, and the texts of states', () => {
  const text: Model<string, string, string> = {
    name: 'text',
    init: () => '',
    step: (state, input) => state + input,
  };
  const askedWithin = (word: string): number => {
    const calls = Array.from({ length: 500 }, (_, index) => {
      return { clientId: index, call: 0, input: word };
    });
    const last = { clientId: 'last', call: 1, return: 2, input: 'b', output: '' };
    const { model, asked } = counting({
      ...text,
      step: (state, input, output) =>
        output === undefined ? text.step(state, input, output) : ILLEGAL,
    });
    searchRelaxed(model, partOf<string, string>([...calls, last]), 2000);
    return asked();
  };
  // Where nothing else counts, each of the 500 calls is used once.
  expect(askedWithin('a')).toBeGreaterThan(200);
  expect(askedWithin('a'.repeat(1000))).toBeLessThan(100);
});
