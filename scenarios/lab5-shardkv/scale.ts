import { z } from 'zod';
import { joined } from '../../shardkv/index.ts';
import type { Env, Random } from '../../sim/index.ts';
import { settableMs } from '../define/phases.ts';
import type { ClientPlan, Intent } from '../define/plan.ts';
import { defineScenario, type DrawStream, type Scenario } from '../define/scenario.ts';
import type { Tester } from '../define/tester.ts';
import { kvIsLinearizable } from '../lab2-kv/checks.ts';
import { getAndPut } from '../lab2-kv/get-and-put.ts';
import { kvIntent } from '../lab2-kv/intents.ts';
import { PerRun } from '../lab4-kvraft/per-run.ts';
import { AtRest } from './at-rest.ts';
import { isCtrler } from './chaos-plan.ts';
import { FIRST_GID, type Lab5Layers, ShardCluster, shardLayers } from './cluster.ts';
import { changeIntent, Changes, runCtrler } from './ctrler-program.ts';

/** The node that makes the first two configurations. */
const ADMIN = 'admin';

/** Until the first half of the groups have their shards, in ms. */
const SPREAD_MS = 20_000;
/** After the last change, until all is at rest, in ms. */
const REST_MS = 60_000;
/** Pause of those who wait until shards are spread, in ms. */
const LOOK_MS = 10;

const params = z.object({
  groups: z.int().min(2).max(200).default(10).describe('number of groups; half of them at first'),
  servers: z.int().min(1).max(7).default(3).describe('servers of each group'),
  shards: z.int().min(1).max(10_000).default(60).describe('number of shards'),
  clients: z.int().min(1).max(1000).default(20).describe('number of clients'),
  ctrlers: z.int().min(0).max(8).default(2).describe('controllers at once'),
  keys: z.int().min(1).max(100_000).default(300).describe('number of keys'),
  operations: z.int().min(1).max(10_000).default(400).describe('most of each client'),
  thinkMs: settableMs(0, 40, 'longest pause between two operations'),
  restMs: settableMs(0, 100, 'longest pause of a controller between two changes'),
  forMs: settableMs(1, 2000, 'how long groups join and leave'),
  maxRaftState: z
    .int()
    .min(-1)
    .default(20_000)
    .describe('bytes of Raft state at which a snapshot is due; -1 = never'),
});
type Params = z.output<typeof params>;
type Run = Tester<Params, Lab5Layers>;

interface Stage {
  readonly cluster: ShardCluster;
  readonly changes: Changes;
  /** Shards are spread over half of the groups: let others come and go. */
  isSpread: boolean;
  isOver: boolean;
}

const stages: PerRun<Stage> = new PerRun();

/** How large may it be? Groups join and leave, and nothing else goes wrong. */
export const scale: Scenario = defineScenario({
  name: 'shardkv/scale',
  lab: 5,
  description: 'many groups, shards and clients, while groups join and leave',
  params,
  layers: shardLayers,
  checks: [kvIsLinearizable],
  atLeast: { operations: 1000, OK: 300, changes: 10, 'shards moved': 120, 'snapshots taken': 10 },
  probes: [{ name: 'a shard came back', within: 5 }],
  plan: (stream, own) => ({ profile: 'lan', clients: [...clientsOf(stream, own)] }),
  setup: prepare,
  async run(t) {
    const stage = stages.of(t);
    const isSpread = await t.inTime(SPREAD_MS, begun(stage, t));
    t.expectInTime('the first groups get their shards', isSpread, () => {
      return `they have not, ${SPREAD_MS} ms later`;
    });
    await t.sleep(t.params.forMs);
    stage.isOver = true;
    const rest = new AtRest(t, stage.cluster, stage.changes);
    t.expectInTime('all comes to rest', await t.inTime(REST_MS, rest.reached()), () => {
      return `${rest.lacks}, ${REST_MS} ms after the last change`;
    });
  },
});

function* clientsOf(stream: DrawStream, own: Params): Generator<ClientPlan> {
  for (let i = 0; i < own.clients; i++) {
    const id = `c${i}`;
    yield { id, settings: {}, intents: drawAmongNeighbours(stream(`client/${id}`), i, own) };
  }
  for (let i = 0; i < own.ctrlers; i++) {
    const id = `ctrl${i}`;
    const random = stream(`client/${id}`);
    const intents = Array.from({ length: own.forMs }, () => ({
      op: 'toggle',
      gid: random.between(1, own.groups),
      thinkMs: random.between(0, own.restMs),
    }));
    yield { id, settings: {}, intents };
  }
}

/**
 * Gets and puts of keys that one other client uses, too: of thousands that all share, nobody would
 * know the present version, and hardly any put would succeed.
 */
function drawAmongNeighbours(random: Random, client: number, own: Params): Intent[] {
  const { clients, keys, operations, thinkMs } = own;
  const first = Math.floor((client * keys) / clients);
  const reach = Math.ceil((2 * keys) / clients);
  return Array.from({ length: operations }, () => ({
    op: random.chance(1, 2) ? 'get' : 'put',
    key: `k${(first + random.below(reach)) % keys}`,
    thinkMs: random.between(0, thinkMs),
  }));
}

function prepare(t: Run): void {
  const { groups, shards, servers, maxRaftState } = t.params;
  const cluster = new ShardCluster(t, { shards, servers, maxRaftState });
  while (cluster.groups.size < groups) cluster.addGroup(cluster.groups.size + 1);
  const stage: Stage = { cluster, changes: new Changes(t), isSpread: false, isOver: false };
  stages.set(t, stage);
  t.addNode(ADMIN, (env) => spread(t, env, stage));
  const isOver = (): boolean => stage.isOver;
  for (const client of t.clients) {
    if (isCtrler(client)) {
      const intents = t.intentsOf(client, changeIntent);
      t.addNode(client.id, async (env) => {
        await begun(stage, env);
        await runCtrler(env, cluster, intents, stage.changes, isOver);
      });
    } else {
      const intents = t.intentsOf(client, kvIntent);
      t.addClient(client.id, async (env) => {
        await begun(stage, env);
        await getAndPut(env, cluster.clerk(env), intents, isOver);
      });
    }
  }
}

/** All shards are of one group; half of the groups join at once. */
async function spread(t: Run, env: Env, stage: Stage): Promise<void> {
  const { cluster } = stage;
  const ctrler = cluster.ctrler(env);
  const first = cluster.firstConfig();
  await ctrler.initConfig(first);
  const gids = [...cluster.groups.keys()].filter((gid) => gid !== FIRST_GID);
  const half = joined(first, cluster.serversOf(...gids.slice(0, Math.ceil(gids.length / 2))));
  await ctrler.changeConfigTo(half);
  t.count('shards moved at first', half.shards.filter((gid) => gid !== FIRST_GID).length);
  stage.isSpread = true;
}

async function begun(stage: Stage, who: Pick<Run, 'sleep'>): Promise<void> {
  while (!stage.isSpread) await who.sleep(LOOK_MS);
}
