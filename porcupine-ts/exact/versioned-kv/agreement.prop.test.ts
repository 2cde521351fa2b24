import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkOperations } from '../../check.ts';
import type { Violation } from '../../check-result.ts';
import { versionedKvLabModel } from '../../models/versioned-kv-lab.ts';
import type {
  VersionedKvInput,
  VersionedKvOperation,
  VersionedKvOutput,
} from '../../models/versioned-kv-operation.ts';
import { versionedKvModel } from '../../models/versioned-kv.ts';
import type { LoopOptions } from '../../testing/closed-loop.ts';
import { isLinearizable } from '../../testing/oracle.ts';
import { randomSource } from '../../testing/random-source.ts';
import { harmedHistory } from '../../testing/versioned-kv-history.ts';

const models = { strict: versionedKvModel, lab: versionedKvLabModel };
/** The brute force tries every order: seven operations are enough for it. */
const ORACLE_MAX = 7;

interface Comparison {
  readonly flavour: 'strict' | 'lab';
  readonly runs: number;
  readonly options: fc.Arbitrary<LoopOptions>;
  /** Budget of the general search; what it leaves undecided is not compared. */
  readonly maxSteps: number;
}

/** Compares, and answers how often the exact algorithm gave which verdict. */
function compare({ flavour, runs, options, maxSteps }: Comparison) {
  const model = models[flavour];
  const exact = { ok: 0, illegal: 0, unknown: 0 };
  const varieties = fc.record({
    flavour: fc.constant(flavour),
    keys: fc.constantFrom(1, 1, 2),
    // The lab's gets tell only the value: with few values the versions cannot be told.
    values: fc.constantFrom(...(flavour === 'strict' ? [2, 3, 50] : [3, 1000, 1e6])),
  });
  fc.assert(
    fc.property(fc.nat(2 ** 31), options, varieties, (seed, loop, variety) => {
      const history = harmedHistory(variety, loop, randomSource(seed));
      const { verdict, steps, violation } = checkOperations(model, history);
      if (violation?.attempt === undefined && violation !== undefined) {
        expectRightPlace(violation, history);
      }
      const searched = checkOperations(model, history, { algorithm: 'search', maxSteps });
      if (searched.verdict === 'unknown') return;
      expect(verdict).toBe(searched.verdict);
      if (history.length <= ORACLE_MAX) {
        expect(verdict).toBe(isLinearizable(model, history) ? 'ok' : 'illegal');
      }
      if (steps === 0) exact[verdict]++;
    }),
    { numRuns: runs, seed: 1 },
  );
  return exact;
}

/** Culprit and evidence are of the key that is illegal, few, and each is named once. */
function expectRightPlace(
  violation: Violation<VersionedKvInput, VersionedKvOutput>,
  history: readonly { readonly input: VersionedKvInput }[],
): void {
  const { index, operations, partition, reason, kind } = violation;
  expect(operations).toContain(index);
  expect(operations.length).toBeLessThanOrEqual(6);
  expect(new Set(operations).size).toBe(operations.length);
  for (const each of operations) expect(history[each]!.input.key).toBe(partition);
  expect(reason).toContain(`key "${partition}"`);
  expect(reason).not.toMatch(/undefined|NaN|null/);
  expect(kind).not.toMatch(/\d/);
}

const loops = (
  operations: [number, number],
  clients: [number, number],
): fc.Arbitrary<LoopOptions> =>
  fc.record({
    operations: fc.integer({ min: operations[0], max: operations[1] }),
    clients: fc.integer({ min: clients[0], max: clients[1] }),
    pendingPercent: fc.constantFrom(0, 0, 10, 30),
  });

describe.each(['strict', 'lab'] as const)('%s: the exact algorithm agrees', (flavour) => {
  test('with the definition and with the search on small histories', () => {
    const options = loops([2, 7], [1, 5]);
    const { ok, illegal } = compare({ flavour, runs: 7000, options, maxSteps: Infinity });
    expect(ok).toBeGreaterThan(3000);
    expect(illegal).toBeGreaterThan(1000);
  });

  test('with the search on histories of a few versions', () => {
    const options = loops([8, 40], [2, 8]);
    const { ok, illegal } = compare({ flavour, runs: 2000, options, maxSteps: 50_000 });
    expect(ok).toBeGreaterThan(600);
    expect(illegal).toBeGreaterThan(200);
  });

  test('with the search on histories of many clients, where that decides', () => {
    const options = loops([200, 2000], [20, 50]).map((loop) => ({ ...loop, pendingPercent: 0 }));
    const { ok, illegal } = compare({ flavour, runs: 80, options, maxSteps: 10_000 });
    expect(ok).toBeGreaterThan(8);
    expect(illegal).toBeGreaterThan(2);
  });
});

/**
 * The history with nothing but the evidence, and the other puts as if they were pending, unless
 * they were refused.
 */
function relaxed(history: readonly VersionedKvOperation[], kept: readonly number[]) {
  return history.flatMap((operation, index) => {
    if (kept.includes(index)) return [operation];
    const { input, call, output } = operation;
    const wrote = input.op === 'put' && output?.err !== 'ErrVersion' && output?.err !== 'ErrNoKey';
    return wrote ? [{ clientId: `other ${index}`, call, input }] : [];
  });
}

test('the evidence alone is illegal, unless several puts may have written a version', () => {
  let proven = 0;
  for (let seed = 0; seed < 3000; seed++) {
    const options = { operations: 5 + (seed % 40), clients: 2 + (seed % 6) };
    const variety = { keys: 1, values: seed % 2 === 0 ? 3 : 50, flavour: 'strict' } as const;
    const history = harmedHistory(variety, options, randomSource(seed));
    const { violation } = checkOperations(versionedKvModel, history);
    if (violation === undefined) continue;
    const { reason, operations } = violation;
    const { verdict } = checkOperations(versionedKvModel, relaxed(history, operations));
    if (verdict === 'illegal') proven++;
    else expect(reason).toContain('may have written');
  }
  expect(proven).toBeGreaterThan(500);
});
