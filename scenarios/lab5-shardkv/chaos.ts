import { z } from 'zod';
import { shardOf } from '../../shardkv/index.ts';
import type { FaultAction } from '../../sim/index.ts';
import { phaseFields, settableMs, throughPhases } from '../define/phases.ts';
import type { Plan } from '../define/plan.ts';
import { defineScenario, type Scenario, type Selector } from '../define/scenario.ts';
import type { Tester } from '../define/tester.ts';
import { getAndPut } from '../lab2-kv/get-and-put.ts';
import { clientSettings, kvIntent } from '../lab2-kv/intents.ts';
import { keysOf } from '../lab2-kv/read-back.ts';
import { chaosIsLinearizable } from '../lab4-kvraft/chaos.ts';
import { PerRun } from '../lab4-kvraft/per-run.ts';
import { AtRest } from './at-rest.ts';
import { type ChaosParams, drawChaos, isCtrler, leaderOf, STORE_LEADER } from './chaos-plan.ts';
import { type Lab5Layers, ShardCluster, shardLayers, STORE_SERVER } from './cluster.ts';
import { changeIntent, Changes, runCtrler } from './ctrler-program.ts';
import { steps } from './steps.ts';

/** The node that makes the first configuration, and sees that nothing is left half-done. */
const ADMIN = 'admin';

/** How long clients and controllers go on after the world has healed, in ms. */
const AFTERWARDS_MS = 500;

const MAX_RAFT_STATE = [-1, 500, 500, 1000, 2000, 8000];
const STORES = ['single', 'single', 'replicated'] as const;

interface Params extends ChaosParams {
  readonly shards: number;
  readonly store: 'single' | 'replicated' | 'drawn';
  readonly maxRaftState: number;
  readonly view: boolean;
}

type Run = Tester<Params, Lab5Layers>;

/** A run: the cluster, and what its controllers were told. */
interface Stage {
  readonly cluster: ShardCluster;
  readonly changes: Changes;
}

const stages: PerRun<Stage> = new PerRun();

function has(kind: FaultAction['kind']): (plan: Plan) => boolean {
  return (plan) => plan.faults.some((action) => action.kind === kind);
}

/** Free chaos on so many groups. */
export function shardChaos(groups: number): Scenario {
  const gids = Array.from({ length: groups }, (_, i) => i + 1);
  const leader =
    (gid: number): Selector =>
    (t) =>
      stages.of(t).cluster.groups.get(gid)?.knownLeader();
  return defineScenario({
    name: `shardkv/chaos-${groups}`,
    lab: 5,
    description: `${groups} groups, controllers that crash, all faults; then all must agree`,
    params: z.object({
      groups: z.int().min(1).max(9).default(groups).describe('number of groups'),
      servers: z.int().min(1).max(7).default(3).describe('servers of each group'),
      shards: z.int().min(1).max(1000).default(12).describe('number of shards'),
      clients: z.int().min(1).max(50).default(10).describe('number of clients'),
      ctrlers: z.int().min(0).max(8).default(0).describe('controllers; 0 = drawn: 1 to 4'),
      store: z
        .enum(['drawn', 'single', 'replicated'])
        .default('drawn')
        .describe('where configurations are: on the server of lab 2, or of lab 4'),
      keys: z.int().min(1).max(10_000).default(30).describe('number of keys'),
      operations: z.int().min(1).max(10_000).default(400).describe('most of each client'),
      thinkMs: settableMs(0, 20, 'longest pause between two operations'),
      maxRaftState: z
        .int()
        .min(-1)
        .default(0)
        .describe('bytes of Raft state at which a snapshot is due; -1 = never, 0 = drawn'),
      view: z
        .boolean()
        .default(true)
        .describe('look at the shards of the groups; false = judge them by their answers only'),
      ...phaseFields,
      warmUpMs: settableMs(0, 600, 'time before the first fault'),
      chaosMs: settableMs(1, 4000, 'length of the faulty phase'),
    }),
    layers: shardLayers,
    checks: [chaosIsLinearizable],
    atLeast: {
      operations: 250,
      'under faults': 100,
      crashes: 5,
      leaders: 5,
      changes: 5,
      'shards moved': 20,
      'shards used': 10,
      'shards that moved': 8,
      superseded: 2,
      recoveries: 1,
      'snapshots taken': 20,
    },
    probes: [
      { name: 'a shard moved', within: 2 },
      { name: 'a shard came back', within: 10 },
      { name: 'a change was refused', within: 10 },
      { name: 'a half-done change was finished', within: 10 },
      { name: 'a controller crashed in a change', within: 20, when: has('crash') },
      ...steps.map((step) => ({ name: `a controller crashed while ${step}`, within: 60 })),
      { name: 'a put answered ErrMaybe', within: 10 },
      { name: 'a snapshot was installed', within: 20 },
    ],
    selectors: {
      ...Object.fromEntries(gids.map((gid) => [leaderOf(gid), leader(gid)])),
      [STORE_LEADER]: (t) => stages.of(t).cluster.storeLeader(),
    },
    plan: (stream, params) => drawChaos(stream, params, serversOf(params)),
    setup: (t) => void stages.set(t, prepare(t)),
    run: finish,
  });
}

