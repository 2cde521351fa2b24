import { z } from 'zod';
import { damagesDisks, type FaultAction } from '../../sim/index.ts';
import { settableMs, type Phases } from '../define/phases.ts';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import type { Plan } from '../define/plan.ts';
import type { Probe } from '../define/check.ts';
import type { Tester } from '../define/tester.ts';
import { drawAppends } from './chaos-plan.ts';
import { logIsLinearizable, throughChaos } from './chaos.ts';
import { Cluster, clusterOf, raftLayers } from './cluster.ts';
import {
  budgetOf,
  drawEverything,
  type EverythingParams,
  everythingFields,
  storageOf,
  zoneOf,
} from './everything-plan.ts';
import { Supervisor, supervisorOf } from './supervisor.ts';

function has(kinds: RegExp): (plan: Plan) => boolean {
  return ({ faults }) => faults.some(({ kind }) => kinds.test(kind));
}

/** Does a fault hit a whole zone, and nobody else? */
function isOutage({ id }: FaultAction): boolean {
  return id.startsWith('outage');
}

const REFUSED: Probe = {
  name: 'a server refused to start',
  within: 20,
  when: ({ faults }) => faults.some(({ kind }) => damagesDisks(kind)),
};

/** What a sweep under all faults of the world must have seen. */
export const everythingProbes: readonly Probe[] = [
  { name: 'a server crashed', within: 5, when: has(/^crash$/) },
  { name: 'a server ended because its disk failed', within: 10, when: has(/^disk-(error|full)$/) },
  REFUSED,
  { name: 'a whole zone was down', within: 5, when: ({ faults }) => faults.some(isOutage) },
  { name: 'a snapshot was installed', within: 20 },
  { name: 'an entry was overwritten', within: 20 },
];

/** Networks that lose so much that their loss is a fault like others. */
const FAULTY = ['vopr', 'jepsen'];

/** Let the network heal with all else: to be called when a run begins, and not awaited. */
export async function healNetwork(t: Tester<Phases, unknown>): Promise<void> {
  const { warmUpMs, chaosMs, safetyOnly } = t.params;
  await t.sleep(warmUpMs + chaosMs);
  if (!safetyOnly && FAULTY.includes(t.plan.profile)) t.world.network.setProfile('lan');
}

/** Tell which of the rare faults a run has seen. */
export function tellFaults(t: Tester<unknown, unknown>): void {
  const { world } = t;
  if (world.crashes > 0) t.probe('a server crashed');
  if (world.faultsStarted.some(isOutage)) t.probe('a whole zone was down');
}

/** What makes one scenario of these from the other. */
type Variant = Pick<Scenario, 'name' | 'description' | 'atLeast' | 'probes'> & {
  readonly faults: EverythingParams['faults'];
  /** Entries between snapshots. */
  readonly snapshotEvery?: number;
};

/** A cluster in a world that is wrong in any way, within what a right Raft can bear. */
function underFaults({ faults, snapshotEvery: every = 20, ...variant }: Variant): Scenario {
  return defineScenario({
    ...variant,
    lab: 3,
    params: z.object({
      servers: z.int().min(1).max(9).default(5).describe('number of servers'),
      clients: z.int().min(1).max(50).default(4).describe('number of clients'),
      operations: z.int().min(1).default(30).describe('commands of each client'),
      thinkMs: settableMs(0, 150, 'longest pause between two commands'),
      snapshotEvery: z.int().min(0).default(every).describe('entries between snapshots; 0 = none'),
      applyMs: settableMs(0, 3, 'longest time of the service for one entry'),
      pumpMs: settableMs(0, 40, 'longest pause between commands to all who believe to lead'),
      view: z
        .boolean()
        .default(true)
        .describe('look into the servers; false = judge them from outside only'),
      ...everythingFields,
      faults: everythingFields.faults
        .unwrap()
        .default(faults)
        .describe(everythingFields.faults.description ?? ''),
    }),
    layers: raftLayers,
    checks: [logIsLinearizable],
    sizes: ['servers'],
    selectors: { leader: (t) => clusterOf(t).leader() },
    budget: budgetOf,
    plan: (stream, params) => ({
      ...drawEverything(stream, params),
      clients: drawAppends(stream, params),
    }),
    setup(t) {
      const { servers, snapshotEvery, applyMs, view } = t.params;
      Cluster.build(t, {
        servers,
        storage: storageOf(t.params, (name) => t.world.streams.stream(name)),
        snapshotEvery: snapshotEvery === 0 ? undefined : snapshotEvery,
        applyMs,
        view,
        supervisor: new Supervisor(t),
        labelsOf: (server) => ({ zone: zoneOf(server) }),
      });
    },
    async run(t) {
      const supervisor = supervisorOf(t);
      void supervisor.watch();
      void healNetwork(t);
      await throughChaos(t, () => {
        const { ids } = clusterOf(t);
        return [...ids.keys()].filter((i) => !supervisor.hasRefused(ids[i]!));
      });
      tellFaults(t);
    },
  });
}

/** Everything that the world has. */
export const everything: Scenario = underFaults({
  name: 'raft/everything-5',
  description: '5 servers under all faults of network, disks and clocks; those left must agree',
  faults: 'drawn',
  atLeast: {
    operations: 80,
    'under faults': 40,
    crashes: 4,
    leaders: 2,
    'snapshots installed': 2,
  },
  probes: everythingProbes,
});

/** No rule of Raft is safe by a clock, and none of ours is live by a time of day. */
export const wrongClocks: Scenario = underFaults({
  name: 'raft/wrong-clocks',
  description: 'clocks are minutes off, run a fifth too fast or slow, and are set again and again',
  faults: 'clocks',
  atLeast: { operations: 80, 'under faults': 40, leaders: 1 },
  probes: [],
});

/** Snapshots come fast, so that nothing may have been added to the one that the disk forgot. */
export const staleDisk: Scenario = underFaults({
  name: 'raft/stale-disk',
  description: 'a disk keeps whole states from before, which no checksum can tell from later ones',
  faults: 'stale',
  snapshotEvery: 3,
  atLeast: { operations: 80, crashes: 1, leaders: 1 },
  probes: [REFUSED],
});
