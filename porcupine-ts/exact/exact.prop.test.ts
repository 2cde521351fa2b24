/**
 * The exact algorithms against the general search, and on the smaller histories both against the
 * definition.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkOperations } from '../check.ts';
import type { Operation } from '../history/operation.ts';
import { closedLoop } from '../testing/closed-loop.ts';
import { distinct } from '../testing/distinct-values.ts';
import { isLinearizable } from '../testing/oracle.ts';
import { randomSource, type RandomSource } from '../testing/random-source.ts';
import * as workloads from '../testing/workloads.ts';
import type { FaultyWorkload } from '../testing/workloads.ts';

const histories = 2500;

/** What must have come up, or the comparison says little. */
interface Least {
  readonly illegal: number;
  /** Histories that were decided without a single step of search. */
  readonly exact: number;
}

/**
 * Changes what an operation answered: to what another of its kind answered, to half a list or text,
 * to a guess, to nothing known.
 */
function misreport<S, I extends { readonly op: string }, O>(
  workload: FaultyWorkload<S, I, O>,
  history: readonly Operation<I, O>[],
  { input, output }: Operation<I, O>,
  random: RandomSource,
): O | undefined {
  const kind = random.below(10);
  if (kind === 0) return undefined;
  if (kind === 1) return workload.guess(random, input);
  if (kind < 4) return cut(output, random);
  const others = history.filter((other) => other.input.op === input.op && other.output);
  return others.length === 0 ? output : others[random.below(others.length)]!.output;
}

/** The answer without the end of what it contains. */
function cut<O>(output: O, random: RandomSource): O {
  const fields = Object.entries(output as object).map(([name, value]: [string, unknown]) => {
    const keep = (length: number): number => random.below(length + 1);
    if (typeof value === 'string') return [name, value.slice(0, keep(value.length))];
    if (Array.isArray(value)) return [name, value.slice(0, keep(value.length))];
    return [name, value];
  });
  return Object.fromEntries(fields) as O;
}

/** A history of a few operations that was legal and then, mostly, suffered. */
function suspiciousHistory<S, I extends { readonly op: string }, O>(
  workload: FaultyWorkload<S, I, O>,
  random: RandomSource,
): Operation<I, O>[] {
  const size = { operations: 3 + random.below(9), clients: 1 + random.below(5) };
  const legal = closedLoop(workload, { ...size, pendingPercent: 15 }, random);
  const coarse = random.chance(30) ? 4 : 1;
  const wrong = new Set(Array.from({ length: random.below(5) }, () => random.below(legal.length)));
  return legal.map((operation, index) => {
    const call = Math.floor(operation.call / coarse);
    // Of different clients, so that moving a stamp leaves the history well formed.
    const base = { ...operation, clientId: index, call };
    if (operation.return === undefined) return base;
    const end = Math.floor(operation.return / coarse);
    if (!wrong.has(index)) return { ...base, return: end };
    const output = misreport(workload, legal, operation, random);
    return { ...base, return: random.chance(30) ? call : end, output };
  });
}

function agreement<S, I extends { readonly op: string }, O>(
  workloadOf: () => FaultyWorkload<S, I, O>,
  least: Least,
): void {
  const counts = { ok: 0, illegal: 0, unknown: 0, exact: 0 };
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
      const workload = workloadOf();
      const history = suspiciousHistory(workload, randomSource(seed));
      const exact = checkOperations(workload.model, history);
      counts[exact.verdict]++;
      if (exact.steps === 0) counts.exact++;
      const searched = checkOperations(workload.model, history, { algorithm: 'search' });
      expect(exact.verdict).toBe(searched.verdict);
      if (history.length <= 7) {
        expect(exact.verdict).toBe(isLinearizable(workload.model, history) ? 'ok' : 'illegal');
      }
      if (exact.violation !== undefined) expectEvidence(workload, history, exact.violation);
    }),
    { numRuns: histories, seed: 1 },
  );
  expect(counts.unknown).toBe(0);
  expect(counts.illegal).toBeGreaterThan(least.illegal);
  expect(counts.exact).toBeGreaterThan(least.exact);
}

/** The operation to look at is among the evidence, and all of it is of the part it is about. */
function expectEvidence<S, I, O>(
  { model }: FaultyWorkload<S, I, O>,
  history: readonly Operation<I, O>[],
  violation: NonNullable<ReturnType<typeof checkOperations<S, I, O>>['violation']>,
): void {
  const { index, operations, partition, reason } = violation;
  expect(operations).toContain(index);
  expect(new Set(operations).size).toBe(operations.length);
  for (const each of operations) {
    expect(model.partitionKey?.(history[each]!.input)).toBe(partition);
  }
  expect(reason).not.toMatch(/undefined|NaN/);
}

const one = { keys: 1, values: 3 };
const two = { keys: 2, values: 3 };
const value = (nth: number): string => `v${nth}`;
/** Texts of which some begin with others, and some are made of others. */
const overlapping = (nth: number): string =>
  ['a', 'b', 'ab', 'ba', 'c', 'cab', 'd'][nth] ?? `<${nth}>`;
const separate = (nth: number): string => `<${nth}>`;

describe('the exact algorithms agree with the general search', () => {
  test('register', () => {
    agreement(() => distinct(workloads.register(two), value), { illegal: 400, exact: 2300 });
  });
  test('write-once-register', () => {
    agreement(() => workloads.writeOnceRegister(one), { illegal: 450, exact: 2499 });
  });
  test('cas-register', () => {
    agreement(() => distinct(workloads.casRegister(one), value), { illegal: 300, exact: 1400 });
  });
  test('append, of texts that can be told apart', () => {
    agreement(() => distinct(workloads.append(one), separate), { illegal: 500, exact: 2250 });
  });
  test('append, of texts that overlap', () => {
    agreement(() => distinct(workloads.append(one), overlapping), { illegal: 450, exact: 1700 });
  });
  test('append-list', () => {
    agreement(() => distinct(workloads.appendList(one), value), { illegal: 350, exact: 2200 });
  });
  test('log', () => {
    agreement(() => workloads.log(one), { illegal: 500, exact: 2250 });
  });
});
