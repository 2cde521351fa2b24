import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkOperations } from '../../check.ts';
import type { Violation } from '../../check-result.ts';
import { versionedKvLabModel } from '../../models/versioned-kv-lab.ts';
import type { VersionedKvInput, VersionedKvOutput } from '../../models/versioned-kv-operation.ts';
import { versionedKvModel } from '../../models/versioned-kv.ts';
import type { LoopOptions } from '../../testing/closed-loop.ts';
import { isLinearizable } from '../../testing/oracle.ts';
import { randomSource } from '../../testing/random-source.ts';
import { harmedHistory } from '../../testing/versioned-kv-history.ts';

const models = { strict: versionedKvModel, lab: versionedKvLabModel };
/** The brute force tries every order: seven operations are enough for it. */
const ORACLE_MAX = 7;

interface Agreement {
  readonly flavour: 'strict' | 'lab';
  readonly runs: number;
  readonly options: fc.Arbitrary<LoopOptions>;
  readonly values: fc.Arbitrary<number>;
  readonly maxSteps: number;
}

/** How often each verdict was given by the exact algorithm. */
function agreement({ flavour, runs, options, values, maxSteps }: Agreement) {
  const model = models[flavour];
  const exact = { ok: 0, illegal: 0, unknown: 0 };
  const given = fc.tuple(fc.nat(2 ** 31), options, values, fc.constantFrom(1, 1, 2));
  fc.assert(
    fc.property(given, ([seed, loop, count, keys]) => {
      const variety = { keys, values: count, flavour };
      const history = harmedHistory(variety, loop, randomSource(seed));
      const result = checkOperations(model, history);
      const searched = checkOperations(model, history, { algorithm: 'search', maxSteps });
      if (searched.verdict !== 'unknown') expect(result.verdict).toBe(searched.verdict);
      if (history.length <= ORACLE_MAX) {
        expect(result.verdict).toBe(isLinearizable(model, history) ? 'ok' : 'illegal');
      }
      if (result.steps === 0 && searched.verdict !== 'unknown') exact[result.verdict]++;
      if (result.violation?.attempt === undefined && result.violation !== undefined) {
        expectRightPlace(result.violation, history);
      }
    }),
    { numRuns: runs, seed: 1 },
  );
  return exact;
}

/** Culprit and evidence are of the key that is illegal, few, and each named once. */
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

const few: fc.Arbitrary<LoopOptions> = fc.record({
  operations: fc.integer({ min: 2, max: 7 }),
  clients: fc.integer({ min: 1, max: 5 }),
  pendingPercent: fc.constantFrom(0, 0, 10, 30),
});
const some: fc.Arbitrary<LoopOptions> = fc.record({
  operations: fc.integer({ min: 8, max: 40 }),
  clients: fc.integer({ min: 2, max: 8 }),
  pendingPercent: fc.constantFrom(0, 0, 5),
});

test.each(['strict', 'lab'] as const)(
  '%s: agrees with the definition and the search',
  (flavour) => {
    const values = fc.constantFrom(2, 3, 50, 1000);
    const small = agreement({ flavour, runs: 4000, options: few, values, maxSteps: Infinity });
    console.log(small);
    const larger = agreement({ flavour, runs: 2000, options: some, values, maxSteps: 100_000 });
    console.log(larger);
  },
);
