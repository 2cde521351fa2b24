/** The sort of the paper, small: what it shows must not depend on its size. */
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../define/plan.ts';
import type { RunResult } from '../define/result.ts';
import { runScenario } from '../testing/index.ts';
import { clusterSort } from './cluster-sort.ts';

async function sorted(seed: number, params: JsonObject): Promise<RunResult> {
  const { result } = await runScenario(clusterSort, seed, { params });
  expect(result).toMatchObject({ verdict: 'pass' });
  return result;
}

const seconds = ({ activity }: RunResult): number => activity['job seconds']!;

describe('machines with a bad disk', () => {
  test.each([1, 2, 3])('hold a job up, and backups free it (seed %i)', async (seed) => {
    const size = { workers: 40, maps: 160, reduces: 60, killed: 0 };
    const alone = await sorted(seed, { ...size, slow: 0 });
    const helped = await sorted(seed, { ...size, slow: 2 });
    const held = await sorted(seed, { ...size, slow: 2, backups: false });

    expect(held.activity).toMatchObject({ backups: 0 });
    expect(helped.activity['backups']).toBeGreaterThan(0);
    // Of the time that they cost, backups win half back at least.
    const costs = seconds(held) - seconds(alone);
    expect(costs / seconds(alone)).toBeGreaterThan(0.5);
    expect((seconds(held) - seconds(helped)) / costs).toBeGreaterThan(0.5);
  });
});

test.each([
  ['map', 60_000],
  ['reduce', 140_000],
])('what workers held that die while others %s is made again', async (_what, killAtMs) => {
  const size = { slow: 0, killed: 8, killAtMs };
  const run = await sorted(1, size);
  const undisturbed = await sorted(1, { ...size, killed: 0 });

  expect(run.activity).toMatchObject({ crashes: 8 });
  expect(run.activity['map outputs lost']).toBeGreaterThanOrEqual(8);
  expect(run.activity['maps done again']).toBeGreaterThan(8);
  expect(undisturbed.activity).toMatchObject({ 'map outputs lost': 0, 'done again': 0 });
  expect(seconds(run) / seconds(undisturbed)).toBeLessThan(1.6);
});

test('messages follow the number of tasks, not of map tasks times reduce tasks', async () => {
  const small = await sorted(1, { maps: 300, reduces: 100, killed: 0 });
  const large = await sorted(1, { maps: 1200, reduces: 400, killed: 0 });

  expect(large.events / small.events).toBeLessThan(4.5);
});
