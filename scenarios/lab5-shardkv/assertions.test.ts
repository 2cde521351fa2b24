import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { KvClerk } from '../../kvsrv/index.ts';
import { rsmOf, rsmPorts, rsmRules } from '../../raft/index.ts';
import {
  type ChangeResult,
  ctrlerPorts,
  type CtrlerPorts,
  ctrlerRules,
  type CtrlerRules,
  groupClerk,
  groupClerkPorts,
  groupPorts,
  groupRules,
  type InstallArgs,
  type GroupRules,
  makeShardClerk,
  makeShardCtrler,
  makeShardGroup,
  type ShardConfig,
  type ShardCtrler,
  shardCtrler,
  shardGroup,
} from '../../shardkv/index.ts';
import { closedGroup } from '../../shardkv/testing/closed-group.ts';
import { replicatedClerkRules } from '../../kvsrv/index.ts';
import type { Env } from '../../sim/index.ts';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import { objections, titled, type Guard } from '../testing/guard.ts';
import type { Lab5Layers } from './cluster.ts';

const registry = new Registry(packs);

type Layers = Partial<Lab5Layers>;

/** Our group server, with other decisions. */
const group = (rules: Partial<GroupRules>): Layers => ({
  makeShardGroup: shardGroup({ ...groupRules, ...rules }, groupPorts),
});

/** The same groups, which show nothing of their state. */
const closed = ({ makeShardGroup: make }: Layers): Layers => ({
  makeShardGroup: closedGroup(make!),
});

/** Our controller, with other decisions, or in another order. */
const ctrlerOf = (rules: Partial<CtrlerRules>, ports: Partial<CtrlerPorts> = {}): Layers => ({
  makeShardCtrler: shardCtrler({ ...ctrlerRules, ...rules }, { ...ctrlerPorts, ...ports }),
});

/** Our controller, wrapped. */
const ctrler = (wrap: (own: ShardCtrler, env: Env) => Partial<ShardCtrler>): Layers => ({
  makeShardCtrler(env, store, groups) {
    const own = makeShardCtrler(env, store, groups);
    const rest: ShardCtrler = {
      initConfig: (config) => own.initConfig(config),
      query: () => own.query(),
      queryNext: () => own.queryNext!(),
      changeConfigTo: (config) => own.changeConfigTo(config),
      initController: () => own.initController(),
    };
    return { ...rest, ...wrap(own, env) };
  },
});

/** Our clerk, wrapped. */
const clerk = (wrap: (own: KvClerk, env: Env) => Partial<KvClerk>): Layers => ({
  makeShardClerk(env, directory, groups, options) {
    const own = makeShardClerk(env, directory, groups, options);
    return { ...own, ...wrap(own, env) };
  },
});

/** A clerk that answers what any clerk has read before. */
function remembers(): Layers {
  const read = new Map<string, Awaited<ReturnType<KvClerk['get']>>>();
  return clerk((own) => ({
    async get(key) {
      const reply = read.get(key) ?? (await own.get(key));
      if (reply.version > 0) read.set(key, reply);
      return reply;
    },
  }));
}

/** A clerk that never looks where a shard has gone to. */
const stubborn: Layers = {
  makeShardClerk(env, directory, groups, options) {
    let first: Promise<ShardConfig> | undefined = undefined;
    const query = (): Promise<ShardConfig> => (first ??= directory.query());
    return makeShardClerk(env, { query }, groups, options);
  },
};

/** Clerks of which one gets at a time. */
function queues(): Layers {
  const stage = { isBusy: false };
  return clerk((own, env) => ({
    async get(key) {
      while (stage.isBusy) await env.sleep(1);
      stage.isBusy = true;
      const reply = await own.get(key);
      stage.isBusy = false;
      return reply;
    },
  }));
}

const slowGets = (ms: number): Layers =>
  clerk((own, env) => ({
    async get(key) {
      await env.sleep(ms);
      return await own.get(key);
    },
  }));

