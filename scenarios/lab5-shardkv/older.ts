import { type Gid, gidsOf, joined, left, moved, type ShardConfig } from '../../shardkv/index.ts';
import type { Random } from '../../sim/index.ts';
import { misplaced } from './at-rest.ts';
import { FIRST_GID } from './cluster.ts';
import { deletion } from './deletion.ts';
import { gidAgain } from './gid-again.ts';
import { halfMoved } from './half-moved.ts';
import {
  addGroups,
  begin,
  type ScriptedClient,
  ScriptedCtrler,
  type ScriptedTest,
  type ScriptRun,
} from './scripted.ts';
import { startWorkers } from './workers.ts';

/** Groups that come and go, with the first one. */
const GROUPS = 8;
const WORKERS = 5;

/** Changes after all groups have joined. */
const CHANGES = 24;
/** Groups that join or leave in one change, at most. */
const AT_ONCE = 3;

/** Servers of each group; one of them is away at a time. */
const SERVERS = 3;
/** A group that was away answers so soon, in ms. */
const BACK_MS = 2000;

/** Pause of a controller that another one was quicker than, in ms, at most. */
const AGAIN_MS = 50;
/** All controllers have got their changes in, in ms. */
const ALL_MADE_MS = 20_000;

/** What the lab's older editions test, and this one does not (labs.md §6.1). */
export const older: readonly ScriptedTest[] = [
  {
    name: 'shardkv/join-leave-move',
    description: 'eight groups join, leave and are given shards by hand, some of them at once',
    atLeast: {
      changes: 26,
      'groups joined': 12,
      'groups left': 6,
      'moved by hand': 3,
      'shards moved': 60,
      operations: 250,
      'shards used': 12,
    },
    script: joinLeaveMove,
  },
  {
    name: 'shardkv/missed-changes',
    description: 'a server of each group misses changes, and so does a whole group; they catch up',
    atLeast: {
      changes: 20,
      crashes: 12,
      'shards moved': 50,
      operations: 300,
      'keys checked': 200,
    },
    script: missedChanges,
  },
  {
    name: 'shardkv/eight-ctrlers',
    description: 'eight controllers at once, each for a group of its own; each gets its changes in',
    atLeast: { changes: 12, 'refused changes': 12, 'shards moved': 24, operations: 200 },
    script: eightCtrlers,
  },
  deletion,
  halfMoved,
  gidAgain,
];

async function joinLeaveMove(run: ScriptRun): Promise<void> {
  const { t, cluster } = run;
  const { ctrler, client } = await begin(run);
  const gids = [FIRST_GID, ...addGroups(run, GROUPS - 1)];
  const workers = startWorkers(run, WORKERS);
  const random = t.world.streams.stream('script');
  let outside = gids.slice(1);
  while (outside.length > 0) {
    await joinSome(run, ctrler, outside.slice(0, AT_ONCE));
    outside = outside.slice(AT_ONCE);
  }
  for (let i = 0; i < CHANGES; i++) {
    const config = await ctrler.change((now) => drawChange(run, random, now, gids));
    const problem = misplaced(cluster, config);
    t.expect('whoever owns a shard serves it', problem === undefined, () => problem!);
  }
  await workers.stop();
  await client.checkAll();
}

async function joinSome(run: ScriptRun, ctrler: ScriptedCtrler, some: Gid[]): Promise<void> {
  await ctrler.join(...some);
  run.t.count('groups joined', some.length);
}

/** Some groups join, or some leave, or one is given a shard. */
function drawChange(
  { t, cluster }: ScriptRun,
  random: Random,
  now: ShardConfig,
  gids: readonly Gid[],
): ShardConfig {
  const inside = random.shuffle(gidsOf(now));
  const outside = random.shuffle(gids.filter((gid) => !inside.includes(gid)));
  const some = random.between(1, AT_ONCE);
  const what = random.pick(['join', 'leave', 'move'] as const);
  if (what === 'join' && outside.length > 0) {
    const joining = outside.slice(0, some);
    t.count('groups joined', joining.length);
    return joined(now, cluster.serversOf(...joining));
  }
  if (what === 'move' && inside.length > 1) {
    const shard = random.below(now.shards.length);
    t.count('moved by hand');
    return moved(
      now,
      shard,
      inside.find((gid) => gid !== now.shards[shard])!,
    );
  }
  // The others of them stay.
  const leaving = inside.slice(0, Math.min(some, inside.length - 1));
  if (leaving.length === 0) return joined(now, cluster.serversOf(outside[0]!));
  t.count('groups left', leaving.length);
  return left(now, leaving);
}

