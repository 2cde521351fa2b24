import { expect, test } from 'vitest';
import { liveRun, type LiveOptions } from '../testing/live-run.ts';
import { randomSource } from '../testing/random-source.ts';
import * as workloads from '../testing/workloads.ts';
import type { FaultyWorkload } from '../testing/workloads.ts';
import { OnlineChecker } from './online-checker.ts';

/** The most operations that a checker held at a time; the run must be found correct. */
function mostHeld<S, I, O>(workload: FaultyWorkload<S, I, O>, options: LiveOptions): number {
  const checker = new OnlineChecker(workload.model);
  let most = 0;
  liveRun(workload, checker, options, randomSource(1), () => {
    most = Math.max(most, checker.held);
  });
  expect(checker.finish().verdict).toBe('ok');
  return most;
}

const operations = 200_000;
const clients = 50;

// An operation is held until all that was open when it returned has settled. In these runs the
// slowest call of 50 sees its fellows call some five times.
const perClient = 12;
/** What a key keeps to know its state and to give reasons. */
const perKey = 8;

test.each([1, 100])('versioned KV, %i keys: no more is held than overlaps', (keys) => {
  const workload = workloads.versionedKv({ keys, values: 1000 });
  expect(mostHeld(workload, { operations, clients })).toBeLessThan(
    perClient * clients + perKey * keys,
  );
});

test('versioned KV with abandoned calls: they are held until their version has passed', () => {
  const workload = workloads.versionedKv({ keys: 1, values: 1000 });
  expect(mostHeld(workload, { operations, clients, abandonPercent: 2 })).toBeLessThan(
    perClient * clients + perKey,
  );
});

test('registers: no more is held than overlaps', () => {
  const workload = workloads.register({ keys: 10, values: 1000 });
  expect(mostHeld(workload, { operations: 50_000, clients: 20 })).toBeLessThan(perClient * 20);
});