/** Servers that answer no client any more once they were restarted. */
const mute: Layers = {
  makeShardGroup(env, host) {
    const own = makeShardGroup(env, host);
    if (env.incarnation === 1) return own;
    const never = (): Promise<never> => new Promise(() => {});
    return { ...own, handlers: { ...own.handlers, get: never, put: never } };
  },
};

/** Servers that do not answer what is too long for them. */
const mutedAt = (length: number): Layers => ({
  makeShardGroup(env, host) {
    const own = makeShardGroup(env, host);
    const { installShard } = own.handlers;
    const install = (args: InstallArgs): unknown =>
      args.state.length > length ? new Promise(() => {}) : installShard(args);
    return { ...own, handlers: { ...own.handlers, installShard: install } };
  },
});

/** A controller to which everything is a success. */
const ok: Layers = ctrler((own) => ({
  async changeConfigTo(config) {
    await own.changeConfigTo(config);
    return { err: 'OK' };
  },
}));

/** A controller that tells of a change that nobody has made. */
const boaster = (id: string): Layers => {
  let far = 0;
  return ctrler((own, env) =>
    env.id === id
      ? {
          query: async () => ({ ...(await own.query()), num: (far += 1000) }),
          changeConfigTo: async () => ({ err: 'OK' }),
        }
      : {},
  );
};

/** A controller that makes something else of a configuration. */
const making = (change: (config: ShardConfig) => ShardConfig): Layers =>
  ctrler((own) => ({ changeConfigTo: (config) => own.changeConfigTo(change(config)) }));

/** A controller that answers something else. */
const answering = (change: (config: ShardConfig, own: ChangeResult) => ChangeResult): Layers =>
  ctrler((own) => ({
    changeConfigTo: async (config) => change(config, await own.changeConfigTo(config)),
  }));

/** Shards are moved, and nobody says so. */
const stuck: Layers = ctrlerOf(
  {},
  {
    async moveAll(env, moves, moveOne) {
      await ctrlerPorts.moveAll(env, moves, moveOne);
      if (moves.length > 0) await env.sleep(1e6);
    },
  },
);

/** Moves are left to themselves. */
const hasty: Layers = ctrlerOf(
  {},
  {
    moveAll: async (env, moves, moveOne) => {
      for (const move of moves) env.spawn(`move ${move.shard}`, () => moveOne(move));
    },
  },
);

const takesBack: Layers = ctrlerOf({
  unfinished(both) {
    const next = ctrlerRules.unfinished(both);
    const now = both.current.config;
    return next === undefined || now === undefined ? next : { ...now, num: next.num };
  },
});

const losesFirst: Layers = group({
  entriesOf: (state) => new Map([...groupRules.entriesOf(state)].slice(1)),
});

const renamed = (state: string): Map<string, { value: string; version: number }> =>
  new Map(
    [...groupRules.entriesOf(state)].map(([key, { version }]) => [key, { value: '?', version }]),
  );

const liveness = { class: 'liveness' } as const;