/** Names that plans use before there is a cluster. */
function serversOf({ groups, servers }: Pick<Params, 'groups' | 'servers'>): string[] {
  const ofGroup = (gid: number): string[] =>
    Array.from({ length: servers }, (_, i) => `g${gid}.s${i}`);
  return [STORE_SERVER, ...Array.from({ length: groups }, (_, i) => ofGroup(i + 1)).flat()];
}

function prepare(t: Run): Stage {
  const { groups, store, maxRaftState, view, warmUpMs, chaosMs, ...sizes } = t.params;
  const drawnState = t.world.streams.stream('max raft state').pick(MAX_RAFT_STATE);
  const drawnStore = t.world.streams.stream('store').pick(STORES);
  const cluster = new ShardCluster(t, {
    shards: sizes.shards,
    servers: sizes.servers,
    maxRaftState: maxRaftState === 0 ? drawnState : maxRaftState,
    store: store === 'drawn' ? drawnStore : store,
    view,
  });
  while (cluster.groups.size < groups) cluster.addGroup(cluster.groups.size + 1);
  const stage: Stage = { cluster, changes: new Changes(t) };
  const isOver = (): boolean => t.world.now() >= warmUpMs + chaosMs + AFTERWARDS_MS;
  t.addNode(ADMIN, (env) => cluster.ctrler(env).initConfig(cluster.firstConfig()), {
    isImmune: true,
  });
  for (const client of t.clients) {
    if (isCtrler(client)) {
      const intents = t.intentsOf(client, changeIntent);
      t.addNode(client.id, (env) => runCtrler(env, cluster, intents, stage.changes, isOver));
    } else {
      const intents = t.intentsOf(client, kvIntent);
      const settings = t.settingsOf(client, clientSettings);
      t.addClient(client.id, (env) =>
        getAndPut(env, cluster.clerk(env, settings), intents, isOver),
      );
    }
  }
  return stage;
}

/** Chaos first: only safety counts. Then the world heals, and all must come to one end. */
async function finish(t: Run): Promise<void> {
  const { cluster, changes } = stages.of(t);
  const rest = new AtRest(t, cluster, changes);
  const isDone = await throughPhases(t, () => rest.reached());
  t.expectInTime('all is as it should be once the world has healed', isDone, () => {
    return `${rest.lacks}, ${t.params.convergeMs} ms after healing`;
  });
  const used = new Set(keysOf(t.history.lines).map((key) => shardOf(key, cluster.shards)));
  t.count('shards used', used.size);
  t.count('shards that moved', cluster.moves.shards);
}
