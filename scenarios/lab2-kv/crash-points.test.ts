import { expect, test } from 'vitest';
import { crashPointsOf, type CallRecorder } from '../../sim/index.ts';
import { makePlan } from '../runner/make-plan.ts';
import { nodeHost } from '../runner/node-host.ts';
import { runPlan, type Run } from '../runner/run-plan.ts';
import { SERVER } from './cluster.ts';
import { kvChaos } from './kv-chaos.ts';

const params = { clients: 2, keys: 2, operations: 6, thinkMs: 5, chaosMs: 500 };

test('the server of lab 2 passes a crash at every one of its env calls', async () => {
  const plan = makePlan(kvChaos, '1', { params, faults: [], profile: 'lab-steady' });
  const run = (faults = plan.faults, recordCalls?: CallRecorder): Promise<Run> =>
    runPlan(kvChaos, { ...plan, faults }, { host: nodeHost(), recordCalls });

  const points = await crashPointsOf((record) => run([], record), { nodes: [SERVER], downMs: 30 });
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
