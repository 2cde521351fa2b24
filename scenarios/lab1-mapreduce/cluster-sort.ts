import { z } from 'zod';
import {
  makeCoordinator,
  workerOf,
  workerPorts,
  type MapReduceLayers,
} from '../../mapreduce/index.ts';
import { hardwareByName, type FaultAction, type HardwareProfile } from '../../sim/index.ts';
import { settableMs } from '../define/phases.ts';
import { defineScenario, type DrawStream, type Scenario } from '../define/scenario.ts';
import type { Tester } from '../define/tester.ts';
import { bulkApplication, bulkOutput, bulkPorts, rack, replicated, storing } from './bulk.ts';
import { outputsAreWrittenOnce } from './checks.ts';
import { Cluster, COORDINATOR, workerIds } from './cluster.ts';

const params = z.object({
  workers: z.int().min(2).max(5000).default(60).describe('number of workers, one a machine'),
  rackSize: z.int().min(1).max(5000).default(20).describe('machines that share an uplink'),
  maps: z.int().min(1).max(50_000).default(300).describe('number of map tasks'),
  reduces: z.int().min(1).max(20_000).default(100).describe('number of reduce tasks'),
  mapMB: z.int().min(1).max(1000).default(64).describe('input of a map task, in MB'),
  mapMsPerMB: settableMs(0, 200, 'CPU time of map tasks for a MB'),
  reduceMsPerMB: settableMs(0, 50, 'CPU time of reduce tasks for a MB'),
  slow: z.int().min(0).max(5000).default(1).describe('machines with a bad disk'),
  slowFactor: z.int().min(2).max(1000).default(30).describe('how many times as slow it is'),
  killed: z.int().min(0).max(5000).default(4).describe('workers that are killed, and start again'),
  killAtMs: settableMs(0, 60_000, 'when they are killed'),
  backups: z.boolean().default(true).describe('hand stragglers out twice near the end'),
  expiryMs: settableMs(1, 300_000, 'time after which a task goes to another worker'),
});
type Params = z.output<typeof params>;
type Run = Tester<Params, MapReduceLayers>;

const MB = 1_000_000;
const SECOND = 1000;
/** A killed worker is started again at once (§5.5). */
const RESTART_MS = 1000;
const LIMIT_MS = 3_000_000;

/**
 * The network of §5.1 is a tree of two levels with 100 to 200 Gbit/s at its root: of those a rack
 * of 40 machines among 1,800 has about 3.3 as its uplink.
 */
const UPLINK_BYTES_PER_MS = 10_400;

function uplink(machines: number): HardwareProfile {
  const nicOutBytesPerMs = UPLINK_BYTES_PER_MS * machines;
  return { ...hardwareByName('cluster-2004'), name: 'uplink', stepUs: 0, nicOutBytesPerMs };
}

/** What a map task has for each reduce task, in bytes. */
const shareOf = ({ mapMB, reduces }: Params): number => Math.ceil((mapMB * MB) / reduces);

const rackOf = (worker: string, { rackSize }: Params): string =>
  `rack${Math.floor(Number(worker.slice(1)) / rackSize)}`;

/** Machines that are slow from the start, and others that are killed, together. */
function drawTroubles(stream: DrawStream, chosen: Params): FaultAction[] {
  const { slow, slowFactor: factor, killed, killAtMs: atMs, workers } = chosen;
  const nodes = stream('fault').shuffle(workerIds(workers));
  const limping = nodes.slice(0, slow).map((node, i): FaultAction => {
    const id = `limp-${i}`;
    return { id, kind: 'limp', atMs: 0, untilMs: LIMIT_MS, node, factor, of: ['disk'] };
  });
  // Its output goes with it, as in the paper.
  const crashes = nodes.slice(slow, slow + killed).map((node, i): FaultAction => {
    return { id: `kill-${i}`, kind: 'crash', atMs, untilMs: atMs + RESTART_MS, node, wipe: true };
  });
  return [...limping, ...crashes];
}

function build(t: Run): Cluster {
  const { workers, maps, reduces, backups, expiryMs } = t.params;
  const bytes = shareOf(t.params) * reduces;
  const ids = workerIds(workers);
  const cluster = new Cluster(t, {
    workers,
    splits: Array.from({ length: maps }, (_, i) => ({ file: `part-${i}` })),
    read: () => String(bytes),
    reduces,
    makeApplication: bulkApplication(t.params),
    intermediate: 'local',
    expiryMs,
    backups,
    pollMs: SECOND,
    lingerMs: SECOND,
    filesHardware: 'server',
    hostOf(env, host) {
      env.serve(storing(env, shareOf(t.params) * maps));
      const files = replicated(env, host.files, () => {
        return env.random.pick(ids.filter((id) => id !== env.id));
      });
      return { ...host, holder: rackOf(env.id, t.params), files };
    },
  });
  for (const name of new Set(ids.map((id) => rackOf(id, t.params)))) {
    const machines = ids.filter((id) => rackOf(id, t.params) === name).length;
    const hardware = uplink(machines);
    t.addNode(name, (env) => env.serve(rack(t.world, env, env.peer(COORDINATOR), reduces)), {
      hardware,
    });
  }
  return cluster;
}

/** Set-up to run. */
const clusters = new WeakMap<object, Cluster>();

/** The sort of §5.3 with the machines of §5.1: every task, message and crash, and no byte. */
export const clusterSort: Scenario = defineScenario({
  name: 'mapreduce/cluster-sort',
  lab: 1,
  description: "the paper's sort: sizes instead of data, stragglers with backups, killed workers",
  params,
  layers: { makeCoordinator, makeWorker: workerOf({ ...workerPorts, ...bulkPorts }) },
  onlyOurs:
    'its racks answer for the workers of Faultlab, which keep sizes in place of pairs, by RPCs ' +
    'that are no part of the contract; the other scenarios of lab 1 take it',
  maxSimMs: LIMIT_MS + SECOND,
  checks: [outputsAreWrittenOnce],
  plan: (stream, chosen) => ({
    profile: 'lab-steady',
    hardware: 'cluster-2004',
    faults: drawTroubles(stream, chosen),
  }),
  setup(t) {
    clusters.set(t, build(t));
  },
  async run(t) {
    const cluster = clusters.get(t)!;
    while (cluster.doneMs === undefined && t.world.now() < LIMIT_MS) await t.sleep(SECOND);
    const { doneMs } = cluster;
    t.expectInTime('the job is done in time', doneMs !== undefined, () => {
      return `after ${LIMIT_MS} ms the job is not done`;
    });
    t.count('job seconds', Math.round((doneMs ?? 0) / SECOND));
    cluster.tally();
    const expected = bulkOutput(shareOf(t.params) * t.params.maps);
    const wrong = cluster.outputs().filter((output) => output !== expected).length;
    t.expect('every output has the records of each map task once', wrong === 0, () => {
      return `${wrong} of ${t.params.reduces} outputs have not`;
    });
  },
});
