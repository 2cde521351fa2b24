import { expect, test } from 'vitest';
import { z } from 'zod';
import type { ReplicatedKvLayers } from '../../kvsrv/index.ts';
import { makeRaft } from '../../raft/index.ts';
import { closedRaft } from '../../raft/testing/closed-raft.ts';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import type { Tester } from '../define/tester.ts';
import { runScenario } from '../testing/run-scenario.ts';
import { addKvServers, replicatedKvLayers, type KvReplicas } from './cluster.ts';
import { PerRun } from './per-run.ts';

type Run = Tester<unknown, ReplicatedKvLayers>;

const GROUPS = ['a', 'b', 'c'];
/** Elections are over by then, in ms. */
const ELECTED_MS = 3000;

/** Three groups in one world, of which each is asked who leads it. */
function threeGroups(script: (t: Run, groups: readonly KvReplicas<unknown>[]) => Promise<void>): {
  readonly scenario: Scenario;
  readonly known: (string | undefined)[];
} {
  const groupsOf: PerRun<readonly KvReplicas<unknown>[]> = new PerRun();
  const known: (string | undefined)[] = [];
  const scenario = defineScenario({
    name: 'test/three-groups',
    description: 'three groups in one world',
    params: z.object({}),
    layers: replicatedKvLayers,
    plan: () => ({ profile: 'lab-reliable' }),
    setup(t: Run) {
      const options = { servers: 3, maxRaftState: -1 };
      const groups = GROUPS.map((group) => addKvServers(t, { ...options, group }));
      groupsOf.set(t, groups);
    },
    async run(t: Run) {
      const groups = groupsOf.of(t);
      await t.sleep(ELECTED_MS);
      await script(t, groups);
      known.push(...groups.map((group) => group.knownLeader()));
    },
  });
  return { scenario, known };
}

test.each([
  { what: 'which shows its state', layers: { makeRaft } },
  { what: 'which is a closed box', layers: { makeRaft: closedRaft(makeRaft) } },
])('a group with a Raft $what knows its own leader, not that of others', async ({ layers }) => {
  const asked: (number | undefined)[] = [];
  const { scenario, known } = threeGroups(async (t, groups) => {
    // One term after the other: what another group's leader says of its term is greater.
    for (let round = 0; round < 3; round++) {
      groups[2]!.shutDown([(await groups[2]!.leader())!]);
      await t.sleep(ELECTED_MS);
    }
    for (const group of groups) asked.push(await group.leader());
  });
  await runScenario(scenario, 1, { layers });

  expect(known).toEqual(GROUPS.map((group, i) => `${group}.s${asked[i]}`));
});

test('a group that is down has no leader, whoever leads the others', async () => {
  const { scenario, known } = threeGroups(async (t, groups) => {
    groups[0]!.shutDown();
    await t.sleep(ELECTED_MS);
  });
  await runScenario(scenario, 1);

  expect(known).toEqual([undefined, expect.stringMatching(/^b\./), expect.stringMatching(/^c\./)]);
});
