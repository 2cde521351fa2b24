import type { GetReply } from '../../kvsrv/index.ts';
import {
  type Gid,
  joined,
  left,
  MAX_VALUE,
  moved,
  movesBetween,
  type Move,
  shardOf,
} from '../../shardkv/index.ts';
import { FIRST_GID, STORE_SERVER } from './cluster.ts';
import {
  addGroup,
  addGroups,
  begin,
  keys,
  ScriptedClient,
  ScriptedCtrler,
  type ScriptedTest,
  type ScriptRun,
} from './scripted.ts';
import { comesBackTooLate } from './too-late.ts';

/** Between two looks at what is going on, in ms: steps of a move take longer. */
const LOOK_MS = 0.2;
/** A shard moves in so long if its groups are up, whatever the others are, in ms. */
const MOVE_MS = 2000;
/** A clerk has found out where a shard has gone to in so long, in ms. */
const FIND_MS = 20_000;

/** On its way to the store, and back, each message of a slow controller takes longer by, in ms. */
const SLOW_MS = 5;

/** A change is posted so soon, in ms. */
const POSTED_MS = 100;

/** Requests arrive again so much later, in ms: shards have moved back by then. */
const LATE_MS = 2000;

/** Keys with the longest values, of one shard: more than an entry of a log takes. */
const LONG_KEYS = 20;
/** Of the log of a group that has such a shard, in bytes: snapshots of it are long, too. */
const LONG_STATE = 1_000_000;
/** A controller is cut off before, while or after the pieces of the shard move, in ms. */
const CUT_OFF_MS = [20, 80] as const;

/** What the official tests and free chaos show seldom, or never. */
export const seldom: readonly ScriptedTest[] = [
  {
    name: 'shardkv/late-ctrler',
    description: 'a controller has moved all shards, and says so when others have long gone on',
    script: lateCtrler,
  },
  {
    name: 'shardkv/dead-destination',
    description: 'shards between groups that are up move, whoever else a change is waiting for',
    script: deadDestination,
  },
  {
    name: 'shardkv/lost-reply',
    description: 'a put whose answer is lost moves with its shard, and is sent to the next group',
    // On the networks of the lab a cut that begins before a handler's turn loses the request, too.
    profile: 'lan',
    script: lostReply,
  },
  {
    name: 'shardkv/long-shard',
    description: 'a shard longer than an entry of a log moves; its controller is cut off over it',
    maxRaftState: LONG_STATE,
    script: longShard,
  },
  {
    name: 'shardkv/late-requests',
    description: 'all that a controller asked groups for arrives again when shards have moved back',
    // On the networks of the lab nothing arrives twice.
    profile: 'lan',
    script: lateRequests,
  },
  {
    name: 'shardkv/slow-ctrler',
    description:
      'whole changes are made between any two looks that a controller takes at the store',
    profile: 'lan',
    script: slowCtrler,
  },
];

async function lateCtrler(run: ScriptRun): Promise<void> {
  const { t, cluster } = run;
  const { client } = await begin(run);
  const gid = addGroup(run);
  const old = new ScriptedCtrler(run, 'old');
  const stage = { isOver: false };
  const work = old
    .tryTo((config) => joined(config, cluster.serversOf(gid)))
    .finally(() => void (stage.isOver = true));
  const hasMoved = (): boolean =>
    Array.from({ length: cluster.shards }).some((_, i) => cluster.ownership.servedBy(i) === gid);
  // Groups that do not show what they serve give no sign.
  while (!hasMoved() && !stage.isOver) await t.sleep(LOOK_MS);
  t.count('held up', Number(!stage.isOver));
  // It still reaches the groups.
  old.cutOff([STORE_SERVER]);
  await t.sleep(MOVE_MS);
  await comesBackTooLate(run, client, { old, work, gid });
}

async function deadDestination(run: ScriptRun): Promise<void> {
  const { t, cluster } = run;
  const { ctrler, client } = await begin(run);
  const [leaving, dead] = addGroups(run, 2) as [Gid, Gid];
  await ctrler.join(leaving, dead);
  const before = await ctrler.query();
  const after = left(before, [leaving]);
  const moves = movesBetween(before, after);
  cluster.group(dead).shutDown();
  const stage = { isOver: false };
  const work = ctrler.leave(leaving).then(() => void (stage.isOver = true));
  for (const move of moves.filter(({ to }) => to !== dead)) await movesInTime(run, move);
  t.expect('a change waits for a group that is down', !stage.isOver, () => {
    return `it is over, and ${moves.filter(({ to }) => to === dead).length} shards go to ${dead}`;
  });
  cluster.group(dead).startAgain();
  await work;
  await client.checkAll();
}

