import { describe, expect, test } from 'vitest';
import { handlersOf, type KvClerk, makeKvClerk, makeKvServer } from '../kvsrv/index.ts';
import { diskPersister, makeRaft, perfectRsm } from '../raft/index.ts';
import { nodeHost } from '../scenarios/runner/node-host.ts';
import { type Env, World } from '../sim/index.ts';
import { InvalidConfig, type ShardConfig, shardOf } from './config.ts';
import type { GroupClerk, ShardCtrler, Tried } from './contract.ts';
import { ctrlerPorts, makeShardCtrler, shardCtrler } from './ctrler.ts';
import { ctrlerRules } from './ctrler-rules.ts';
import { makeGroupClerk } from './group-clerk.ts';
import { makeShardGroup } from './group-server.ts';
import { joined, left } from './rebalance.ts';
import { makeShardClerk, shardClerk, shardClerkPorts, shardClerkRules } from './shard-clerk.ts';

const SHARDS = 4;
const FIRST: ShardConfig = {
  num: 1,
  shards: [1, 1, 1, 1],
  groups: { 1: serversOf(1) },
};

function serversOf(gid: number): string[] {
  return [0, 1, 2].map((i) => `g${gid}.${i}`);
}

/** What a node of a test works with. */
interface Tools {
  readonly env: Env;
  readonly ctrler: ShardCtrler;
  readonly clerk: KvClerk;
}

/** Three groups on a perfect replicated state machine, a store, and programs that use them. */
class Cluster {
  readonly world: World;

  constructor() {
    this.world = new World(1, { host: nodeHost() });
    this.world.addNode('store', (env) => env.serve(handlersOf(makeKvServer(env))));
    for (const gid of [1, 2, 3]) {
      const makeRsm = perfectRsm(2);
      const owned = gid === 1 ? [0, 1, 2, 3] : [];
      for (const [me, id] of serversOf(gid).entries()) {
        this.world.addNode(id, (env) => {
          const host = { peers: [], me, persister: diskPersister(env), maxRaftState: -1 };
          const born = { gid, shards: SHARDS, owned };
          env.serve(makeShardGroup(env, { ...host, ...born, makeRaft, makeRsm }).handlers);
        });
      }
    }
  }

  run(id: string, program: (tools: Tools) => Promise<void>, make = makeShardCtrler): void {
    this.world.addNode(id, (env) => {
      const store = makeKvClerk(env, env.peer('store'));
      const groups = (_gid: number, servers: readonly string[]): GroupClerk =>
        makeGroupClerk(
          env,
          servers.map((server) => env.peer(server)),
        );
      const ctrler = make(env, store, groups);
      return program({ env, ctrler, clerk: makeShardClerk(env, ctrler, groups) });
    });
  }

  async until(ms: number): Promise<void> {
    await this.world.run({ untilMs: ms });
    const { failure } = this.world;
    if (failure !== undefined) throw new Error(failure.message, { cause: failure });
  }
}

