import { z } from 'zod';
import { joined, left, shardOf, type ShardCtrler } from '../../shardkv/index.ts';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import type { Tester } from '../define/tester.ts';
import { kvIsLinearizable } from '../lab2-kv/checks.ts';
import { PerRun } from '../lab4-kvraft/per-run.ts';
import { leftOver, misplaced } from './at-rest.ts';
import { FIRST_GID, type Lab5Layers, ShardCluster, shardLayers } from './cluster.ts';
import { ScriptedClient, ScriptedCtrler, type ScriptRun } from './scripted.ts';

/** The controller that crashes. */
export const DOOMED = 'doomed';

/** Shards that change hands: half of them when a group joins, the others when the first leaves. */
const SHARDS = 4;
/** It has crashed so soon after it has begun, or never does; and stays down for good; in ms. */
const CRASHED_MS = 500;
const DOWN_MS = 100_000;
/** Calls of its env in which its changes are made: about so many. */
const CALLS = 32;
/** So long the change stays half-done, and clients go on, in ms. */
const HALF_DONE_MS = 200;
/** Another controller has finished what was begun in so long, in ms. */
const RECOVERY_MS = 5000;

interface Stage {
  readonly cluster: ShardCluster;
  /** Has the controller that is to crash begin its changes; in an event of its node. */
  begin: () => void;
}

const stages: PerRun<Stage> = new PerRun();

type Run = Tester<unknown, Lab5Layers>;

/**
 * A controller crashes for good at one of its steps: a group joins, and the first one leaves.
 * Clients go on; then another controller finishes what there is, and all that was put is there. The
 * seed draws the step; a test goes through all of them.
 */
export const ctrlerCrash: Scenario = defineScenario({
  name: 'shardkv/ctrler-crash',
  lab: 5,
  description: 'a controller crashes at one of its steps, and another one finishes the change',
  params: z.object({}),
  layers: shardLayers,
  checks: [kvIsLinearizable],
  atLeast: { crashes: 1, 'keys checked': 120, 'keys of half a change': SHARDS },
  probes: [
    { name: 'a half-done change was finished', within: 10 },
    { name: 'a controller crashed in a change', within: 10 },
  ],
  plan: (stream) => ({
    faults: [
      {
        id: 'crash',
        kind: 'crash-point',
        atMs: 0,
        node: DOOMED,
        life: 1,
        call: stream('call').between(1, CALLS),
        when: stream('when').pick(['before', 'after'] as const),
        downMs: DOWN_MS,
      },
    ],
  }),
  setup(t) {
    const cluster = new ShardCluster(t, { shards: SHARDS });
    cluster.addGroup(FIRST_GID + 1);
    const stage = stages.set(t, { cluster, begin: () => {} });
    t.addNode(DOOMED, (env) => {
      stage.begin = () => env.spawn('changes', () => changeTwice(cluster.ctrler(env), cluster));
    });
  },
  run: script,
});

async function changeTwice(ctrler: ShardCtrler, cluster: ShardCluster): Promise<void> {
  const first = await ctrler.query();
  const second = joined(first, cluster.serversOf(FIRST_GID + 1));
  await ctrler.changeConfigTo(second);
  await ctrler.changeConfigTo(left(second, [FIRST_GID]));
}

async function script(t: Run): Promise<void> {
  const { cluster, begin } = stages.of(t);
  const run: ScriptRun = { t, cluster };
  const ctrler = new ScriptedCtrler(run, 'ctrler');
  const client = new ScriptedClient(run, 'client');
  await ctrler.initConfig(cluster.firstConfig());
  await client.fill();
  await t.enter(DOOMED, begin);
  await t.sleep(CRASHED_MS);
  if (t.world.crashes > 0) t.probe('a controller crashed in a change');
  const meanwhile = writeAndRead(run);
  await t.sleep(HALF_DONE_MS);
  const before = await ctrler.query();
  const outcome = { hadWork: false };
  const work = ctrler.recover().then((hadWork) => void (outcome.hadWork = hadWork));
  t.expectInTime('a new controller finishes the change', await t.inTime(RECOVERY_MS, work), () => {
    return `it has not, ${RECOVERY_MS} ms after it has begun`;
  });
  if (outcome.hadWork) {
    t.count('recoveries');
    t.probe('a half-done change was finished');
  }
  const now = await ctrler.query();
  t.expect('configurations go on', now.num === before.num + Number(outcome.hadWork), () => {
    return `configuration ${now.num} after ${before.num}`;
  });
  const problem = misplaced(cluster, now);
  t.expect('whoever owns a shard serves it', problem === undefined, () => problem!);
  const rest = leftOver(cluster);
  t.expectWithin('moved shards are deleted', rest === undefined, () => rest!);
  t.expectInTime(
    'a clerk finds the shard where it is now',
    await t.inTime(RECOVERY_MS, meanwhile),
    () => {
      return `what was asked over half a change has no answer, ${RECOVERY_MS} ms after its end`;
    },
  );
  await client.checkAll();
}

/**
 * One writes a key of each shard, and then another one reads it: half a change has groups that have
 * frozen a shard, and groups that serve it already. The linearizability check has the word.
 */
async function writeAndRead(run: ScriptRun): Promise<void> {
  const { t, cluster } = run;
  const work = Array.from({ length: cluster.shards }, async (_, shard) => {
    let name = 0;
    while (shardOf(`half${name}`, cluster.shards) !== shard) name++;
    await new ScriptedClient(run, `writer${shard}`).put(`half${name}`, 'written', 0);
    await new ScriptedClient(run, `reader${shard}`).get(`half${name}`);
    t.count('keys of half a change');
  });
  await Promise.all(work);
}
