import * as v8 from 'node:v8';
import * as vm from 'node:vm';
import { expect, test } from 'vitest';
import { liveRun } from '../testing/live-run.ts';
import { randomSource } from '../testing/random-source.ts';
import * as workloads from '../testing/workloads.ts';
import type { FaultyWorkload } from '../testing/workloads.ts';
import { OnlineChecker } from './online-checker.ts';

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

const GROWTH_MAX_BYTES = 2 ** 20;

/** Heap after all operations less the heap after a tenth of them. */
function heapGrowth<S, I, O>(
  workload: FaultyWorkload<S, I, O>,
  operations: number,
  clients: number,
): number {
  const checker = new OnlineChecker(workload.model);
  const sizes: number[] = [];
  liveRun(workload, checker, { operations, clients }, randomSource(1), (count) => {
    if (count % (operations / 10) === 0) sizes.push(heapBytes());
  });
  expect(checker.finish().verdict).toBe('ok');
  process.stdout.write(`heap, MB: ${sizes.map((size) => (size / 2 ** 20).toFixed(2)).join(' ')}\n`);
  return sizes.at(-1)! - sizes[0]!;
}

test.each([1, 100])('5,000,000 operations on %i keys of versioned KV leave nothing', (keys) => {
  const workload = workloads.versionedKv({ keys, values: 1000 });
  expect(heapGrowth(workload, 5_000_000, 50)).toBeLessThan(GROWTH_MAX_BYTES);
});

test('1,000,000 operations on ten registers leave nothing', () => {
  const workload = workloads.register({ keys: 10, values: 1000 });
  expect(heapGrowth(workload, 1_000_000, 20)).toBeLessThan(GROWTH_MAX_BYTES);
});