/** The destination answers for a key of a shard. The group itself is asked: clerks may not know. */
async function movesInTime({ t, cluster }: ScriptRun, { shard, to }: Move): Promise<void> {
  const key = keys.find((each) => shardOf(each, cluster.shards) === shard)!;
  const name = `asker${shard}`;
  const answers: GetReply[] = [];
  t.addNode(name, async (env) => {
    const peers = cluster.group(to).ids.map((id) => env.peer(id));
    const group = t.layers(env).makeGroupClerk(env, peers);
    while (answers.length === 0) {
      const { reply } = await group.get(key);
      if (reply?.err === 'ErrWrongGroup') await env.sleep(LOOK_MS * 100);
      else if (reply !== undefined) answers.push(reply);
    }
  });
  const until = t.world.now() + MOVE_MS;
  while (answers.length === 0 && t.world.now() < until) await t.sleep(LOOK_MS * 100);
  t.expectInTime('a dead group holds up nobody but its own shards', answers.length > 0, () => {
    return `group ${to} does not serve shard ${shard}, ${MOVE_MS} ms after the change has begun`;
  });
  t.count('shards that went past it');
}

async function lostReply(run: ScriptRun): Promise<void> {
  const { t, cluster } = run;
  const { ctrler, client } = await begin(run);
  const gid = addGroup(run);
  const moves = await movesTo(run, ctrler, gid);
  const key = keys.find((each) =>
    moves.some(({ shard }) => shard === shardOf(each, cluster.shards)),
  )!;
  const deaf = new ScriptedClient(run, 'deaf');
  await deaf.get(key);
  const from = cluster.group(FIRST_GID).ids;
  t.world.begin({
    id: 'replies lost',
    kind: 'cut',
    atMs: t.world.now(),
    untilMs: 3_600_000,
    from,
    to: 'deaf',
  });
  const put = deaf.put(key, 'put once', 1);
  while ((await client.get(key)).version === 1) await t.sleep(1);
  await ctrler.join(gid);
  const isDone = await t.inTime(FIND_MS, put);
  t.expectInTime('a clerk finds the shard where it is now', isDone, () => {
    return `the put of ${key} has no answer ${FIND_MS} ms after its shard has moved`;
  });
  const outcome = await put;
  t.expect(
    'what was carried out is not refused',
    outcome === 'OK' || outcome === 'ErrMaybe',
    () => {
      return `${key} was put once at version 1 and carried out, and the clerk says ${outcome}`;
    },
  );
  const { value, version } = await deaf.get(key);
  t.expect('a put moves with its shard', value === 'put once' && version === 2, () => {
    return `${key} was put once, and get answered version ${version}: ${value}`;
  });
  await lostInAChange(run, ctrler, { gid, key, client });
}

/**
 * The same on the way back, with a clerk that hears of the change before it asks for anything: it
 * may know both owners of the shard at once.
 */
async function lostInAChange(
  run: ScriptRun,
  ctrler: ScriptedCtrler,
  { gid, key, client }: { gid: Gid; key: string; client: ScriptedClient },
): Promise<void> {
  const { t, cluster } = run;
  const { ids } = cluster.group(gid);
  const deaf = new ScriptedClient(run, 'deaf too');
  ctrler.cutOff(ids);
  const work = ctrler.leave(gid);
  await t.sleep(POSTED_MS);
  t.world.begin({
    id: 'more replies lost',
    kind: 'cut',
    atMs: t.world.now(),
    untilMs: 3_600_000,
    from: ids,
    to: 'deaf too',
  });
  const put = deaf.put(key, 'put again', 2);
  while ((await client.get(key)).version === 2) await t.sleep(1);
  ctrler.reconnect();
  await work;
  const isDone = await t.inTime(FIND_MS, put);
  t.expectInTime('a clerk finds the shard where it is now', isDone, () => {
    return `the put of ${key} has no answer ${FIND_MS} ms after its shard has moved back`;
  });
  const outcome = await put;
  t.expect(
    'what was carried out is not refused',
    outcome === 'OK' || outcome === 'ErrMaybe',
    () => `${key} was put once at version 2 and carried out, and the clerk says ${outcome}`,
  );
}

