import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PartResult, Violation } from '../check-result.ts';
import { replay } from '../certify.ts';
import { checkOperations } from '../check.ts';
import { ModelError } from '../model-error.ts';
import type { Model } from '../model.ts';
import type { RegisterInput, RegisterOutput } from '../models/register.ts';
import { isPending, type Operation } from '../history/operation.ts';
import { partitionHistory } from '../history/partition.ts';
import { buildTimeline } from '../history/timeline.ts';
import { closedLoop } from '../testing/closed-loop.ts';
import { isLinearizable } from '../testing/oracle.ts';
import { randomSource, type RandomSource } from '../testing/random-source.ts';
import * as workloads from '../testing/workloads.ts';
import type { FaultyWorkload } from '../testing/workloads.ts';
import { MemoryBudget } from './memory-budget.ts';
import { PartitionSearch } from './partition-search.ts';

const histories = 3500;
/** Of these at least so many must be illegal, and as many legal, or the comparison says little. */
const eachVerdictMin = histories / 7;

const varieties: readonly workloads.Variety[] = [
  { keys: 1, values: 2 },
  { keys: 2, values: 3 },
];

/**
 * A history of up to 7 operations, and some left open, that was legal and then, mostly, suffered:
 * an answer was replaced, a return was moved, stamps were made equal, an operation was attributed
 * to another owner.
 */
function suspiciousHistory<S, I, O>(
  workload: FaultyWorkload<S, I, O>,
  random: RandomSource,
): Operation<I, O>[] {
  const legal = closedLoop(
    workload,
    {
      operations: 3 + random.below(5),
      clients: 1 + random.below(4),
      pendingPercent: [10, 20, 50][random.below(3)]!,
    },
    random,
  );
  const coarse = random.chance(30) ? 4 : 1;
  const wrong = random.chance(85) ? random.below(legal.length) : -1;
  return legal.map((operation, index) => {
    const call = Math.floor(operation.call / coarse);
    // Of different clients, so that moving a stamp leaves the history well formed.
    const base = { ...operation, clientId: index, call };
    if (operation.return === undefined) return base;
    const end = Math.floor(operation.return / coarse);
    if (index !== wrong) return { ...base, return: end };
    const early = random.chance(50) ? call : end;
    const input = workload.confuse?.(random, operation.input) ?? operation.input;
    return { ...base, input, return: early, output: workload.guess(random, input) };
  });
}

/** Was none of the operations called after one behind it, or one left out, had returned? */
function respectsRealTime(
  order: readonly Operation<unknown, unknown>[],
  left: readonly Operation<unknown, unknown>[] = [],
): boolean {
  return order.every(({ call }, place) =>
    [...order.slice(place + 1), ...left].every((later) => (later.return ?? Infinity) >= call),
  );
}

/** Each part's order is legal, respects real time, and lacks no operation that returned. */
function expectWitness<S, I, O>(
  model: Model<S, I, O>,
  history: readonly Operation<I, O>[],
  linearization: readonly (readonly number[])[],
): void {
  const placed = linearization.flat();
  expect(new Set(placed).size).toBe(placed.length);
  expect(history.every((each, index) => isPending(each) || placed.includes(index))).toBe(true);
  for (const order of linearization) {
    const operations = order.map((index) => history[index]!);
    replay(model, operations, [...operations.keys()]);
    expect(respectsRealTime(operations)).toBe(true);
  }
}

/**
 * The operations that returned up to this one cannot be put in order; without it they can, unless
 * the model knows dead states. Those that were open may be used, with the answers they gave.
 */
function expectFirstBreak<S, I, O>(
  model: Model<S, I, O>,
  history: readonly Operation<I, O>[],
  { operation, partition, attempt }: Violation<I, O>,
): void {
  const { prefix, candidates } = attempt!;
  const placed = prefix.map((index) => history[index]!);
  replay(model, placed, [...placed.keys()]);
  expect(placed).not.toContain(operation);
  for (const candidate of candidates) {
    const next = [...placed, history[candidate]!];
    expect(() => replay(model, next, [...next.keys()])).toThrow(ModelError);
  }
  const instant = operation.return!;
  const part = history.filter(({ input }) => model.partitionKey?.(input) === partition);
  // Which of several returns at one stamp comes first is not told.
  const isAlone = part.filter(({ return: end }) => end === instant).length === 1;
  const until = (last: number): Operation<I, O>[] =>
    part
      .filter(({ call }) => call <= instant)
      .map((each) => ((each.return ?? Infinity) <= last ? each : { ...each, return: undefined }));
  expect(isLinearizable(model, until(instant))).toBe(false);
  if (model.deadStates !== undefined) return;
  expect(part.every((each) => !(each.return! < instant) || placed.includes(each))).toBe(true);
  if (isAlone) expect(isLinearizable(model, until(instant - 0.5))).toBe(true);
}