const changes: readonly Guard[] = [
  {
    broken: 'a controller that tells of another configuration',
    scenario: 'shardkv/init-query',
    layers: ctrler((own) => ({ query: async () => ({ ...(await own.query()), num: 2 }) })),
    check: 'the first configuration is the one that was given',
    says: /^it has number 2 and shards 1 1 1/,
  },
  {
    broken: 'a controller that never comes to an end',
    scenario: 'shardkv/join-basic',
    layers: stuck,
    check: 'a change comes to its end',
    ...liveness,
  },
  {
    broken: 'a controller that does not know what it has made',
    scenario: 'shardkv/join-basic',
    layers: answering(() => ({ err: 'ErrMaybe' })),
    check: 'a change that nobody else disturbs succeeds',
    says: /was answered \{"err":"ErrMaybe"\} to configuration 2$/,
  },
  {
    broken: 'a controller that moves other shards',
    scenario: 'shardkv/join-basic',
    layers: making((config) => ({ ...config, shards: config.shards.toReversed() })),
    check: 'the configuration is what was asked for',
  },
  {
    broken: 'a controller that writes down other servers',
    scenario: 'shardkv/join-basic',
    layers: making((config) => ({ ...config, groups: { ...config.groups, 9: ['g9.s0'] } })),
    check: 'the configuration is what was asked for',
    says: /of groups 1, 2, and there is configuration 2 of groups 1, 2, 9$/,
  },
  {
    broken: 'a controller that is slow',
    scenario: 'shardkv/progress-join',
    layers: ctrlerOf(
      {},
      {
        async moveAll(env, moves, moveOne) {
          await env.sleep(1500);
          await ctrlerPorts.moveAll(env, moves, moveOne);
        },
      },
    ),
    check: 'groups come and go meanwhile',
  },
  {
    broken: 'a controller that does not wait',
    scenario: 'shardkv/join-leave',
    layers: hasty,
    check: 'a change waits for a group that is down',
  },
  {
    broken: 'a controller that is slow to ask again',
    scenario: 'shardkv/join-leave',
    layers: {
      makeGroupClerk: groupClerk(replicatedClerkRules, {
        ...groupClerkPorts,
        pause: (env) => env.sleep(6000),
      }),
    },
    check: 'a change ends when the group is back',
    ...liveness,
  },
  {
    broken: 'a controller that takes long to recover',
    scenario: 'shardkv/recover-ctrler',
    layers: ctrler((own, env) => ({
      async initController() {
        await env.sleep(20_000);
        return await own.initController();
      },
    })),
    check: 'a new controller finishes the change',
    ...liveness,
  },
  {
    broken: 'a controller that finds nothing to finish',
    scenario: 'shardkv/recover-ctrler',
    layers: ctrler(() => ({ initController: async () => false })),
    check: 'the change was left half-done',
  },
  {
    broken: 'a controller that only says that it has finished',
    scenario: 'shardkv/recover-ctrler',
    layers: ctrler(() => ({ initController: async () => true })),
    check: 'configurations go on',
  },
  {
    broken: 'a controller that takes back what was begun',
    scenario: 'shardkv/recover-ctrler',
    layers: takesBack,
    check: 'members are those that the change asked for',
  },
  {
    broken: 'a controller that takes back what was begun',
    scenario: 'shardkv/partition-ctrler-join',
    layers: takesBack,
    check: 'the group is a member',
  },
  {
    broken: 'a controller that does not own up to its change',
    scenario: 'shardkv/partition-ctrler-join',
    layers: ctrler((own, { id }) => ({
      async changeConfigTo(config) {
        const result = await own.changeConfigTo(config);
        return id === 'old' ? { err: 'ErrMaybe' } : result;
      },
    })),
    check: 'a change that others have finished is made',
  },
  {
    broken: 'controllers to whom everything is a success',
    scenario: 'shardkv/concurrent-ctrlers',
    layers: ok,
    check: 'every number belongs to one change',
  },
  {
    broken: 'controllers that deny every other change',
    scenario: 'shardkv/concurrent-ctrlers',
    layers: answering(({ num }, own) => (num % 2 === 0 ? own : { err: 'ErrTaken', reason: 'odd' })),
    check: 'every change has an author',
    says: /and nobody was told that 3 is made$/,
  },
  {
    broken: 'a controller that tells of changes that nobody has made',
    scenario: 'shardkv/concurrent-ctrlers',
    layers: boaster('ctrler2'),
    check: 'no change is lost',
  },
  {
    broken: 'controllers that move other shards',
    scenario: 'shardkv/concurrent-ctrlers',
    layers: making((config) => ({ ...config, shards: config.shards.toReversed() })),
    check: 'the last change is in force',
  },
  {
    broken: 'a controller that does not wait',
    scenario: 'shardkv/ctrler-crash',
    layers: hasty,
    check: 'moved shards are deleted',
    class: 'performance',
    seeds: 20,
  },
  {
    broken: 'a controller that finds nothing to recover',
    scenario: 'shardkv/ctrler-crash',
    layers: ctrler(() => ({ initController: () => Promise.resolve(false) })),
    check: 'whoever owns a shard serves it',
    seeds: 20,
  },
  {
    broken: 'a controller to whom everything is a success',
    scenario: 'shardkv/chaos-3',
    layers: ok,
    check: 'every number belongs to one change',
    seeds: 10,
  },
  {
    broken: 'a controller that tells of changes that nobody has made',
    scenario: 'shardkv/chaos-3',
    layers: boaster('ctrl0'),
    check: 'no change is lost',
    seeds: 3,
  },
  {
    broken: 'a controller that never comes to an end',
    scenario: 'shardkv/chaos-3',
    layers: stuck,
    check: 'all is as it should be once the world has healed',
    seeds: 3,
    ...liveness,
  },
];

