import { expect, test } from 'vitest';
import { kvServer, serverPorts, serverRules } from '../../kvsrv/index.ts';
import { crashPointsOf, type FaultAction } from '../../sim/index.ts';
import type { Implementation } from '../define/implementation.ts';
import { makePlan } from '../runner/make-plan.ts';
import { nodeHost } from '../runner/node-host.ts';
import { runPlan, type Run, type RunOptions } from '../runner/run-plan.ts';
import { SERVER } from './cluster.ts';
import { kvChaos } from './kv-chaos.ts';

const params = { clients: 2, keys: 2, operations: 6, thinkMs: 5, chaosMs: 500 };

/** A server that saves in a task of its own: its reply may leave before. */
const hasty: Implementation = {
  name: 'saves later',
  evaluate: () => ({
    makeKvServer: kvServer(serverRules, {
      ...serverPorts,
      persist: (env, key, entry) => env.spawn('save', () => serverPorts.persist(env, key, entry)),
    }),
  }),
};

const plan = makePlan(kvChaos, '1', { params, faults: [], profile: 'lab-steady' });

function run(faults: readonly FaultAction[], options: Partial<RunOptions> = {}): Promise<Run> {
  return runPlan(kvChaos, { ...plan, faults }, { host: nodeHost(), ...options });
}

test('a server that saves after its reply passes, but for some of its crash points', async () => {
  const implementation = hasty;
  expect((await run([], { implementation })).result.verdict).toBe('pass');
  const points = await crashPointsOf((recordCalls) => run([], { implementation, recordCalls }), {
    nodes: [SERVER],
    downMs: 30,
  });
  const failed: string[] = [];
  for (const point of points) {
    const { result } = await run([point], { implementation });
    if (result.verdict === 'violation') failed.push(point.id);
  }
  // Of each put that was answered two places: behind its reply, and before its write.
  expect(failed.length).toBeGreaterThanOrEqual(4);
  for (const id of failed) expect(id).toMatch(/after reply|before disk/);
});

test('the server of lab 2 passes a crash at every one of its env calls', async () => {
  const points = await crashPointsOf((recordCalls) => run([], { recordCalls }), {
    nodes: [SERVER],
    downMs: 30,
  });
  const missed: string[] = [];
  for (const point of points) {
    const { result, unmatchedTargets } = await run([point]);
    missed.push(...unmatchedTargets);
    expect([point.id, result.verdict, result.reason]).toEqual([point.id, 'pass', undefined]);
    expect(result.activity['crashes']).toBe(1 - unmatchedTargets.length);
  }
  // In the end the world is healed, and each key is read once more.
  expect(missed).toEqual(points.slice(-4).map(({ id }) => id));
  // A reply for each of 12 operations, before and after, and some writes.
  expect(points.length).toBeGreaterThan(30);
  expect(new Set(points.map(({ id }) => id)).size).toBe(points.length);
});
