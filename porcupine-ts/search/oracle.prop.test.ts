import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Violation } from '../check-result.ts';
import { checkOperations } from '../check.ts';
import { ModelError } from '../model-error.ts';
import type { Model } from '../model.ts';
import type { RegisterInput, RegisterOutput } from '../models/register.ts';
import type { Operation } from '../history/operation.ts';
import { closedLoop } from '../testing/closed-loop.ts';
import { isLinearizable } from '../testing/oracle.ts';
import { randomSource, type RandomSource } from '../testing/random-source.ts';
import * as workloads from '../testing/workloads.ts';
import type { FaultyWorkload } from '../testing/workloads.ts';
import { replay } from './witness.ts';

const histories = 2500;
/** Of these at least so many must be illegal, and as many legal, or the comparison says little. */
const eachVerdictMin = histories / 5;

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
    { operations: 3 + random.below(5), clients: 1 + random.below(4), pendingPercent: 20 },
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

/** Each part's order is legal, respects real time, and lacks no operation that returned. */
function expectWitness<S, I, O>(
  model: Model<S, I, O>,
  history: readonly Operation<I, O>[],
  linearization: readonly (readonly number[])[],
): void {
  const placed = linearization.flat();
  expect(new Set(placed).size).toBe(placed.length);
  history.forEach(({ return: end }, index) => {
    if (end !== undefined) expect(placed).toContain(index);
  });
  for (const order of linearization) {
    const operations = order.map((index) => history[index]!);
    replay(model, operations, [...operations.keys()]);
    operations.forEach(({ call }, place) => {
      for (const later of operations.slice(place)) {
        expect(later.return ?? Infinity).toBeGreaterThanOrEqual(call);
      }
    });
  }
}

/**
 * The operations that returned before this one can be put in order, and with it they cannot; those
 * that were open may be used, with the answers they gave.
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
  for (const each of part) if (each.return! < instant) expect(placed).toContain(each);
  // Which of several returns at one stamp comes first is not told.
  if (part.filter(({ return: end }) => end === instant).length > 1) return;
  const until = (last: number): Operation<I, O>[] =>
    part
      .filter(({ call }) => call <= instant)
      .map((each) => ((each.return ?? Infinity) <= last ? each : { ...each, return: undefined }));
  expect(isLinearizable(model, until(instant))).toBe(false);
  expect(isLinearizable(model, until(instant - 0.5))).toBe(true);
}

function agreement<S, I, O>(
  workloadOf: (variety: workloads.Variety) => FaultyWorkload<S, I, O>,
): void {
  const counts = { ok: 0, illegal: 0, unknown: 0 };
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.constantFrom(...varieties), (seed, v) => {
      const workload = workloadOf(v);
      const history = suspiciousHistory(workload, randomSource(seed));
      const { verdict, linearization, violation } = checkOperations(workload.model, history, {
        algorithm: 'search',
      });
      counts[verdict]++;
      expect(verdict).toBe(isLinearizable(workload.model, history) ? 'ok' : 'illegal');
      if (linearization !== undefined) expectWitness(workload.model, history, linearization);
      if (violation !== undefined) expectFirstBreak(workload.model, history, violation);
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
