import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Operation } from '../history/operation.ts';
import { buildTimeline } from '../history/timeline.ts';
import { closedLoop } from '../testing/closed-loop.ts';
import { isLinearizable } from '../testing/oracle.ts';
import { randomSource } from '../testing/random-source.ts';
import * as workloads from '../testing/workloads.ts';
import type { FaultyWorkload } from '../testing/workloads.ts';
import { searchRelaxed } from './relaxed-search.ts';

const histories = 1000;
const oneKey = { keys: 1, values: 3 };

/** A short history of one key with many operations that never return, and a doubtful answer. */
function doubtful<S, I, O>(workload: FaultyWorkload<S, I, O>, seed: number): Operation<I, O>[] {
  const random = randomSource(seed);
  const options = { operations: 4 + random.below(4), clients: 3, pendingPercent: 40 };
  const legal = closedLoop(workload, options, random);
  const wrong = random.below(legal.length);
  return legal.map((operation, index) => {
    if (index !== wrong || operation.return === undefined) return operation;
    const input = workload.confuse?.(random, operation.input) ?? operation.input;
    return { ...operation, input, output: workload.guess(random, input) };
  });
}

function agreement<S, I, O>(workload: FaultyWorkload<S, I, O>): void {
  let illegal = 0;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
      const operations = doubtful(workload, seed);
      const timeline = buildTimeline(operations);
      const part = { key: '', operations, indices: Int32Array.from(operations.keys()), timeline };
      const { isIllegal } = searchRelaxed(workload.model, part, Infinity);
      if (isIllegal) illegal++;
      expect(isIllegal).toBe(!isLinearizable(workload.model, operations));
    }),
    { numRuns: histories, seed: 1 },
  );
  expect(illegal).toBeGreaterThan(histories / 20);
}

describe('with many pending operations, the search agrees with the definition', () => {
  test('versioned-kv', () => agreement(workloads.versionedKv(oneKey)));
  test('lock', () => agreement(workloads.lock(oneKey)));
  test('register', () => agreement(workloads.register(oneKey)));
  test('cas-register', () => agreement(workloads.casRegister(oneKey)));
  test('append', () => agreement(workloads.append(oneKey)));
});