/** Each is legal and respects real time, left out operations included; none is there twice. */
function expectPartialLinearizations<S, I, O>(
  model: Model<S, I, O>,
  history: readonly Operation<I, O>[],
  { verdict, operations, partialLinearizations }: PartResult<I, O>,
): void {
  expect(new Set(partialLinearizations.map(String)).size).toBe(partialLinearizations.length);
  for (const order of partialLinearizations) {
    replay(model, history, order);
    const left = operations
      .filter((index) => !order.includes(index))
      .map((index) => history[index]!);
    expect(
      respectsRealTime(
        order.map((index) => history[index]!),
        left,
      ),
    ).toBe(true);
    if (verdict === 'ok') expect(left.every(isPending)).toBe(true);
    // It is there for an operation of which no longer one is known.
    const isLongestOf = (index: number): boolean =>
      partialLinearizations.find((other) => other.includes(index)) === order;
    expect(order.length === 0 || order.some(isLongestOf)).toBe(true);
  }
  expect(partialLinearizations.length).toBeLessThanOrEqual(operations.length);
}

/** Each part by a search that takes the operations that look the same together from the start. */
function searchClasses<S, I, O>(
  model: Model<S, I, O>,
  history: readonly Operation<I, O>[],
): 'ok' | 'illegal' {
  const parts = partitionHistory(model, history, buildTimeline(history));
  const outcomes = parts.map((part) =>
    new PartitionSearch(model, part, new MemoryBudget(), { stepsUnclassified: 0 }).advance(
      Infinity,
    ),
  );
  return outcomes.every((outcome) => outcome === 'ok') ? 'ok' : 'illegal';
}

function agreement<S, I, O>(
  workloadOf: (variety: workloads.Variety) => FaultyWorkload<S, I, O>,
): void {
  const counts = { ok: 0, illegal: 0, unknown: 0 };
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.constantFrom(...varieties), (seed, v) => {
      const { model, ...workload } = workloadOf(v);
      const history = suspiciousHistory({ model, ...workload }, randomSource(seed));
      const expected = isLinearizable(model, history) ? 'ok' : 'illegal';
      const verbose = seed % 4 === 0;
      const result = checkOperations(model, history, { algorithm: 'search', verbose });
      const { verdict, linearization, violation } = result;
      counts[verdict]++;
      expect(verdict).toBe(expected);
      expect(searchClasses(model, history)).toBe(expected);
      if (linearization !== undefined) expectWitness(model, history, linearization);
      if (violation !== undefined) expectFirstBreak(model, history, violation);
      for (const part of result.parts ?? []) expectPartialLinearizations(model, history, part);
      if (model.deadStates === undefined) return;
      const { deadStates: _, ...blind } = model;
      const unaided = checkOperations(blind, history, { algorithm: 'search' });
      expect(unaided.verdict).toBe(expected);
      if (unaided.violation !== undefined) expectFirstBreak(blind, history, unaided.violation);
    }),
    { numRuns: histories, seed: 1 },
  );
  expect(counts.unknown).toBe(0);
  expect(counts.ok).toBeGreaterThan(eachVerdictMin);
  expect(counts.illegal).toBeGreaterThan(eachVerdictMin);
}

test('operations that hold slots and do nothing change no verdict', () => {
  const workload = workloads.register({ keys: 1, values: 2 });
  const idle = (count: number, call: number): Operation<RegisterInput, RegisterOutput>[] =>
    Array.from({ length: count }, (_, index) => ({
      clientId: `idle ${call} ${index}`,
      call,
      input: { op: 'read', key: 'k0' },
    }));
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 ** 31 }),
      fc.constantFrom(28, 31, 60, 64, 92),
      fc.nat(20),
      (seed, count, call) => {
        const history = suspiciousHistory(workload, randomSource(seed));
        const { verdict } = checkOperations(workload.model, [...history, ...idle(count, call)]);
        expect(verdict).toBe(isLinearizable(workload.model, history) ? 'ok' : 'illegal');
      },
    ),
    { numRuns: 1000, seed: 1 },
  );
});

describe('the search agrees with the definition of linearizability', () => {
  test('versioned-kv', () => agreement((v) => workloads.versionedKv(v)));
  test('versioned-kv-lab', () => agreement((v) => workloads.versionedKv(v, 'lab')));
  test('lock', () => agreement(workloads.lock));
  test('register', () => agreement(workloads.register));
  test('cas-register', () => agreement(workloads.casRegister));
  test('append', () => agreement(workloads.append));
  test('write-once-register', () => agreement(workloads.writeOnceRegister));
  test('append-list', () => agreement(workloads.appendList));
  test('log', () => agreement(workloads.log));
  test('set', () => agreement(workloads.set));
  test('queue', () => agreement(workloads.queue));
  test('counter', () => agreement(workloads.counter));
});
