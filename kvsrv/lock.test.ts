import { describe, expect, test } from 'vitest';
import { nodeHost } from '../scenarios/runner/node-host.ts';
import { World, type Env } from '../sim/index.ts';
import {
  handlersOf,
  makeKvClerk,
  makeKvServer,
  makeLock,
  type GetReply,
  type KvClerk,
  type PutOutcome,
} from './index.ts';
import { FREE, lockRules } from './lock-rules.ts';

/** A key as a lock sees it. A put can be executed or not, and say something else about it. */
class ScriptedKey implements KvClerk {
  value = FREE;
  version = 0;
  readonly puts: string[] = [];
  gets = 0;
  private readonly fates: { readonly isExecuted: boolean; readonly says: PutOutcome }[];
  private readonly env: Env;

  constructor(env: Env, fates: ScriptedKey['fates'] = []) {
    this.env = env;
    this.fates = fates;
  }

  async get(): Promise<GetReply> {
    await this.env.sleep(1);
    this.gets++;
    const { value, version } = this;
    return { value, version, err: version === 0 ? 'ErrNoKey' : 'OK' };
  }

  async put(_key: string, value: string, version: number): Promise<PutOutcome> {
    await this.env.sleep(1);
    this.puts.push(value);
    const fits = version === this.version;
    const { isExecuted, says } = this.fates.shift() ?? {
      isExecuted: fits,
      says: fits ? 'OK' : 'ErrVersion',
    };
    if (isExecuted) this.write(value);
    return says;
  }

  write(value: string): void {
    this.value = value;
    this.version++;
  }
}

async function alone(
  fates: ConstructorParameters<typeof ScriptedKey>[1],
  work: (lock: ReturnType<typeof makeLock>, key: ScriptedKey, env: Env) => Promise<void>,
): Promise<void> {
  const world = new World(1, { host: nodeHost() });
  let isDone = false;
  world.addNode('client', async (env) => {
    const key = new ScriptedKey(env, fates);
    await work(makeLock(env, key, 'l'), key, env);
    isDone = true;
  });
  await world.run({ untilMs: 10_000 });
  expect([world.failure, isDone]).toEqual([undefined, true]);
}

describe('acquiring', () => {
  test('writes its own id into a free key, once', async () => {
    await alone([], async (lock, key) => {
      await lock.acquire();
      expect(key.puts).toHaveLength(1);
      expect(key.value).toBe(key.puts[0]);
      expect(key.value).not.toBe(FREE);
    });
  });

  const outcomes: [says: PutOutcome, isExecuted: boolean, puts: number][] = [
    ['ErrMaybe', true, 1],
    ['ErrMaybe', false, 2],
    ['ErrVersion', false, 2],
    // An earlier request, given up, may have been executed after all.
    ['ErrVersion', true, 1],
    ['ErrNoKey', false, 2],
  ];
  test.each(outcomes)('after %s (executed: %s) looks who holds the lock', async (...outcome) => {
    const [says, isExecuted, puts] = outcome;
    await alone([{ says, isExecuted }], async (lock, key) => {
      await lock.acquire();
      expect(key.puts).toHaveLength(puts);
      expect(key.value).toBe(key.puts[0]);
    });
  });

  test('waits while somebody else holds it, without asking all the time', async () => {
    await alone([], async (lock, key, env) => {
      key.write('somebody else');
      env.setTimer(1000, () => key.write(FREE));
      await lock.acquire();
      expect(env.now()).toBeGreaterThan(1000);
      expect(env.now()).toBeLessThan(1000 + 64 + 5);
      expect(key.puts).toHaveLength(1);
      // At most 64 ms between two looks, and at first less.
      expect(key.gets).toBeGreaterThan(1000 / 66);
      expect(key.gets).toBeLessThan(80);
    });
  });
});

describe('releasing', () => {
  test('writes the free mark over its own id', async () => {
    await alone([], async (lock, key) => {
      await lock.acquire();
      await lock.release();
      expect([key.value, key.version]).toEqual([FREE, 2]);
    });
  });

  test.each<[says: PutOutcome, isExecuted: boolean, puts: number]>([
    ['ErrMaybe', true, 1],
    ['ErrMaybe', false, 2],
    ['ErrVersion', false, 2],
    ['ErrVersion', true, 1],
  ])('after %s (executed: %s) looks whether it still holds the lock', async (...outcome) => {
    const [says, isExecuted, puts] = outcome;
    const acquired = { says: 'OK', isExecuted: true } as const;
    await alone([acquired, { says, isExecuted }], async (lock, key) => {
      await lock.acquire();
      await lock.release();
      expect(key.value).toBe(FREE);
      expect(key.puts.slice(1)).toEqual(Array.from({ length: puts }, () => FREE));
    });
  });

  test("leaves somebody else's lock alone", async () => {
    await alone([], async (lock, key) => {
      await lock.acquire();
      key.write('somebody else');
      await lock.release();
      expect([key.value, key.puts.length]).toEqual(['somebody else', 1]);
    });
  });
});

describe('the rules', () => {
  test('give each name a key of its own, apart from the keys of clients', () => {
    const keys = ['a', 'b', '', 'lock/a'].map((name) => lockRules.keyOf(name));
    expect(new Set(keys).size).toBe(4);
    expect(keys.every((key) => key.startsWith('lock/'))).toBe(true);
  });

  test('know a free key, whether it never existed or was released', () => {
    expect(lockRules.isFree({ value: '', version: 0, err: 'ErrNoKey' })).toBe(true);
    expect(lockRules.isFree({ value: FREE, version: 8, err: 'OK' })).toBe(true);
    expect(lockRules.isFree({ value: 'x', version: 1, err: 'OK' })).toBe(false);
  });
});

describe('many clients on an unreliable network', () => {
  test('hold one lock one after the other, and two locks at a time', async () => {
    const world = new World('locks', { host: nodeHost(), plan: { profile: 'lab-unreliable' } });
    world.addNode('server', (env) => env.serve(handlersOf(makeKvServer(env))));
    const holders = { a: 0, b: 0 };
    let [held, most, both] = [0, 0, 0];
    for (let i = 0; i < 8; i++) {
      world.addNode(`c${i}`, async (env) => {
        const name = i % 2 === 0 ? 'a' : 'b';
        const lock = makeLock(env, makeKvClerk(env, env.peer('server')), name);
        for (let round = 0; round < 10; round++) {
          await lock.acquire();
          held++;
          most = Math.max(most, ++holders[name]);
          if (holders.a > 0 && holders.b > 0) both++;
          await env.sleep(20);
          holders[name]--;
          await lock.release();
        }
      });
    }
    await world.run({ untilMs: 600_000 });
    expect(world.failure).toBeUndefined();
    expect([held, most]).toEqual([80, 1]);
    expect(both).toBeGreaterThan(0);
  });
});
