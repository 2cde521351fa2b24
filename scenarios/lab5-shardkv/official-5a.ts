import { type Gid, gidsOf, ownerOf, type ShardConfig } from '../../shardkv/index.ts';
import { FIRST_GID } from './cluster.ts';
import { checkWithout } from './down.ts';
import {
  addGroup,
  addGroups,
  begin,
  keys,
  ScriptedCtrler,
  type ScriptedTest,
  type ScriptRun,
} from './scripted.ts';
import { startWorkers } from './workers.ts';

/** Between two changes of groups, in ms. */
const BETWEEN_MS = 200;

const MANY_GROUPS = 8;

/** Figures of the test of deletion: raft state, length of values, gets after the move. */
const DELETE_STATE = 10_000;
const DELETE_LENGTH = 1000;
const DELETE_GETS = 300;

const PROGRESS_MS = 2000;
/** Gets of shards that do not move, and the time for them, in ms. */
const JOIN_GETS = 100;
const JOIN_MS = 4000;

/** How long clerks work while groups join and leave, in ms. */
const CONCURRENT_MS = 20_000;

export const tests5A: readonly ScriptedTest[] = [
  {
    name: 'shardkv/init-query',
    test: 'TestInitQuery5A',
    description: 'the first configuration can be read',
    async script(run) {
      const ctrler = new ScriptedCtrler(run, 'ctrler');
      await ctrler.initConfig(run.cluster.firstConfig());
      const { num, shards } = await ctrler.query();
      const isFirst = num === 1 && shards.every((gid) => gid === FIRST_GID);
      run.t.expect('the first configuration is the one that was given', isFirst, () => {
        return `it has number ${num} and shards ${shards.join(' ')}`;
      });
    },
  },
  {
    name: 'shardkv/static-one-group',
    test: 'TestStaticOneShardGroup5A',
    description: 'one group; its leader goes down, and all keys stay readable',
    async script(run) {
      const { client } = await begin(run);
      const group = run.cluster.group(FIRST_GID);
      const leader = await group.leader();
      group.shutDown([leader!]);
      await client.checkAll();
    },
  },
  {
    name: 'shardkv/join-basic',
    test: 'TestJoinBasic5A',
    description: 'a group joins and gets shards; each group goes down in turn',
    async script(run) {
      const { ctrler, client } = await begin(run);
      const gid = addGroup(run);
      await ctrler.join(gid);
      await client.checkAll();
      for (const each of [FIRST_GID, gid]) await checkWithout(run, ctrler, each);
      await client.checkAll();
    },
  },
  {
    name: 'shardkv/delete-basic',
    test: 'TestDeleteBasic5A',
    description: 'moved shards are deleted where they were; groups restart from what is left',
    maxRaftState: DELETE_STATE,
    script: deleteBasic,
  },
  {
    name: 'shardkv/join-leave-basic',
    test: 'TestJoinLeaveBasic5A',
    description: 'a group joins, the first one leaves, goes down, comes back and joins again',
    async script(run) {
      const { ctrler, client } = await begin(run);
      const gid = addGroup(run);
      await ctrler.join(gid);
      await client.checkAll();
      await ctrler.leave(FIRST_GID);
      run.cluster.group(FIRST_GID).shutDown();
      await client.checkAll();
      run.cluster.group(FIRST_GID).startAgain();
      await ctrler.join(FIRST_GID);
      await client.checkAll();
      run.cluster.group(gid).shutDown();
      run.cluster.group(gid).startAgain();
      await client.checkAll();
    },
  },
  ...[false, true].map((isUnreliable): ScriptedTest => ({
    name: isUnreliable ? 'shardkv/many-join-leave-unreliable' : 'shardkv/many-join-leave',
    test: isUnreliable ? 'TestManyJoinLeaveUnreliable5A' : 'TestManyJoinLeaveReliable5A',
    description: `eight groups join, and leave again${isUnreliable ? ', on a lossy network' : ''}`,
    isUnreliable,
    script: manyJoinLeave,
  })),
  {
    name: 'shardkv/shutdown',
    test: 'TestShutdown5A',
    description: 'all groups go down, and come back with all data',
    async script(run) {
      const { ctrler, client } = await begin(run);
      await ctrler.join(...addGroups(run, 2));
      await client.checkAll();
      const groups = [...run.cluster.groups.values()];
      for (const group of groups) group.shutDown();
      await run.t.sleep(BETWEEN_MS);
      for (const group of groups) group.startAgain();
      await client.checkAll();
    },
  },
  {
    name: 'shardkv/progress-shutdown',
    test: 'TestProgressShutdown5A',
    description: 'of five groups two are down, and the others answer',
    async script(run) {
      const { t, cluster } = run;
      const { ctrler, client } = await begin(run);
      const gids = addGroups(run, 4);
      for (const gid of gids) await ctrler.join(gid);
      const down = gids.slice(-2);
      for (const gid of down) cluster.group(gid).shutDown();
      const config = await ctrler.query();
      const live = keys.filter((key) => !down.includes(ownerOf(config, key)));
      const work = Promise.resolve().then(async () => {
        for (const key of live) await client.check(key);
      });
      const isDone = await t.inTime(PROGRESS_MS, work);
      t.expectInTime('gets of live groups finish in 2 s', isDone, () => {
        return `not all of ${live.length} gets are answered ${PROGRESS_MS} ms later`;
      });
      for (const gid of down) cluster.group(gid).startAgain();
      await client.checkAll();
    },
  },
  {
    name: 'shardkv/progress-join',
    test: 'TestProgressJoin5A',
    description: 'shards that do not move are served while others do',
    script: progressJoin,
  },
  concurrent('TestOneConcurrentClerkReliable5A', 'one-clerk', 1, false),
  concurrent('TestManyConcurrentClerkReliable5A', 'many-clerks', 10, false),
  concurrent('TestOneConcurrentClerkUnreliable5A', 'one-clerk-unreliable', 1, true),
  concurrent('TestManyConcurrentClerkUnreliable5A', 'many-clerks-unreliable', 10, true),
];