describe('the controller', () => {
  test('moves shards when a group joins and when one leaves; keys stay readable', async () => {
    const cluster = new Cluster();
    const seen: unknown[] = [];
    cluster.run('c', async ({ ctrler, clerk }) => {
      await ctrler.initConfig(FIRST);
      const keys = Array.from({ length: 20 }, (_, i) => `k${i}`);
      for (const key of keys) await clerk.put(key, `of ${key}`, 0);
      const second = joined(FIRST, { 2: serversOf(2) });
      seen.push(await ctrler.changeConfigTo(second));
      seen.push(await ctrler.changeConfigTo(left(second, [1])));
      for (const key of keys) {
        expect(await clerk.get(key)).toEqual({ value: `of ${key}`, version: 1, err: 'OK' });
      }
      seen.push(await ctrler.query(), await ctrler.queryNext!());
    });
    await cluster.until(5000);

    const final = { num: 3, shards: [2, 2, 2, 2], groups: { 2: serversOf(2) } };
    expect(seen).toEqual([{ err: 'OK' }, { err: 'OK' }, final, undefined]);
    const shown = cluster.world.shown.get('g2.0');
    expect([shown?.get('serves'), shown?.get('config')]).toEqual(['0 1 2 3', 3]);
  });

  test('refuses what it cannot do, and says why', async () => {
    const cluster = new Cluster();
    const reasons: unknown[] = [];
    cluster.run('c', async ({ ctrler }) => {
      const refused = (config: ShardConfig): Promise<unknown> =>
        ctrler.changeConfigTo(config).catch((error: unknown) => {
          reasons.push(error instanceof InvalidConfig ? error.message : error);
        });
      await refused({ ...FIRST, num: 2 });
      await ctrler.initConfig({ ...FIRST, num: 2 }).catch((error: unknown) => {
        reasons.push(error instanceof InvalidConfig ? error.message : error);
      });
      await ctrler.initConfig(FIRST);
      await refused({ ...FIRST, num: 2, shards: [1, 1, 7, 1] });
      await refused({ ...FIRST, num: 2, shards: [1, 1, 1, 0] });
      await refused({ ...FIRST, num: 2, shards: [1, 1, 1] });
      reasons.push(await ctrler.changeConfigTo({ ...FIRST, shards: [1, 1, 1, 1], groups: GROUPS }));
      reasons.push(await ctrler.changeConfigTo({ ...FIRST, num: 3 }));
    });
    await cluster.until(5000);

    expect(reasons).toEqual([
      'configuration 2: there is no first one',
      'the first configuration has number 1, not 2',
      'configuration 2: shard 2 belongs to group 7, which is missing',
      'configuration 2: shard 3 has no owner',
      'configuration 2: it has 3 shards, and there are 4',
      { err: 'ErrTaken', reason: 'configuration 1 is in force, so that 1 is taken' },
      { err: 'ErrTaken', reason: 'configuration 1 is in force: 2 is next' },
    ]);
  });

  test('of two that want one number the store gives it to one, and the other is told', async () => {
    const cluster = new Cluster();
    const results: unknown[] = [];
    cluster.run('first', ({ ctrler }) => ctrler.initConfig(FIRST));
    for (const gid of [2, 3]) {
      cluster.run(`c${gid}`, async ({ ctrler }) => {
        const now = await ctrler.query();
        results.push((await ctrler.changeConfigTo(joined(now, { [gid]: serversOf(gid) }))).err);
      });
    }
    await cluster.until(5000);

    expect(new Set(results)).toEqual(new Set(['ErrTaken', 'OK']));
  });

  test('a change that was posted is made, however far others have gone on meanwhile', async () => {
    const cluster = new Cluster();
    const results: unknown[] = [];
    const second = joined(FIRST, { 2: serversOf(2) });
    const third = left(second, [2]);
    const slow: typeof makeShardCtrler = (env, store, groups) => {
      const put: KvClerk['put'] = async (...args) => {
        const outcome = await store.put(...args);
        await env.sleep(1000);
        return outcome;
      };
      return makeShardCtrler(env, { ...store, put }, groups);
    };
    cluster.run('first', ({ ctrler }) => ctrler.initConfig(FIRST));
    cluster.run(
      'slow',
      async ({ ctrler }) => {
        await ctrler.query();
        results.push(await ctrler.changeConfigTo(second));
      },
      slow,
    );
    cluster.run('quick', async ({ env, ctrler }) => {
      await env.sleep(500);
      results.push(await ctrler.initController(), await ctrler.changeConfigTo(third));
    });
    await cluster.until(5000);

    expect(results).toEqual([true, { err: 'OK' }, { err: 'OK' }]);
  });

  test('answers ErrMaybe where its change may be made, and others have gone on', async () => {
    const cluster = new Cluster();
    const results: unknown[] = [];
    const second = joined(FIRST, { 2: serversOf(2) });
    const unsure: typeof makeShardCtrler = (env, store, groups) => {
      const put: KvClerk['put'] = async (...args) => {
        await store.put(...args);
        await env.sleep(1000);
        return 'ErrMaybe';
      };
      return makeShardCtrler(env, { ...store, put }, groups);
    };
    cluster.run('first', ({ ctrler }) => ctrler.initConfig(FIRST));
    cluster.run(
      'unsure',
      async ({ ctrler }) => {
        await ctrler.query();
        results.push(await ctrler.changeConfigTo(second));
      },
      unsure,
    );
    cluster.run('quick', async ({ env, ctrler }) => {
      await env.sleep(500);
      results.push(await ctrler.initController(), await ctrler.changeConfigTo(left(second, [2])));
    });
    await cluster.until(5000);

    expect(results).toEqual([true, { err: 'OK' }, { err: 'ErrMaybe' }]);
  });

  test('reads the next configuration first: a change may begin and end in between', async () => {
    const cluster = new Cluster();
    const seen: unknown[] = [];
    const second = joined(FIRST, { 2: serversOf(2) });
    cluster.run('c', async ({ env, ctrler }) => {
      await ctrler.initConfig(FIRST);
      const store = makeKvClerk(env, env.peer('store'));
      let isFirst = true;
      const get: KvClerk['get'] = async (key) => {
        const reply = await store.get(key);
        if (isFirst) await ctrler.changeConfigTo(second);
        isFirst = false;
        return reply;
      };
      const groups = (): never => {
        throw new Error('nobody is asked for anything');
      };
      seen.push(await makeShardCtrler(env, { ...store, get }, groups).queryNext!());
    });
    await cluster.until(5000);

    expect(seen).toEqual([undefined]);
  });

  test.each(['freeze', 'install', 'delete'] as const)(
    'another one finishes what the first left after: %s',
    async (last) => {
      const cluster = new Cluster();
      const seen: unknown[] = [];
      const stops = shardCtrler(ctrlerRules, {
        ...ctrlerPorts,
        async moveOne(env, move, steps) {
          const state = await steps.freeze(move);
          if (last !== 'freeze') await steps.install(move, state!);
          if (last === 'delete') await steps.delete(move);
          return await env.sleep(1_000_000);
        },
      });
      cluster.run(
        'dead',
        async ({ ctrler, clerk }) => {
          await ctrler.initConfig(FIRST);
          await clerk.put('k0', 'kept', 0);
          await ctrler.changeConfigTo(joined(FIRST, { 2: serversOf(2) }));
          seen.push('never');
        },
        stops,
      );
      cluster.run('c', async ({ env, ctrler, clerk }) => {
        await env.sleep(2000);
        seen.push(await ctrler.initController(), await ctrler.initController());
        seen.push((await ctrler.query()).num, (await clerk.get('k0')).value);
      });
      await cluster.until(5000);

      expect(seen).toEqual([true, false, 2, 'kept']);
    },
  );

  test('leaves a group alone that is down, once others have finished the change', async () => {
    const cluster = new Cluster();
    const results: unknown[] = [];
    const late = shardCtrler(ctrlerRules, {
      ...ctrlerPorts,
      async moveOne(env, move, steps) {
        const state = await steps.freeze(move);
        await env.sleep(1000);
        await steps.install(move, state!);
      },
    });
    cluster.run('first', ({ ctrler }) => ctrler.initConfig(FIRST));
    cluster.run(
      'late',
      async ({ ctrler }) => {
        await ctrler.query();
        results.push(await ctrler.changeConfigTo(joined(FIRST, { 2: serversOf(2) })));
      },
      late,
    );
    cluster.run('quick', async ({ env, ctrler }) => {
      await env.sleep(500);
      results.push(await ctrler.initController());
      for (const id of serversOf(2)) cluster.world.holdDown(id);
    });
    await cluster.until(60_000);

    expect(results).toEqual([true, { err: 'OK' }]);
  });

  test('moves all other shards while a group is down, and these when it is back', async () => {
    const cluster = new Cluster();
    const seen: unknown[] = [];
    const both = joined(FIRST, { 2: serversOf(2), 3: serversOf(3) });
    cluster.run('c', async ({ env, ctrler }) => {
      await ctrler.initConfig(FIRST);
      for (const id of serversOf(3)) cluster.world.holdDown(id);
      env.spawn('change', async () => {
        seen.push(await ctrler.changeConfigTo(both));
      });
      await env.sleep(2000);
      seen.push(cluster.world.shown.get('g2.0')?.get('serves'), await ctrler.queryNext!());
      for (const id of serversOf(3)) cluster.world.letUp(id);
    });
    await cluster.until(10_000);

    expect(seen).toEqual([String(both.shards.indexOf(2)), both, { err: 'OK' }]);
  });
});

