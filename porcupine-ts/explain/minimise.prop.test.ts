import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkOperations } from '../check.ts';
import type { Operation } from '../history/operation.ts';
import type { Model } from '../model.ts';
import { closedLoop, type LoopOptions } from '../testing/closed-loop.ts';
import { isLinearizable } from '../testing/oracle.ts';
import { randomSource } from '../testing/random-source.ts';
import * as workloads from '../testing/workloads.ts';
import type { FaultyWorkload } from '../testing/workloads.ts';
import { minimise, type MinimalHistory } from './minimise.ts';

const anySeed = fc.integer({ min: 0, max: 2 ** 31 });
const twoKeys = { keys: 2, values: 3 };

interface Planted<I, O> {
  readonly history: readonly Operation<I, O>[];
  /** Index of the only operation that is not as a correct object would have answered. */
  readonly fault: number;
}

/** A legal history in which one answer was replaced; it may be legal all the same. */
function planted<S, I, O>(
  workload: FaultyWorkload<S, I, O>,
  options: LoopOptions,
  seed: number,
): Planted<I, O> {
  const random = randomSource(seed);
  const legal = closedLoop(workload, options, random);
  const returned = [...legal.keys()].filter((index) => legal[index]!.return !== undefined);
  const fault = returned[random.below(returned.length)] ?? 0;
  const history = legal.map((operation, index) => {
    if (index !== fault || operation.return === undefined) return operation;
    const input = workload.confuse?.(random, operation.input) ?? operation.input;
    return { ...operation, input, output: workload.guess(random, input) };
  });
  return { history, fault };
}

/** The operation when its answer does not count. */
function relaxed<I, O>({ clientId, input, call }: Operation<I, O>): Operation<I, O> {
  return { clientId, input, call };
}

/** Illegal by the definition, whatever the others did; and legal without any one of its answers. */
function expectMinimal<S, I, O>(
  model: Model<S, I, O>,
  history: readonly Operation<I, O>[],
  minimal: MinimalHistory<I, O>,
): void {
  const core = new Set(minimal.core);
  const keeping = (kept: ReadonlySet<number>): Operation<I, O>[] =>
    history.map((operation, index) => (kept.has(index) ? operation : relaxed(operation)));
  expect(minimal.history.length).toBe(minimal.core.length + minimal.relaxed.length);
  expect(isLinearizable(model, minimal.history)).toBe(false);
  expect(isLinearizable(model, keeping(core))).toBe(false);
  for (const index of core) {
    const fewer = new Set(core);
    fewer.delete(index);
    expect(isLinearizable(model, keeping(fewer))).toBe(true);
  }
}

function minimalCores<S, I, O>(workload: FaultyWorkload<S, I, O>): void {
  const { model } = workload;
  let illegal = 0;
  fc.assert(
    fc.property(anySeed, (seed) => {
      const options = { operations: 6, clients: 3, pendingPercent: 10 };
      const { history, fault } = planted(workload, options, seed);
      const { violation } = checkOperations(model, history);
      if (violation === undefined) return;
      illegal++;
      const minimal = minimise(model, history, violation);
      expect(minimal.isMinimal).toBe(true);
      // An operation that was never asked for is wrong with its answer and without.
      if (workload.confuse === undefined) expect(minimal.core).toContain(fault);
      expectMinimal(model, history, minimal);
      expect(minimise(model, history, violation)).toEqual(minimal);
    }),
    { numRuns: 400, seed: 1 },
  );
  expect(illegal).toBeGreaterThan(40);
}

describe('the core is illegal, cannot do without any of its answers, and has the fault', () => {
  test('versioned-kv', () => minimalCores(workloads.versionedKv(twoKeys)));
  test('versioned-kv-lab', () => minimalCores(workloads.versionedKv(twoKeys, 'lab')));
  test('lock', () => minimalCores(workloads.lock(twoKeys)));
  test('register', () => minimalCores(workloads.register(twoKeys)));
  test('cas-register', () => minimalCores(workloads.casRegister(twoKeys)));
  test('append', () => minimalCores(workloads.append(twoKeys)));
  test('write-once-register', () => minimalCores(workloads.writeOnceRegister(twoKeys)));
  test('append-list', () => minimalCores(workloads.appendList(twoKeys)));
  test('log', () => minimalCores(workloads.log(twoKeys)));
  test('set', () => minimalCores(workloads.set(twoKeys)));
  test('queue', () => minimalCores(workloads.queue(twoKeys)));
  test('counter', () => minimalCores(workloads.counter(twoKeys)));
});

test('of hundreds of operations, those that matter are left', () => {
  const workload = workloads.versionedKv({ keys: 3, values: 1000 });
  const { model } = workload;
  const sizes: number[] = [];
  fc.assert(
    fc.property(anySeed, (seed) => {
      const { history, fault } = planted(workload, { operations: 300, clients: 5 }, seed);
      const { violation } = checkOperations(model, history);
      if (violation === undefined) return;
      const { core } = minimise(model, history, violation);
      expect(core).toContain(fault);
      sizes.push(core.length);
    }),
    { numRuns: 30, seed: 1 },
  );
  expect(sizes.length).toBeGreaterThan(15);
  expect(sizes.toSorted((a, b) => a - b)[sizes.length >> 1]).toBeLessThanOrEqual(3);
});

test('a budget that is used up leaves a core that is larger, and says so', () => {
  const workload = workloads.register({ keys: 1, values: 1000 });
  const legal = closedLoop(workload, { operations: 200, clients: 5 }, randomSource(1));
  const last = { clientId: 'last', call: 1e6, return: 1e6, input: { op: 'read', key: 'k0' } };
  const history = [...legal, { ...last, output: { value: 'never written' } } as (typeof legal)[0]];
  const { violation } = checkOperations(workload.model, history);
  const minimal = minimise(workload.model, history, violation!, { maxSteps: 500 });
  expect(minimal.isMinimal).toBe(false);
  expect(minimal.core).toContain(history.length - 1);
  expect(checkOperations(workload.model, minimal.history).verdict).toBe('illegal');
  expect(minimise(workload.model, history, violation!).core).toEqual([history.length - 1]);
});
