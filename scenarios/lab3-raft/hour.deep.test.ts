import { expect, test } from 'vitest';
import { raftOf, raftPorts, type RaftPorts, raftRules } from '../../raft/index.ts';
import type { JsonObject } from '../define/plan.ts';
import type { RunResult } from '../define/result.ts';
import { makePlan } from '../runner/make-plan.ts';
import { nodeHost } from '../runner/node-host.ts';
import { collectedHeapBytes } from '../runner/node-target.ts';
import { runPlan } from '../runner/run-plan.ts';
import { hour } from './hour.ts';

/** A run whose heap is measured, as the command does it. */
async function measured(seed: string, params: JsonObject, layers?: object): Promise<RunResult> {
  const { result } = await runPlan(hour, makePlan(hour, seed, { params }), {
    host: nodeHost(),
    implementation: { name: 'this test', evaluate: () => layers ?? {} },
    heapBytes: collectedHeapBytes,
  });
  return result;
}

// Networks and disks of all kinds are among them.
test.each(['1', '2', '3', '4', '5', '6'])(
  'an hour, seed %s',
  { timeout: 600_000 },
  async (seed) => {
    const startedAt = performance.now();
    const result = await measured(seed, {});
    const seconds = (performance.now() - startedAt) / 1000;
    const { operations, events, activity } = result;
    process.stdout.write(
      `seed ${seed}: ${operations} operations, ${events} events in ${seconds.toFixed(1)} s\n` +
        `  ${JSON.stringify(activity)}\n`,
    );

    expect(result.reason).toBeUndefined();
    expect(operations).toBeGreaterThan(300_000);
    expect(activity['heap bytes per operation']).toBeGreaterThan(100);
  },
);

test('a Raft that keeps what it has applied is found out by the heap', async () => {
  const kept: unknown[] = [];
  const apply: RaftPorts['apply'] = (env, hand, message) => {
    // For each of five servers, together more than twice of what a run may keep.
    kept.push(Array.from({ length: 100 }, () => message.index));
    raftPorts.apply(env, hand, message);
  };
  const layers = { makeRaft: raftOf({ rules: raftRules, ports: { ...raftPorts, apply } }) };
  const result = await measured('1', { minutes: 10 }, layers);

  expect(result.check).toBe('bound on the heap');
  expect(kept.length).toBeGreaterThan(0);
});
