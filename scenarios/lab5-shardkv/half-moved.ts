import { type Gid, shardOf, type ShardConfig } from '../../shardkv/index.ts';
import { FIRST_GID } from './cluster.ts';
import {
  addGroups,
  begin,
  keys,
  ScriptedClient,
  type ScriptedCtrler,
  type ScriptedTest,
  type ScriptRun,
} from './scripted.ts';

/** A change is under way so soon after it has begun: what can move has moved; in ms. */
const UNDER_WAY_MS = 1000;
/** While it is half-done, what can be answered is answered in so long, in ms. */
const WINDOW_MS = 2000;
/** And so soon after the missing group is back it is over, and all is answered, in ms. */
const BACK_MS = 2000;

/** Shards that wait for the dead group, and shards that move elsewhere in the same change. */
const STUCK = 2;
const MOVING = 1;

/** What becomes of a shard in the change. */
type Fate = 'stays' | 'moves' | 'is stuck';

const CHECKS = {
  stays: 'shards that do not move are served',
  moves: 'shards that have moved are served before the change is over',
} as const;

/** Half a migration: all that is not waiting for a dead group is served. */
export const halfMoved: ScriptedTest = {
  name: 'shardkv/half-moved',
  description: 'a change waits for a dead group; what does not move, or has moved, is served',
  atLeast: {
    'answered: stays': 60,
    'answered: moves': 12,
    'hung: is stuck': 60,
    'keys checked': 180,
  },
  async script(run) {
    const { ctrler, client } = await begin(run);
    const [second, third] = addGroups(run, 2) as [Gid, Gid];
    await ctrler.join(second, third);
    const shardsOf = (now: ShardConfig, gid: Gid): number[] =>
      now.shards.flatMap((owner, shard) => (owner === gid ? [shard] : []));
    // Their destination is down. The controller comes to them first.
    await whileDown(run, ctrler, third, (now) => {
      const own = shardsOf(now, FIRST_GID);
      const [stuck, moving] = [own.slice(0, STUCK), own.slice(STUCK, STUCK + MOVING)];
      return given(given(now, stuck, third), moving, second);
    });
    await client.checkAll();
    // Their source is down.
    await whileDown(run, ctrler, third, (now) => {
      const stuck = shardsOf(now, third).slice(0, STUCK);
      return given(given(now, stuck, FIRST_GID), shardsOf(now, second).slice(-MOVING), FIRST_GID);
    });
    await client.checkAll();
  },
};

function given(now: ShardConfig, some: readonly number[], gid: Gid): ShardConfig {
  const shards = now.shards.map((owner, shard) => (some.includes(shard) ? gid : owner));
  return { ...now, shards };
}

async function whileDown(
  run: ScriptRun,
  ctrler: ScriptedCtrler,
  dead: Gid,
  change: (now: ShardConfig) => ShardConfig,
): Promise<void> {
  const { t, cluster } = run;
  const before = await ctrler.query();
  const after = { ...change(before), num: before.num + 1 };
  cluster.group(dead).shutDown();
  const stage = { isOver: false };
  const work = ctrler.change(() => after).then(() => void (stage.isOver = true));
  await t.sleep(UNDER_WAY_MS);
  const asked = askAll(run, before.num);
  await t.inTime(WINDOW_MS, asked.done);
  judge(run, asked, (shard) => fateOf(shard, before, after, dead));
  t.expect('a change waits for a group that is down', !stage.isOver, () => {
    return `configuration ${after.num} is in force, and group ${dead} is down`;
  });
  cluster.group(dead).startAgain();
  const isDone = await t.inTime(BACK_MS, Promise.all([work, asked.done]));
  t.expectInTime('a change ends when the group is back', isDone, () => {
    return `not all is done ${BACK_MS} ms after group ${dead} is back`;
  });
}

function fateOf(shard: number, before: ShardConfig, after: ShardConfig, dead: Gid): Fate {
  const [from, to] = [before.shards[shard], after.shards[shard]];
  if (from === dead || to === dead) return 'is stuck';
  return from === to ? 'stays' : 'moves';
}

/** Gets of all keys, and puts of as many others, each by a client of its own. */
interface Asked {
  readonly answered: ReadonlySet<string>;
  readonly done: Promise<unknown>;
}

const putKeys: readonly string[] = keys.map((key) => `put ${key}`);

function askAll(run: ScriptRun, round: number): Asked {
  const answered = new Set<string>();
  const gets = keys.map(async (key) => {
    await new ScriptedClient(run, `get ${key} #${round}`).check(key);
    answered.add(key);
  });
  const puts = putKeys.map(async (key) => {
    const client = new ScriptedClient(run, `${key} #${round}`);
    await client.put(key, `in ${round}`, (await client.get(key)).version);
    answered.add(key);
  });
  return { answered, done: Promise.all([...gets, ...puts]) };
}

function judge(
  { t, cluster }: ScriptRun,
  { answered }: Asked,
  fateOfShard: (shard: number) => Fate,
): void {
  for (const key of [...keys, ...putKeys]) {
    const shard = shardOf(key, cluster.shards);
    const fate = fateOfShard(shard);
    const isAnswered = answered.has(key);
    t.count(`${isAnswered ? 'answered' : 'hung'}: ${fate}`);
    // It may be served as long as it is not frozen; what is written afterwards is lost, and missed.
    if (fate === 'is stuck') continue;
    t.expectInTime(CHECKS[fate], isAnswered, () => {
      return `${key} of shard ${shard}, which ${fate}, has no answer after ${WINDOW_MS} ms`;
    });
  }
}
