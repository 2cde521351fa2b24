import { z } from 'zod';
import { logModel } from '../../porcupine-ts/index.ts';
import type { RaftLayers } from '../../raft/index.ts';
import { linearizable } from '../checks/linearizable.ts';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import type { Tester } from '../define/tester.ts';
import { agreeOnAll } from './chaos.ts';
import { Cluster, clusterOf, raftLayers } from './cluster.ts';
import { drawMildChaos } from './mild-chaos.ts';
import { SteadyLoad } from './steady-load.ts';
import { mostAllowed, usageOf, type Usage } from './usage.ts';

const MINUTE_MS = 60_000;
/** How long after the last disturbance all servers may take to agree, in ms. */
const CONVERGE_MS = 30_000;
/** No whole part of a second: snapshots may come at a steady pace. */
const LOOK_MS = 730;

/** The heap at the end is compared with that after this part of the run: all is compiled then. */
const WARM_UP_PARTS = 4;
/** Shorter runs say nothing about the heap. */
const LEAST_MINUTES_OF_HEAP = 10;
/**
 * What a run may keep of one operation, in bytes of heap: its line in the history, what was chosen
 * at its index, and what the invariants know of that index. Nothing of the servers.
 */
const HEAP_BYTES_PER_OPERATION = 800;

const params = z.object({
  servers: z.int().min(1).max(9).default(5).describe('number of servers'),
  minutes: z.int().min(1).max(600).default(60).describe('length of the run in virtual time'),
  operationsPerSecond: z.int().min(1).max(1000).default(100).describe('commands in a second'),
  snapshotEvery: z.int().min(1).default(100).describe('entries between two snapshots'),
});

type Run = Tester<z.output<typeof params>, RaftLayers>;

/** Logs, disks and the simulator itself stay small, however long a cluster works. */
export const hour: Scenario = defineScenario({
  name: 'raft/hour',
  lab: 3,
  description: 'a cluster works for an hour, with snapshots: neither logs nor disks nor heap grow',
  params,
  layers: raftLayers,
  // What it measures does not depend on the seed.
  once: true,
  maxSimMs: 40_000_000,
  checks: [
    linearizable(logModel, {
      description: 'commands that were started and applied are those of one log, in real time',
    }),
  ],
  atLeast: { operations: 300_000, 'under faults': 100_000, crashes: 10, 'snapshots installed': 10 },
  probes: [
    { name: 'a snapshot was installed', within: 1 },
    { name: 'a server crashed', within: 1 },
    { name: 'an entry was overwritten', within: 1 },
  ],
  sizes: ['servers'],
  selectors: { leader: (t) => clusterOf(t).leader() },
  plan: (stream, { servers, minutes }) => ({
    profile: stream('network').pick(['lan', 'vopr', 'lab-reliable-long-delays']),
    disk: stream('disk').pick(['perfect', 'lossy', 'torn', 'reordered']),
    faults: drawMildChaos(
      stream,
      Array.from({ length: servers }, (_, i) => `s${i}`),
      minutes * MINUTE_MS,
    ),
  }),
  setup(t) {
    const { servers, snapshotEvery } = t.params;
    Cluster.build(t, { servers, snapshotEvery });
  },
  async run(t) {
    const untilMs = t.params.minutes * MINUTE_MS;
    const load = new SteadyLoad(clusterOf(t), t);
    const everyMs = 1000 / t.params.operationsPerSecond;
    const [most] = await Promise.all([lookOn(t, untilMs), load.run(everyMs, untilMs)]);
    t.world.heal();
    const isDone = await t.inTime(CONVERGE_MS, agreeOnAll(t));
    t.expectInTime('all servers agree once the world has healed', isDone, () => appliedText(t));
    for (const [what, amount] of Object.entries(most)) t.count(`most ${what}`, amount);
    if (t.world.crashes > 0) t.probe('a server crashed');
  },
});

/** Hold the bounds against all servers every second. @returns the most that was seen of each */
async function lookOn(t: Run, untilMs: number): Promise<Usage> {
  const allowed = mostAllowed(t.params, t.plan.disk === 'perfect');
  const most = { ...allowed };
  for (const what of Object.keys(most) as (keyof Usage)[]) most[what] = 0;
  let begin: Heap | undefined;
  while (t.world.now() < untilMs) {
    await t.sleep(LOOK_MS);
    const usage = usageOf(t, clusterOf(t));
    for (const what of Object.keys(usage) as (keyof Usage)[]) {
      most[what] = Math.max(most[what], usage[what]);
      t.expectWithin(`bound on ${what}`, usage[what] <= allowed[what], () => {
        return `${usage[what]} ${what} after ${t.world.now()} ms; at most ${allowed[what]}`;
      });
    }
    if (begin === undefined && t.world.now() >= untilMs / WARM_UP_PARTS) begin = heapOf(t);
  }
  checkHeap(t, begin);
  return most;
}

interface Heap {
  readonly bytes: number | undefined;
  readonly operations: number;
}

function heapOf(t: Run): Heap {
  // What is measured must not change the course of the run.
  const bytes = t.params.minutes < LEAST_MINUTES_OF_HEAP ? undefined : t.heapBytes();
  return { bytes, operations: t.history.lines.length };
}

function checkHeap(t: Run, begin: Heap | undefined): void {
  const end = heapOf(t);
  if (begin?.bytes === undefined || end.bytes === undefined) return;
  const perOperation = (end.bytes - begin.bytes) / (end.operations - begin.operations);
  t.count('heap bytes per operation', Math.round(perOperation));
  t.expectWithin('bound on the heap', perOperation <= HEAP_BYTES_PER_OPERATION, () => {
    return `the heap grew by ${perOperation.toFixed(0)} bytes per operation`;
  });
}

function appliedText(t: Run): string {
  const cluster = clusterOf(t);
  const applied = cluster.ids.map((id, i) => `${id} ${cluster.server(i)?.service.lastApplied}`);
  return `${CONVERGE_MS} ms after healing they have applied: ${applied.join(', ')}`;
}
