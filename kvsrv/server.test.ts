import { describe, expect, test } from 'vitest';
import { nodeHost } from '../scenarios/runner/node-host.ts';
import { World } from '../sim/index.ts';
import { makeKvServer, type KvServer } from './index.ts';
import { serverRules, type Entry } from './server-rules.ts';

/** Every case of the contract: what the key holds, at which version the put comes, the outcome. */
const table: [entry: Entry | undefined, version: number, err: string, after: Entry | undefined][] =
  [
    [undefined, 0, 'OK', { value: 'new', version: 1 }],
    [undefined, 1, 'ErrNoKey', undefined],
    [undefined, 7, 'ErrNoKey', undefined],
    [{ value: 'old', version: 1 }, 1, 'OK', { value: 'new', version: 2 }],
    [{ value: 'old', version: 1 }, 0, 'ErrVersion', { value: 'old', version: 1 }],
    [{ value: 'old', version: 1 }, 2, 'ErrVersion', { value: 'old', version: 1 }],
    [{ value: 'old', version: 9 }, 9, 'OK', { value: 'new', version: 10 }],
    [{ value: 'old', version: 9 }, 8, 'ErrVersion', { value: 'old', version: 9 }],
    [{ value: '', version: 3 }, 3, 'OK', { value: 'new', version: 4 }],
    [{ value: '', version: 3 }, 0, 'ErrVersion', { value: '', version: 3 }],
  ];

type Life = (server: KvServer) => void | Promise<void>;

/** One server through several lives, with a crash between two of them. */
async function live(...lives: Life[]): Promise<void> {
  const world = new World(1, { host: nodeHost() });
  world.addNode('server', async (env) => {
    await lives[env.incarnation - 1]?.(makeKvServer(env));
    if (env.incarnation < lives.length) env.setTimer(1, () => world.crash('server'));
  });
  world.addNode('doctor', async (env) => {
    for (let i = 1; i < lives.length; i++) {
      await env.sleep(5);
      world.restart('server');
    }
  });
  await world.run();
  expect(world.failure).toBeUndefined();
  expect(world.machine('server').lives).toBe(lives.length);
}

/** Bring a key to the state of an entry: by puts, as anybody would. */
async function prepare({ handlers }: KvServer, key: string, entry: Entry): Promise<void> {
  for (let version = 0; version < entry.version; version++) {
    const value = version === entry.version - 1 ? entry.value : 'before';
    expect(await handlers.put({ key, value, version })).toEqual({ err: 'OK' });
  }
}

describe('a put', () => {
  test.each(table)('on %j at version %d answers %s', async (entry, version, err, after) => {
    await live(async (server) => {
      const { handlers } = server;
      if (entry !== undefined) await prepare(server, 'k', entry);
      expect(await handlers.put({ key: 'k', value: 'new', version })).toEqual({ err });
      expect(await handlers.get({ key: 'k' })).toEqual(
        after === undefined ? { value: '', version: 0, err: 'ErrNoKey' } : { ...after, err: 'OK' },
      );
    });
  });

  test.each(table)('is judged by the rules alone: %j at version %d', (entry, version, err) => {
    expect(serverRules.judgePut(entry, { key: 'k', value: 'new', version })).toBe(err);
  });

  test('of a value that is there already is a write like any other', async () => {
    await live(async ({ handlers }) => {
      for (const version of [0, 1]) await handlers.put({ key: 'k', value: 'same', version });
      expect(await handlers.get({ key: 'k' })).toEqual({ value: 'same', version: 2, err: 'OK' });
    });
  });

  test('touches no other key, whatever the keys are called', async () => {
    await live(async (server) => {
      const keys = ['k', 'K', '', 'k/', 'kv/k', '../k', '__proto__', 'constructor', 'k\n', 'ключ'];
      for (const [i, key] of keys.entries()) {
        expect(await server.handlers.get({ key })).toMatchObject({ err: 'ErrNoKey' });
        await prepare(server, key, { value: `value of ${key}`, version: i + 1 });
      }
      for (const [i, key] of keys.entries()) {
        const reply = await server.handlers.get({ key });
        expect(reply).toEqual({ value: `value of ${key}`, version: i + 1, err: 'OK' });
      }
    });
  });
});

describe('a server that has crashed', () => {
  test('knows every write it has answered, and its version', async () => {
    const entries: [string, Entry][] = [
      ['a', { value: 'one', version: 1 }],
      ['b', { value: '', version: 3 }],
      ['kv/a', { value: '"quoted"\n', version: 2 }],
    ];
    const isAllThere: Life = async ({ handlers }) => {
      for (const [key, entry] of entries) {
        expect(await handlers.get({ key })).toEqual({ ...entry, err: 'OK' });
      }
      expect(await handlers.put({ key: 'b', value: 'x', version: 2 })).toEqual({
        err: 'ErrVersion',
      });
    };
    await live(
      async (server) => {
        for (const [key, entry] of entries) await prepare(server, key, entry);
      },
      isAllThere,
      isAllThere,
    );
  });

  test('has forgotten nothing it refused: a refused put leaves no trace on the disk', async () => {
    await live(
      async ({ handlers }) => {
        await handlers.put({ key: 'k', value: 'x', version: 5 });
      },
      async ({ handlers }) => {
        expect(await handlers.get({ key: 'k' })).toMatchObject({ err: 'ErrNoKey' });
      },
    );
  });

  test('leaves the files of others on its disk alone', async () => {
    const world = new World(1, { host: nodeHost() });
    const seen: unknown[] = [];
    world.addNode('server', async (env) => {
      env.disk.save('abckey', 'not an entry');
      seen.push(await makeKvServer(env).handlers.get({ key: 'key' }), env.disk.read('abckey'));
    });
    await world.run();
    expect(world.failure).toBeUndefined();
    expect(seen).toEqual([{ value: '', version: 0, err: 'ErrNoKey' }, 'not an entry']);
  });

  test('refuses a damaged file instead of serving from it', async () => {
    const world = new World(1, { host: nodeHost() });
    world.addNode('server', (env) => {
      env.disk.save('kv/k', '{"value":"x"}');
      makeKvServer(env);
    });
    await world.run();
    expect(world.failure?.message).toBe('damaged file kv/k: expected {value, version}');
  });
});