async function missedChanges(run: ScriptRun): Promise<void> {
  const { cluster } = run;
  const { ctrler, client } = await begin(run);
  const gids = [FIRST_GID, ...addGroups(run, 2)];
  const [, second, third] = gids as [Gid, Gid, Gid];
  await ctrler.join(second, third);
  const workers = startWorkers(run, WORKERS);
  for (let server = 0; server < SERVERS; server++) {
    // Whoever comes back is needed at once: another one is away now.
    for (const gid of gids) cluster.group(gid).shutDown([server]);
    for (const gid of [second, third]) {
      await ctrler.leave(gid);
      await ctrler.join(gid);
    }
  }
  for (const gid of gids) cluster.group(gid).startAgain();
  await client.checkAll();
  await missesAll(run, ctrler, client, third);
  await workers.stop();
  await client.checkAll();
}

/** A whole group is down while shards go to and fro between the others. */
async function missesAll(
  run: ScriptRun,
  ctrler: ScriptedCtrler,
  client: ScriptedClient,
  gid: Gid,
): Promise<void> {
  const { t, cluster } = run;
  const group = cluster.group(gid);
  const before = await ctrler.query();
  const [one, other] = gidsOf(before).filter((each) => each !== gid) as [Gid, Gid];
  group.shutDown();
  for (const [shard, owner] of before.shards.entries()) {
    if (owner === gid) continue;
    await ctrler.change((now) => moved(now, shard, owner === one ? other : one));
  }
  group.startAgain();
  const isDone = await t.inTime(BACK_MS, client.checkAll());
  t.expectInTime('a group that was away answers', isDone, () => {
    return `not all keys are read ${BACK_MS} ms after group ${gid} is back`;
  });
  await ctrler.leave(gid);
}

async function eightCtrlers(run: ScriptRun): Promise<void> {
  const { t, cluster } = run;
  const { ctrler, client } = await begin(run);
  const gids = addGroups(run, GROUPS);
  const workers = startWorkers(run, WORKERS);
  const staying = gids.filter((gid) => gid % 2 === 0);
  const work = gids.map(async (gid) => {
    const own = new ScriptedCtrler(run, `ctrler${gid}`);
    await insist(run, own, (now) =>
      gid in now.groups ? undefined : joined(now, cluster.serversOf(gid)),
    );
    if (staying.includes(gid)) return;
    await insist(run, own, (now) => (gid in now.groups ? left(now, [gid]) : undefined));
  });
  const all = Promise.all(work);
  t.expectInTime('every controller gets its changes in', await t.inTime(ALL_MADE_MS, all), () => {
    return `not all have, ${ALL_MADE_MS} ms later`;
  });
  const now = await ctrler.query();
  const wanted = [FIRST_GID, ...staying].join(', ');
  t.expect('no change is lost', gidsOf(now).join(', ') === wanted, () => {
    return `groups ${gidsOf(now).join(', ')} are members, and ${wanted} have joined and stayed`;
  });
  const problem = misplaced(cluster, now);
  t.expect('whoever owns a shard serves it', problem === undefined, () => problem!);
  await workers.stop();
  await client.checkAll();
}

/** Try until there is nothing to change any more. */
async function insist(
  { t }: ScriptRun,
  ctrler: ScriptedCtrler,
  change: (now: ShardConfig) => ShardConfig | undefined,
): Promise<void> {
  for (;;) {
    const config = change(await ctrler.query());
    if (config === undefined) return;
    const { result } = await ctrler.tryTo(() => config);
    t.count(result.err === 'OK' ? 'changes' : 'refused changes');
    if (result.err !== 'OK') await t.sleep(t.world.streams.stream(ctrler.id).below(AGAIN_MS));
  }
}