async function longShard(run: ScriptRun): Promise<void> {
  const { t, cluster } = run;
  const { client } = await begin(run);
  const gid = addGroup(run);
  const old = new ScriptedCtrler(run, 'old');
  const { shard } = (await movesTo(run, old, gid))[0]!;
  const long = Array.from({ length: LONG_KEYS * cluster.shards * 2 }, (_, i) => `long${i}`)
    .filter((key) => shardOf(key, cluster.shards) === shard)
    .slice(0, LONG_KEYS);
  const valueOf = (key: string): string => key.padEnd(MAX_VALUE, '.');
  for (const key of long) await client.put(key, valueOf(key), 0);
  void old.tryTo((config) => joined(config, cluster.serversOf(gid)));
  await t.sleep(t.world.streams.stream('script').between(...CUT_OFF_MS));
  old.cutOff();
  const fresh = new ScriptedCtrler(run, 'new');
  const isDone = await t.inTime(FIND_MS, fresh.recover());
  t.expectInTime('a long shard moves', isDone, () => {
    return `shard ${shard} has not moved, ${FIND_MS} ms after a controller was cut off over it`;
  });
  for (const group of cluster.groups.values()) {
    group.shutDown();
    group.startAgain();
  }
  for (const key of long) {
    const { value, version } = await client.get(key);
    t.expect('a long shard is whole', value === valueOf(key) && version === 1, () => {
      return `${key} was put once, and get answered version ${version}, ${value.length} characters`;
    });
    t.count('long keys checked');
  }
  await client.checkAll();
}

async function lateRequests(run: ScriptRun): Promise<void> {
  const { t, cluster } = run;
  const { ctrler, client } = await begin(run);
  const gid = addGroup(run);
  const moves = await movesTo(run, ctrler, gid);
  t.world.begin({
    id: 'twice',
    kind: 'duplicate',
    atMs: t.world.now(),
    from: ctrler.id,
    to: [...cluster.groups.values()].flatMap(({ ids }) => ids),
    ppm: 1_000_000,
    laterMs: [LATE_MS, LATE_MS],
  });
  await ctrler.join(gid);
  t.world.lift('twice');
  const isOver = t.world.now() + LATE_MS;
  await ctrler.leave(gid);
  // All that was sent is back where it was, with something newer.
  const newer = keys.filter((key) => shardsOf(moves).has(shardOf(key, cluster.shards)));
  for (const key of newer) await client.put(key, `newer ${key}`, 1);
  await t.sleep(isOver - t.world.now());
  const got = new Map<string, GetReply>();
  const work = (async () => {
    for (const key of newer) got.set(key, await client.get(key));
  })();
  t.expectInTime('late requests stop nobody', await t.inTime(MOVE_MS, work), () => {
    return `${got.size} of ${newer.length} gets are answered, ${MOVE_MS} ms after the last of them`;
  });
  for (const [key, { value, version }] of got) {
    t.expect('late requests change nothing', value === `newer ${key}` && version === 2, () => {
      return `${key} was put twice, and get answered version ${version}: ${value}`;
    });
    t.count('keys put again');
  }
}

/** One shard moves in each change, so that a group never gets back what it has given away. */
async function slowCtrler(run: ScriptRun): Promise<void> {
  const { t, cluster } = run;
  const { ctrler, client } = await begin(run);
  const gid = addGroup(run);
  const first = await ctrler.query();
  const slow = new ScriptedCtrler(run, 'slow');
  t.world.begin({
    id: 'slow store',
    kind: 'delay',
    atMs: t.world.now(),
    untilMs: 3_600_000,
    between: ['slow', [STORE_SERVER]],
    extraMs: [SLOW_MS, SLOW_MS],
  });
  await ctrler.change((now) => ({ ...joined(now, cluster.serversOf(gid)), shards: now.shards }));
  const stage = { isOver: false };
  const work = (async () => {
    await slow.initConfig(first);
    while (!stage.isOver) t.count('recoveries', Number(await slow.recover()));
  })();
  for (const shard of first.shards.keys()) await ctrler.change((now) => moved(now, shard, gid));
  stage.isOver = true;
  const isDone = await t.inTime(FIND_MS, work);
  t.expectInTime('a change comes to its end', isDone, () => {
    return `a slow controller is not done, ${FIND_MS} ms after the last change`;
  });
  const now = await ctrler.query();
  const isLast = now.num === first.num + 1 + first.shards.length;
  t.expect('nobody goes back', isLast && now.shards.every((owner) => owner === gid), () => {
    return `configuration ${now.num}, with shards at ${now.shards.join(', ')}`;
  });
  await client.checkAll();
}

function shardsOf(moves: readonly Move[]): Set<number> {
  return new Set(moves.map(({ shard }) => shard));
}

/** The shards that go to a group when it joins now. */
async function movesTo({ cluster }: ScriptRun, ctrler: ScriptedCtrler, gid: Gid): Promise<Move[]> {
  const now = await ctrler.query();
  return movesBetween(now, joined(now, cluster.serversOf(gid)));
}