const data: readonly Guard[] = [
  {
    broken: 'a group that refuses puts',
    scenario: 'shardkv/static-one-group',
    layers: group({ judgePut: () => 'ErrVersion' }),
    check: 'a put of a new key succeeds',
    says: /^client put k0 at version 0, and was answered ErrVersion$/,
  },
  {
    broken: 'a state that loses a key on its way',
    scenario: 'shardkv/join-leave-basic',
    layers: losesFirst,
    check: 'what is acknowledged is kept',
    says: /^g2\.s\d: shard \d+ is serving .* 2: version 1 of k\d+ was acknowledged, and no group/,
  },
  {
    broken: 'a closed group whose state loses a key on its way',
    scenario: 'shardkv/join-leave-basic',
    layers: closed(losesFirst),
    check: 'data is intact',
    says: /^k\d+ was put once, and get answered ErrNoKey, version 0: $/,
  },
  {
    broken: 'a clerk that remembers what others have read',
    scenario: 'shardkv/join-basic',
    layers: remembers(),
    check: 'gets of a group that is down hang',
  },
  {
    broken: 'clerks that wait for each other',
    scenario: 'shardkv/join-basic',
    layers: queues(),
    check: 'gets of other groups are answered',
    ...liveness,
  },
  {
    broken: 'servers that are mute after a restart',
    scenario: 'shardkv/join-basic',
    layers: mute,
    check: 'a group that is back answers',
    ...liveness,
  },
  {
    broken: 'a clerk that takes its time',
    scenario: 'shardkv/progress-shutdown',
    layers: slowGets(100),
    check: 'gets of live groups finish in 2 s',
    ...liveness,
  },
  {
    broken: 'a clerk that takes its time',
    scenario: 'shardkv/progress-join',
    layers: slowGets(50),
    check: 'shards that do not move are served',
    ...liveness,
  },
  {
    broken: 'a deletion that keeps the keys',
    scenario: 'shardkv/delete-basic',
    layers: group({ deleted: (shard, num) => ({ ...shard, status: 'absent', num }) }),
    check: 'moved shards are deleted',
    class: 'performance',
  },
  {
    broken: 'a layer that takes no snapshots',
    scenario: 'shardkv/delete-basic',
    layers: {
      makeRsm: rsmOf({ rules: { ...rsmRules, needsSnapshot: () => false }, ports: rsmPorts }),
    },
    check: 'both groups have taken snapshots',
  },
  {
    broken: 'a clerk that never looks where a shard has gone to',
    scenario: 'shardkv/lost-reply',
    layers: stubborn,

    check: 'a clerk finds the shard where it is now',
    ...liveness,
  },
  {
    broken: 'a closed group that loses a part of a state',
    scenario: 'shardkv/long-shard',
    layers: closed(
      group({ entriesOf: (state) => new Map([...groupRules.entriesOf(state)].slice(0, 10)) }),
    ),
    check: 'a long shard is whole',
    says: /^long\d+ was put once, and get answered version 0, 0 characters$/,
  },
  {
    broken: 'a group that takes no long requests',
    scenario: 'shardkv/long-shard',
    layers: mutedAt(100_000),
    check: 'a long shard moves',
    ...liveness,
  },
  {
    broken: 'a clerk that remembers what others have read',
    scenario: 'shardkv/late-requests',
    layers: remembers(),
    check: 'late requests change nothing',
  },
  {
    broken: 'a group that shows nothing, and freezes whatever the number',
    scenario: 'shardkv/late-requests',
    layers: closed(group({ judgeFreeze: () => 'OK' })),
    check: 'late requests stop nobody',
    ...liveness,
  },
  {
    broken: 'a state that changes on its way',
    scenario: 'shardkv/lost-reply',
    layers: group({ entriesOf: renamed }),
    check: 'a put moves with its shard',
    says: /^k\d+ was put once, and get answered version 2: \?$/,
  },
];