const GROUPS = { 1: serversOf(1), 2: serversOf(2) };

/** A clerk of one key, whose groups answer by a script: group 1 first, and group 2 afterwards. */
async function putThrough(
  answers: readonly Tried<unknown>[],
  rules = shardClerkRules,
): Promise<string> {
  const world = new World(1, { host: nodeHost() });
  const left = [...answers];
  let queries = 0;
  const outcome: string[] = [];
  world.addNode('c', async (env) => {
    const group = {
      put: async () => {
        await env.sleep(1);
        return left.shift()!;
      },
    } as unknown as GroupClerk;
    const directory = {
      query: async (): Promise<ShardConfig> => {
        await env.sleep(1);
        return { num: 1, shards: [queries++ === 0 ? 1 : 2], groups: GROUPS };
      },
    };
    const clerk = shardClerk(rules, shardClerkPorts)(env, directory, () => group);
    outcome.push(await clerk.put('k', 'v', 3));
  });
  await world.run({ untilMs: 5000 });
  return `${outcome.join()} with ${left.length} answers left`;
}

describe('the clerk', () => {
  const wrong = { err: 'ErrWrongGroup' };
  const version = { err: 'ErrVersion' };

  test('says ErrMaybe where an attempt at another group may have been carried out', async () => {
    const lost = { reply: wrong, sent: 2, failed: 1 };

    expect(await putThrough([lost, { reply: version, sent: 1, failed: 0 }])).toMatch(/^ErrMaybe w/);
    expect(await putThrough([lost, { reply: { err: 'OK' }, sent: 1, failed: 0 }])).toMatch(/^OK w/);
    const silent = { reply: undefined, sent: 6, failed: 6 };
    expect(await putThrough([silent, { reply: version, sent: 1, failed: 0 }])).toMatch(/^ErrMaybe/);
  });

  test('says ErrVersion where every attempt was refused', async () => {
    const refused = { reply: wrong, sent: 3, failed: 0 };

    expect(await putThrough([refused, { reply: version, sent: 1, failed: 0 }])).toMatch(
      /^ErrVersion with 0 answers left/,
    );
  });

  test('gives up by the time that has passed, whatever the clock on the wall shows', async () => {
    const cluster = new Cluster();
    const seen: unknown[] = [];
    cluster.run('c', async ({ env, ctrler }) => {
      await ctrler.initConfig(FIRST);
      for (const id of serversOf(1)) cluster.world.holdDown(id);
      const stopped = Object.create(env, { now: { value: () => 0 } }) as Env;
      const groups = (): GroupClerk =>
        makeGroupClerk(
          env,
          serversOf(1).map((server) => env.peer(server)),
        );
      const clerk = makeShardClerk(stopped, ctrler, groups, { patienceMs: 3000 });
      const begun = env.monotonic();
      seen.push(await clerk.put('k', 'v', 0), env.monotonic() - begun < 6000);
    });
    await cluster.until(20_000);

    expect(seen).toEqual(['ErrMaybe', true]);
  });

  test('refuses keys and values that are too long', async () => {
    const cluster = new Cluster();
    const errors: string[] = [];
    cluster.run('c', async ({ ctrler, clerk }) => {
      await ctrler.initConfig(FIRST);
      const note = (error: unknown): void => void errors.push(String(error));
      await clerk.put('k', 'x'.repeat(65_537), 0).catch(note);
      await clerk.get('k'.repeat(1025)).catch(note);
      await clerk.put('k'.repeat(1025), 'v', 0).catch(note);
      expect(await clerk.put('k', 'x'.repeat(65_536), 0)).toBe('OK');
    });
    await cluster.until(5000);

    expect(errors).toEqual([
      'RangeError: a value of 65537 characters; at most 65536 are taken',
      'RangeError: a key of 1025 characters; at most 1024 are taken',
      'RangeError: a key of 1025 characters; at most 1024 are taken',
    ]);
  });

  test('asks where a shard is, and from the second round on where it moves to, too', async () => {
    const asked: number[] = [];
    const world = new World(1, { host: nodeHost() });
    world.addNode('c', async (env) => {
      const config = (num: number, gid: number): ShardConfig => ({
        num,
        shards: [gid],
        groups: GROUPS,
      });
      const directory = { query: async () => config(1, 1), queryNext: async () => config(2, 2) };
      const clerk = makeShardClerk(env, directory, (gid) => {
        const put = async (): Promise<Tried<unknown>> => {
          asked.push(gid);
          const reply = asked.length < 5 ? wrong : { err: 'OK' };
          return { reply, sent: 1, failed: 0 };
        };
        return { put } as unknown as GroupClerk;
      });
      await clerk.put('k', 'v', 0);
    });
    await world.run({ untilMs: 5000 });

    expect(asked).toEqual([1, 1, 2, 1, 2]);
  });

  test('reaches a shard that has moved already while the change is under way', async () => {
    const cluster = new Cluster();
    const seen: unknown[] = [];
    const both = joined(FIRST, { 2: serversOf(2), 3: serversOf(3) });
    const shard = both.shards.indexOf(2);
    const key = Array.from({ length: 99 }, (_, i) => `k${i}`).find((k) => shardOf(k, 4) === shard)!;
    cluster.run('c', async ({ env, ctrler, clerk }) => {
      await ctrler.initConfig(FIRST);
      await clerk.put(key, 'v', 0);
      for (const id of serversOf(3)) cluster.world.holdDown(id);
      env.spawn('change', async () => void (await ctrler.changeConfigTo(both)));
      await env.sleep(500);
      seen.push((await clerk.get(key)).value, (await ctrler.query()).num);
    });
    await cluster.until(3000);

    expect(seen).toEqual(['v', 1]);
  });
});
