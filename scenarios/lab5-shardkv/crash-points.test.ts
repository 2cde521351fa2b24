import { expect, test } from 'vitest';
import { ctrlerPorts, ctrlerRules, shardCtrler } from '../../shardkv/index.ts';
import { crashPointsOf, type FaultAction } from '../../sim/index.ts';
import type { Implementation } from '../define/implementation.ts';
import { makePlan } from '../runner/make-plan.ts';
import { nodeHost } from '../runner/node-host.ts';
import { runPlan, type Run, type RunOptions } from '../runner/run-plan.ts';
import { ctrlerCrash, DOOMED } from './ctrler-crash.ts';

const plan = makePlan(ctrlerCrash, '1', { faults: [] });

function run(faults: readonly FaultAction[], options: Partial<RunOptions> = {}): Promise<Run> {
  return runPlan(ctrlerCrash, { ...plan, faults }, { host: nodeHost(), ...options });
}

async function allPoints(): Promise<FaultAction[]> {
  return await crashPointsOf((recordCalls) => run([], { recordCalls }), {
    nodes: [DOOMED],
    downMs: 100_000,
  });
}

/** What the runs with each of these came to. */
async function outcomes(
  points: readonly FaultAction[],
): Promise<{ failed: string[]; recoveries: number; crashes: number }> {
  const failed: string[] = [];
  let [recoveries, crashes] = [0, 0];
  for (const point of points) {
    const { result } = await run([point]);
    if (result.verdict !== 'pass') failed.push(`${point.id}: ${result.reason}`);
    recoveries += result.activity['recoveries'] ?? 0;
    crashes += result.activity['crashes'] ?? 0;
  }
  return { failed, recoveries, crashes };
}

test('whatever step a controller crashes at, another one finishes what it has begun', async () => {
  const points = await allPoints();
  const { failed, recoveries, crashes } = await outcomes(points);

  expect(failed).toEqual([]);
  // Six shards that are frozen, installed and deleted, and five requests of the store for each of
  // the two changes; each before and after.
  expect(points.length).toBeGreaterThanOrEqual(2 * (6 * 3 + 2 * 5));
  expect(crashes).toBe(points.length);
  expect(recoveries).toBeGreaterThan(30);
});

test('a controller that deletes before it installs is found out without any crash', async () => {
  const implementation: Implementation = {
    name: 'deletes first',
    evaluate: () => ({
      makeShardCtrler: shardCtrler(ctrlerRules, {
        ...ctrlerPorts,
        async moveOne(_env, move, steps) {
          const state = await steps.freeze(move);
          if (state === undefined) return;
          await steps.delete(move);
          await steps.install(move, state);
        },
      }),
    }),
  };
  const { result } = await run([], { implementation });

  expect([result.verdict, result.check]).toEqual(['violation', 'what is deleted is elsewhere']);
});