function concurrent(
  test: string,
  name: string,
  clerks: number,
  isUnreliable: boolean,
): ScriptedTest {
  return {
    name: `shardkv/${name}`,
    test,
    description: `${clerks === 1 ? 'a client works' : 'ten clients work'} while groups come and go`,
    isUnreliable,
    async script(run) {
      const { t } = run;
      const { ctrler, client } = await begin(run);
      const workers = startWorkers(run, clerks);
      const until = t.world.now() + CONCURRENT_MS;
      const gids = addGroups(run, MANY_GROUPS);
      await joinInTurn(run, ctrler, gids);
      await leaveInTurn(run, ctrler, gids);
      if (t.world.now() < until) await t.sleep(until - t.world.now());
      await workers.stop();
      await client.checkAll();
    },
  };
}

async function joinInTurn({ t }: ScriptRun, ctrler: ScriptedCtrler, gids: Gid[]): Promise<void> {
  for (const gid of gids) {
    await ctrler.join(gid);
    await t.sleep(BETWEEN_MS);
  }
}

async function leaveInTurn({ t }: ScriptRun, ctrler: ScriptedCtrler, gids: Gid[]): Promise<void> {
  for (const gid of gids) {
    await ctrler.leave(gid);
    await t.sleep(BETWEEN_MS);
  }
}

async function manyJoinLeave(run: ScriptRun): Promise<void> {
  const { ctrler, client } = await begin(run);
  const gids = addGroups(run, MANY_GROUPS);
  await joinInTurn(run, ctrler, gids);
  await client.checkAll();
  await checkWithout(run, ctrler, gids[0]!);
  await leaveInTurn(run, ctrler, gids);
  await client.checkAll();
}

async function deleteBasic(run: ScriptRun): Promise<void> {
  const { t, cluster } = run;
  const { ctrler, client } = await begin(run, DELETE_LENGTH);
  const gid = addGroup(run);
  const before = cluster.group(FIRST_GID).snapshotSize();
  await ctrler.join(gid);
  for (let i = 0; i < DELETE_GETS; i++) await client.check(keys[i % keys.length]!, DELETE_LENGTH);
  const groups = [cluster.group(FIRST_GID), cluster.group(gid)];
  const checkSizes = (): void => {
    const [first, second] = groups.map((group) => group.snapshotSize());
    const most = before + DELETE_STATE;
    t.expectWithin('moved shards are deleted', first! + second! <= most, () => {
      return `snapshots of ${first} and ${second} bytes, where there was one of ${before}`;
    });
    t.expect('both groups have taken snapshots', first! > 0 && second! > 0, () => {
      return `snapshots of ${first} and ${second} bytes`;
    });
  };
  checkSizes();
  // The official test restarts nobody.
  for (const group of groups) {
    group.shutDown();
    group.startAgain();
  }
  await client.checkAll(DELETE_LENGTH);
  checkSizes();
}

async function progressJoin(run: ScriptRun): Promise<void> {
  const { t } = run;
  const { ctrler, client } = await begin(run);
  const [second, third] = addGroups(run, 2);
  await ctrler.join(second!);
  const before = await ctrler.query();
  const after = await ctrler.join(third!);
  const back = await ctrler.leave(third!);
  const staying = keys.filter((key) => staysPut([before, after, back], key));
  t.expect('both groups have shards that stay', ownersOf(before, staying).size === 2, () => {
    return `of ${gidsOf(before).join(', ')} only ${[...ownersOf(before, staying)].join()} has any`;
  });
  const until = t.world.now() + JOIN_MS;
  const stage = { changes: 0, gets: 0 };
  const changing = (async () => {
    for (; t.world.now() < until; stage.changes++) {
      await (stage.changes % 2 === 0 ? ctrler.join(third!) : ctrler.leave(third!));
    }
  })();
  const getting = (async () => {
    for (; t.world.now() < until; stage.gets++)
      await client.check(t.world.streams.stream('key').pick(staying));
  })();
  await t.inTime(JOIN_MS, Promise.all([changing, getting]));
  t.expectInTime('shards that do not move are served', stage.gets >= JOIN_GETS, () => {
    return `${stage.gets} gets in ${JOIN_MS} ms, ${JOIN_GETS} are asked for`;
  });
  t.expect('groups come and go meanwhile', stage.changes > 4, () => `${stage.changes} changes`);
  await Promise.all([changing, getting]);
}

function staysPut(configs: readonly ShardConfig[], key: string): boolean {
  return new Set(configs.map((config) => ownerOf(config, key))).size === 1;
}

function ownersOf(config: ShardConfig, some: readonly string[]): Set<Gid> {
  return new Set(some.map((key) => ownerOf(config, key)));
}