const owners: readonly Guard[] = [
  {
    broken: 'a controller that installs a shard where it was, too',
    scenario: 'shardkv/join-basic',
    layers: {
      ...group({ judgeInstall: () => 'OK' }),
      ...ctrlerOf(
        {},
        {
          async moveOne(_env, move, steps) {
            const state = await steps.freeze(move);
            await steps.install(move, state!);
            await steps.install({ ...move, to: move.from }, state!);
          },
        },
      ),
    },
    check: 'one owner a shard and configuration',
    says: /is served by group 1 at configuration 2, and by group 2$/,
  },
  {
    broken: 'a group that goes on instead of deleting',
    scenario: 'shardkv/join-basic',
    layers: group({ deleted: (shard, num) => ({ ...shard, status: 'serving', num: num + 1 }) }),
    check: 'one group serves a shard',
    says: /is served by group 1 at configuration 3, while 2 serves it$/,
  },
  {
    broken: 'a deletion that forgets the number',
    scenario: 'shardkv/join-basic',
    layers: group({ deleted: (shard) => ({ ...shard, status: 'absent', num: 0 }) }),
    check: 'numbers never go back',
    says: /is absent at configuration 0, after 2$/,
  },
  ...[
    {
      what: 'freezes',
      layers: group({ judgeFreeze: () => 'OK' }),
      says: /frozen at configuration 2/,
    },
    {
      what: 'installs',
      layers: group({ judgeInstall: () => 'OK' }),
      says: /serving at .* 2, after 3/,
    },
    {
      what: 'deletes',
      layers: group({ judgeDelete: () => 'OK' }),
      says: /absent at .* 2, after 3/,
    },
  ].map(({ what, ...rest }) => ({
    broken: `a group that ${what} whatever the number`,
    scenario: 'shardkv/late-requests',
    check: 'numbers never go back',
    ...rest,
  })),
  {
    broken: 'a controller that deletes what it has not installed',
    scenario: 'shardkv/join-basic',
    layers: ctrlerOf(
      {},
      {
        async moveOne(_env, move, steps) {
          await steps.freeze(move);
          await steps.delete(move);
        },
      },
    ),
    check: 'what is deleted is elsewhere',
  },
];

/** Files of this folder that check anything. */
const FILES = [
  'acknowledged.ts',
  'chaos.ts',
  'ctrler-crash.ts',
  'ctrler-program.ts',
  'down.ts',
  'official-5a.ts',
  'official-5b.ts',
  'official-5c.ts',
  'ownership.ts',
  'partitioned-ctrler.ts',
  'scripted.ts',
  'seldom.ts',
  'too-late.ts',
];

/** What else trips the checks that no case here is about. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'nobody goes back': 'S11',
  'what was carried out is not refused': 'S13',
  'a dead group holds up nobody but its own shards': 'S19',
  'both groups have shards that stay': 'no layer: how shards are spread is not replaceable',
};

describe.each([
  { part: 'changes of configuration', cases: changes },
  { part: 'keys and values', cases: data },
  { part: 'who owns what', cases: owners },
])('what the assertions guard: $part', ({ cases }) => {
  test.each(titled(cases))('%s', { timeout: 60_000 }, async (_title, guard) => {
    expect(await objections(registry.scenario(guard.scenario), guard)).toEqual([]);
  });
});

test('every check of these scenarios is among them, or tripped by a specimen', () => {
  const names = FILES.flatMap((file) => {
    const source = readFileSync(join(import.meta.dirname, file), 'utf8');
    return [...source.matchAll(/\bt\.expect\w*\(\s*'(?<name>[^']+)'/g)].map(
      (m) => m.groups!['name']!,
    );
  });
  const guarded = [...changes, ...data, ...owners].map(({ check }) => check);

  expect(names.length).toBeGreaterThan(35);
  expect(new Set(names)).toEqual(new Set([...guarded, ...Object.keys(ELSEWHERE)]));
});
