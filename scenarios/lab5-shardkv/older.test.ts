import { expect, test } from 'vitest';
import { replicatedClerkRules } from '../../kvsrv/index.ts';
import {
  ctrlerPorts,
  ctrlerRules,
  type Gid,
  type GroupClerk,
  type GroupClerks,
  groupClerk,
  groupClerkPorts,
  groupPorts,
  groupRules,
  left,
  makeShardClerk,
  makeShardCtrler,
  type ShardConfig,
  shardGroup,
  type ShardLayers,
} from '../../shardkv/index.ts';
import { closedGroup } from '../../shardkv/testing/closed-group.ts';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import type { ViolationClass } from '../define/verdict.ts';
import { withCtrlerPort, withCtrlerRule, withGroup } from '../specimens/lab5-parts.ts';
import { firstFailure } from '../testing/first-failure.ts';
import { overSeeds } from '../testing/over-seeds.ts';
import { older } from './older.ts';

const registry = new Registry(packs);

test.each(older)('ours passes $name, and much has happened', async ({ name, atLeast }) => {
  const summary = await overSeeds(registry.scenario(name), { seeds: 2, atLeast });

  expect(summary.verdict).toBe('pass');
});

/** What must find a wrong variant: scenario, class of the violation, and check. */
type Row = readonly [
  name: string,
  kind: ViolationClass,
  check: string,
  what: string,
  layers: Partial<ShardLayers>,
];

/** One way to each gid, whoever its servers are. */
function keptByGid(groups: GroupClerks): GroupClerks {
  const kept = new Map<Gid, GroupClerk>();
  return (gid, servers) => {
    const way = kept.get(gid) ?? groups(gid, servers);
    kept.set(gid, way);
    return way;
  };
}

