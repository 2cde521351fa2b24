import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { RaftLayers } from '../../raft/index.ts';
import { defineScenario } from '../define/scenario.ts';
import type { Tester } from '../define/tester.ts';
import { runScenario } from '../testing/run-scenario.ts';
import { Official } from './assertions.ts';
import { agreeOnAll, raftChaos } from './chaos.ts';
import { Cluster, clusterOf, raftLayers } from './cluster.ts';

const applied = (cluster: Cluster<unknown>): number[] =>
  [...cluster.ids.keys()].map((i) => cluster.server(i)?.service.lastApplied ?? 0);

/** Wait until some server alone has applied an index. @returns that server */
async function firstToApply(t: Tester<unknown, RaftLayers>, index: number): Promise<number> {
  const cluster = clusterOf(t);
  while (Math.max(...applied(cluster)) < index) await t.sleep(1);
  expect(applied(cluster).filter((each) => each >= index)).toHaveLength(1);
  return applied(cluster).findIndex((each) => each >= index);
}

test('another command follows if the leader goes before all have the last one', async () => {
  const ends: { readonly took: number; readonly commands: readonly string[] }[] = [];
  const scenario = defineScenario({
    name: 'test/agree-on-all',
    description: 'a leader is cut off between its commit and its next heartbeat',
    params: z.object({}),
    layers: raftLayers,
    plan: () => ({ profile: 'lab-reliable-long-delays' }),
    setup: (t) => Cluster.build(t, { servers: 3 }),
    async run(t) {
      const cluster = clusterOf(t);
      const last = await new Official(cluster).one('first', 3, true);
      const begunAt = t.world.now();
      const agreed = agreeOnAll(t);
      // It has committed, which the others do not know; nor can the next leader commit it, for its
      // term is over (§5.4.2).
      const leader = await firstToApply(t, last + 1);
      cluster.crash(leader);
      await t.sleep(1000);
      cluster.restart(leader);
      await agreed;
      expect(new Set(applied(cluster)).size).toBe(1);
      ends.push({ took: t.world.now() - begunAt, commands: cluster.chosen.commands });
    },
  });
  const { result } = await runScenario(scenario, 1);

  expect(result).toMatchObject({ verdict: 'pass', activity: { leaders: 2 } });
  expect(ends).toHaveLength(1);
  expect(ends[0]!.commands).toEqual(['', '"first"', '"the end"', '"the end"']);
  // So long it has waited for the first of the two.
  expect(ends[0]!.took).toBeGreaterThan(4000);
});

describe('clients of a chaos scenario', () => {
  const scenario = raftChaos(3);

  test.each([
    { params: { thinkMs: 5000 } },
    { params: { thinkMs: 3_600_000, operations: 3 } },
    { params: { operations: 300 } },
  ])('clients are done in time, however much they mean to do: $params', async ({ params }) => {
    for (const seed of [1, 2, 3]) {
      const { verdict, reason } = (await runScenario(scenario, seed, { params })).result;

      expect([verdict, reason]).toEqual(['pass', undefined]);
    }
  });

  test('who has no time to agree is told who is not done', async () => {
    const { result } = await runScenario(scenario, 1, {
      params: { chaosMs: 1000, convergeMs: 10 },
    });

    expect(result).toMatchObject({ check: 'all servers agree once the world has healed' });
    expect(result.reason).toMatch(
      /^10 ms after healing they have applied: s0 \d+, s1 \d+, s2 \d+; not finished: c\d/,
    );
  });
});
