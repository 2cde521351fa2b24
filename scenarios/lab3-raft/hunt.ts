import { z } from 'zod';
import { phaseFields, settableMs } from '../define/phases.ts';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import { viewField } from '../define/view-field.ts';
import { Adversary } from './adversary.ts';
import { drawAppends, drawWorld } from './chaos-plan.ts';
import { logIsLinearizable, throughChaos } from './chaos.ts';
import { Cluster, clusterOf, raftLayers } from './cluster.ts';
import { ADVERSARY, drawRounds, round } from './hunt-plan.ts';

/** Networks that lose little: the adversary needs its elections. */
const PROFILES = ['lab-reliable-long-delays', 'lan'] as const;

/** A cluster of so many servers in the hands of an {@link Adversary}. */
export function raftHunt(servers: number): Scenario {
  return defineScenario({
    name: `raft/hunt-${servers}`,
    lab: 3,
    description: `${servers} servers led from one bare majority to the next; then all agree`,
    params: z.object({
      servers: z.int().min(3).max(9).default(servers).describe('number of servers'),
      clients: z.int().min(0).max(50).default(2).describe('number of clients'),
      operations: z.int().min(1).max(10_000).default(20).describe('commands of each client'),
      thinkMs: settableMs(0, 1000, 'longest pause between two commands'),
      snapshotEvery: z.int().min(0).default(7).describe('entries between snapshots; 0 = none'),
      applyMs: settableMs(0, 3, 'longest time of the service for one entry'),
      pumpMs: settableMs(0, 0, 'longest pause between commands to all who believe to lead'),
      view: viewField,
      ...phaseFields,
      warmUpMs: settableMs(0, 800, 'time before the first round'),
      chaosMs: settableMs(1, 20_000, 'length of the faulty phase'),
    }),
    layers: raftLayers,
    checks: [logIsLinearizable],
    atLeast: { rounds: 10, leaders: 5, truncations: 1, operations: 10 },
    probes: [
      { name: 'a snapshot was installed', within: 20 },
      { name: 'a server crashed', within: 5 },
      { name: 'an entry was overwritten', within: 10 },
    ],
    sizes: ['servers'],
    selectors: { leader: (t) => clusterOf(t).leader() },
    plan: (stream, params) => ({
      ...drawWorld(stream, PROFILES, 'persister'),
      clients: [...drawAppends(stream, params), drawRounds(stream, params.servers, params.chaosMs)],
    }),
    setup(t) {
      const { servers: count, snapshotEvery, applyMs, view } = t.params;
      Cluster.build(t, {
        servers: count,
        snapshotEvery: snapshotEvery === 0 ? undefined : snapshotEvery,
        applyMs,
        view,
      });
    },
    async run(t) {
      const { warmUpMs, chaosMs } = t.params;
      const workers = t.clients.filter(({ id }) => id !== ADVERSARY);
      const rounds = t.clients
        .filter(({ id }) => id === ADVERSARY)
        .flatMap((client) => t.intentsOf(client, round));
      const hunt = async (): Promise<void> => {
        await t.sleep(warmUpMs);
        await new Adversary(t, warmUpMs + chaosMs).carryOut(rounds);
      };
      await Promise.all([hunt(), throughChaos(t, undefined, workers)]);
    },
  });
}
