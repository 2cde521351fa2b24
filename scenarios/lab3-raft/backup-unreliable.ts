import { z } from 'zod';
import type { Tester } from '../define/tester.ts';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import { Official } from './assertions.ts';
import { Cluster, clusterOf, raftLayers } from './cluster.ts';

const SERVERS = 5;

/** Commands of each of the two histories, one of which is wrong. */
const PILE = 1500;

/**
 * Official `TestBackup3B` lets a leader pass over 50 wrong entries, on a network without latency:
 * one at a time is as good there as all at once. Here they are 1,500, and a round trip on the
 * unreliable network takes 14 ms on average: one index a round trip takes 20 s, one term a round
 * trip a fraction of a second. The bound is the official one, agreement within 10 s.
 */
export const backupUnreliable: Scenario = defineScenario({
  name: 'raft/backup-unreliable',
  lab: 3,
  description:
    'a new leader backs up over 1,500 wrong entries, where each round trip takes its time',
  layers: raftLayers,
  params: z.object({}),
  plan: () => ({ profile: 'lab-unreliable-long-delays' }),
  setup: (t) => Cluster.build(t, { servers: SERVERS }),
  run: backUp,
});

async function backUp(t: Tester<unknown, typeof raftLayers>): Promise<void> {
  const cluster = clusterOf(t);
  const official = new Official(cluster);
  const pile = async (leader: number): Promise<void> => {
    for (let i = 0; i < PILE; i++) await cluster.start(leader, official.command());
  };
  await official.one(official.command(), SERVERS, true);
  // A leader and a follower of it, with commands that nobody else will see.
  const first = await official.checkOneLeader();
  const [follower, ...others] = [1, 2, 3, 4].map((offset) => (first + offset) % SERVERS);
  for (const i of others) cluster.disconnect(i);
  await pile(first);
  await t.sleep(1000);
  for (const i of [first, follower!]) cluster.disconnect(i);
  // The others have commands of their own, which are committed.
  for (const i of others) cluster.connect(i);
  const second = await official.checkOneLeader();
  await pile(second);
  await official.one(official.command(), others.length, true);
  // One of them will lead, whose guess is that the logs of all are as long as its own.
  cluster.disconnect(second);
  for (const i of [first, follower!]) cluster.connect(i);
  await official.checkOneLeader();
  await official.one(official.command(), SERVERS - 1, true);
}