const WRONG: readonly Row[] = [
  [
    'shardkv/join-leave-move',
    'safety',
    'whoever owns a shard serves it',
    'a controller that forgets the last move of a change',
    withCtrlerPort({
      async moveAll(_env, moves, moveOne) {
        await Promise.all(moves.slice(0, Math.max(1, moves.length - 1)).map(moveOne));
      },
    }),
  ],
  [
    'shardkv/join-leave-move',
    'safety',
    'what is acknowledged is kept',
    'a group that installs a shard without its keys',
    withGroup({ entriesOf: () => new Map() }),
  ],
  [
    'shardkv/missed-changes',
    'safety',
    'replicas answer alike',
    'a snapshot that does not hold who owns what',
    withGroup({
      shardsOf: (snapshot, born) =>
        groupRules.shardsOf(snapshot, born).map(({ entries }, i) => ({ ...born[i]!, entries })),
    }),
  ],
  [
    'shardkv/missed-changes',
    'liveness',
    'a group that was away answers',
    'a clerk that waits for long once nobody leads a group',
    {
      makeGroupClerk: groupClerk(replicatedClerkRules, {
        ...groupClerkPorts,
        pause: (env) => env.sleep(5000),
      }),
    },
  ],
  [
    'shardkv/eight-ctrlers',
    'safety',
    'no change is lost',
    'a controller that throws a group out',
    {
      makeShardCtrler(env, store, groups) {
        const own = makeShardCtrler(env, store, groups);
        const without = (config: ShardConfig): ShardConfig =>
          config.num > 9 && 2 in config.groups ? { ...left(config, [2]), num: config.num } : config;
        return {
          initConfig: (config) => own.initConfig(config),
          query: () => own.query(),
          initController: () => own.initController(),
          changeConfigTo: (config) => own.changeConfigTo(without(config)),
        };
      },
    },
  ],
  [
    'shardkv/eight-ctrlers',
    'safety',
    'one owner a shard and configuration',
    'a controller that puts its own configuration in the place of the one that is posted',
    withCtrlerRule({
      claim(config, both, isMaybe) {
        const claim = ctrlerRules.claim(config, both, isMaybe);
        return both.next.config?.num === config.num && claim !== 'posted' ? 'free' : claim;
      },
    }),
  ],
  [
    'shardkv/eight-ctrlers',
    'liveness',
    'every controller gets its changes in',
    'a controller that never gets beyond configuration 5',
    withCtrlerRule({
      claim: (config, both, isMaybe) =>
        config.num > 5
          ? { err: 'ErrTaken', reason: 'enough is enough' }
          : ctrlerRules.claim(config, both, isMaybe),
    }),
  ],
  [
    'shardkv/half-moved',
    'safety',
    'linearizable',
    'a closed group that serves what it has frozen',
    {
      makeShardGroup: closedGroup(
        shardGroup({ ...groupRules, mayServe: ({ status }) => status !== 'absent' }, groupPorts),
      ),
    },
  ],
  [
    'shardkv/half-moved',
    'safety',
    'a change waits for a group that is down',
    'a controller that lets a move be once it takes long',
    withCtrlerPort({
      async moveAll(env, moves, moveOne) {
        await Promise.race([Promise.all(moves.map(moveOne)), env.sleep(500)]);
      },
    }),
  ],
  [
    'shardkv/half-moved',
    'liveness',
    'shards that do not move are served',
    'a group that serves nothing while it has frozen anything',
    withGroup(
      {},
      {
        submit: (rsm, request, machine) =>
          (request.op === 'get' || request.op === 'put') &&
          machine.shards.some(({ status }) => status === 'frozen')
            ? { err: 'ErrWrongGroup' }
            : groupPorts.submit(rsm, request, machine),
      },
    ),
  ],
  [
    'shardkv/half-moved',
    'liveness',
    'shards that have moved are served before the change is over',
    'a clerk that looks for a shard where it was before the change',
    {
      makeShardClerk: (env, directory, groups, options) =>
        makeShardClerk(env, { query: () => directory.query() }, groups, options),
    },
  ],
  [
    'shardkv/half-moved',
    'liveness',
    'a change ends when the group is back',
    'a controller that pauses after a move that took long',
    withCtrlerPort({
      async moveOne(env, move, steps) {
        const from = env.now();
        await ctrlerPorts.moveOne(env, move, steps);
        if (env.now() - from > 2000) await env.sleep(10_000);
      },
    }),
  ],
  [
    'shardkv/gid-again',
    'liveness',
    'a clerk finds the servers that a gid has now',
    'a clerk that keeps ways to groups by gid alone',
    {
      makeShardClerk: (env, directory, groups, options) =>
        makeShardClerk(env, directory, keptByGid(groups), options),
    },
  ],
  [
    'shardkv/gid-again',
    'liveness',
    'a change comes to its end',
    'a controller that keeps ways to groups by gid alone',
    {
      makeShardCtrler: (env, store, groups) => makeShardCtrler(env, store, keptByGid(groups)),
    },
  ],
  [
    'shardkv/deletion-bound',
    'performance',
    'moved shards are deleted',
    'a controller that deletes nothing',
    withCtrlerPort({
      async moveOne(_env, move, steps) {
        const state = await steps.freeze(move);
        if (state !== undefined) await steps.install(move, state);
      },
    }),
  ],
  [
    'shardkv/deletion-bound',
    'performance',
    'a group without shards keeps nothing',
    'a group that keeps one key of what is deleted',
    withGroup({
      deleted: (shard, num) => ({
        status: 'absent',
        num,
        entries: new Map([...shard.entries].filter(([key]) => key === 'k7')),
      }),
    }),
  ],
];

test.each(WRONG)('%s says (%s) "%s" of %s', async (name, kind, check, _what, layers) => {
  const { broken, ours } = await firstFailure(registry.scenario(name), { layers, seeds: 5 });

  expect([broken?.verdict, broken?.class, broken?.check]).toEqual(['violation', kind, check]);
  expect([ours?.verdict, ours?.reason]).toEqual(['pass', undefined]);
});
