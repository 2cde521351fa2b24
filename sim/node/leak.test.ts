import * as fs from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { describeFailure, InvariantViolation, World, type Env, type Program } from '../index.ts';

const realTimeout = setTimeout;
const pause = (ms: number): Promise<void> => new Promise((resolve) => realTimeout(resolve, ms));

const makeWorld = (): World => new World(1, { host: nodeHost() });

/** Something for the world to do while node code waits for the host. */
function addClockwork(world: World): void {
  world.addNode('clockwork', async (env) => {
    for (let i = 0; i < 2_000_000 && world.failure === undefined; i++) await env.sleep(1);
  });
}

describe('errors of node code', () => {
  const programs: Record<string, [Program, timeUs: number]> = {
    'thrown at the start': [
      () => {
        throw new RangeError('out of bounds');
      },
      0,
    ],
    'rejected later': [
      async (env) => {
        await env.sleep(2);
        throw new RangeError('out of bounds');
      },
      2000,
    ],
    'thrown by a timer': [
      (env) =>
        void env.setTimer(3, () => {
          throw new RangeError('out of bounds');
        }),
      3000,
    ],
    'rejected by an asynchronous timer': [
      (env) => void env.setTimer(3, () => Promise.reject(new RangeError('out of bounds'))),
      3000,
    ],
    'thrown by a task': [
      (env) =>
        env.spawn('t', () => {
          throw new RangeError('out of bounds');
        }),
      0,
    ],
    'rejected by a task': [
      (env) =>
        env.spawn('t', async () => {
          await env.sleep(4);
          throw new RangeError('out of bounds');
        }),
      4000,
    ],
  };

  test.each(Object.keys(programs))('%s end the run with node, life and time', async (name) => {
    const [program, timeUs] = programs[name]!;
    const world = makeWorld();
    let after = 0;
    world.addNode('n', (env) => (env.incarnation === 1 ? undefined : program(env)));
    world.addNode('other', async (env) => {
      world.crash('n');
      world.restart('n');
      await env.sleep(5);
      after++;
    });
    await world.run();
    expect(world.failure).toMatchObject({
      kind: 'crash',
      rule: 'uncaught error',
      message: 'RangeError: out of bounds',
      node: 'n',
      incarnation: 2,
      timeUs,
    });
    expect(world.failure?.stack).toContain('leak.test.ts');
    expect(after).toBe(0);
  });

  const handlers: Record<string, (env: Env) => unknown> = {
    'a handler that throws': () => {
      throw new RangeError('out of bounds');
    },
    'a handler that rejects': async (env) => {
      await env.sleep(1);
      throw new RangeError('out of bounds');
    },
    'a reply that cannot travel': () => () => 1,
    'a late reply that cannot travel': async (env) => {
      await env.sleep(1);
      return new Map();
    },
  };
  test.each(Object.keys(handlers))('%s is an error of the server', async (name) => {
    const world = makeWorld();
    world.addNode('server', (env) => env.serve({ m: () => handlers[name]!(env) }));
    world.addNode('client', async (env) => void (await env.call('server', 'm', {})));
    await world.run();
    expect(world.failure).toMatchObject({
      kind: 'crash',
      rule: 'uncaught error',
      node: 'server',
      incarnation: 1,
    });
    expect(world.failure?.message).toMatch(/^(RangeError: out of bounds|TypeError: a message)/);
  });

  test('that break an invariant are violations, and carry the rule', async () => {
    const world = makeWorld();
    world.addNode('n', () => {
      throw new InvariantViolation('election safety', 'two leaders in term 3');
    });
    await world.run();
    expect(world.failure).toMatchObject({ kind: 'violation', rule: 'election safety' });
    expect(describeFailure(world.failure!)).toBe(
      'n#1 at 0.000000 s, event 1: two leaders in term 3',
    );
  });

  test('that follow the first one do not replace it', async () => {
    const world = makeWorld();
    world.addNode('n', (env) => {
      env.spawn('t', () => {
        throw new Error('second');
      });
      void Promise.reject(new Error('third'));
      throw new Error('first');
    });
    await world.run();
    expect(world.failure?.message).toBe('first');
  });
});

describe('a rejection that nobody handles', () => {
  test('ends the run at the next yield, and harms neither the process nor the test', async () => {
    const seen: unknown[] = [];
    const listener = (reason: unknown): void => void seen.push(reason);
    process.on('unhandledRejection', listener);
    const listeners = process.listeners('unhandledRejection');
    try {
      const world = makeWorld();
      world.addNode('n', () => {
        void Promise.reject(new Error('stray'));
      });
      addClockwork(world);
      await world.run();
      expect(world.failure).toMatchObject({ kind: 'crash', rule: 'stray rejection' });
      expect(world.failure?.message).toBe('stray');
      expect(world.events).toBeLessThanOrEqual(8192);
      expect(process.listeners('unhandledRejection')).toEqual(listeners);
    } finally {
      process.off('unhandledRejection', listener);
    }
    expect(seen).toEqual([]);
  });

  test('is seen even in the last event of a run', async () => {
    const world = makeWorld();
    world.addNode('n', () => void Promise.reject(new Error('stray')));
    await world.run();
    expect(world.failure).toMatchObject({ kind: 'crash', rule: 'stray rejection' });
  });

  test('is none if it is the unwinding of a crash', async () => {
    const world = makeWorld();
    world.addNode('n', (env) => {
      const detached = async (): Promise<void> => {
        await Promise.resolve();
        world.crash('n');
        env.log('never');
      };
      void detached();
    });
    await world.run();
    expect([world.failure, world.crashes]).toEqual([undefined, 1]);
  });
});

describe('node code that awaits the host', () => {
  const waits: Record<string, () => Promise<unknown>> = {
    'a timer taken before the run': () => pause(1),
    'a file': () => fs.readFile(new URL(import.meta.url)),
  };
  test.each(Object.keys(waits))('fails at its next env call: %s', async (name) => {
    const world = makeWorld();
    let wentOn = false;
    world.addNode('n', async (env) => {
      await env.sleep(2);
      await waits[name]!();
      env.log('back');
      wentOn = true;
    });
    addClockwork(world);
    await world.run();
    expect(wentOn).toBe(false);
    expect(world.failure).toMatchObject({ kind: 'crash', rule: 'leak', node: 'n', incarnation: 1 });
    expect(world.failure?.message).toMatch(/^n#1 called env\.log at .* outside of any event/);
    expect(world.failure?.stack).toContain('leak.test.ts');
  });

  test('is found when it comes back after the run, too', async () => {
    const world = makeWorld();
    const outcome: unknown[] = [];
    let comeBack = (): void => {};
    const host = new Promise<void>((resolve) => (comeBack = resolve));
    world.addNode('n', (env) => {
      void host.then(() => env.now()).catch((error: unknown) => outcome.push(String(error)));
    });
    await world.run();
    expect(world.failure).toBeUndefined();
    comeBack();
    await pause(0);
    expect(outcome).toEqual([expect.stringContaining('outside of any event')]);
    expect(world.failure?.rule).toBe('leak');
  });
});

describe("another node's env", () => {
  test('does nothing but report who called it, and from where', async () => {
    const world = makeWorld();
    const shared: { env?: Env } = {};
    world.addNode('a', (env) => void (shared.env = env));
    world.addNode('b', async (env) => {
      await env.sleep(1);
      shared.env?.send('b', 'm', 'forged');
    });
    await world.run();
    expect(world.failure).toMatchObject({ kind: 'crash', rule: 'leak', node: 'a' });
    expect(world.failure?.message).toBe(
      'a#1 called env.send at 0.001000 s in an event of node b: ' +
        'nodes must share nothing but messages',
    );
    expect(world.network.counters.messages).toBe(0);
  });

  const objects: Record<string, (env: Env) => () => unknown> = {
    'a channel': (env) => {
      const channel = env.channel<number>(1);
      return () => channel.trySend(1);
    },
    'a mutex': (env) => {
      const mutex = env.mutex();
      return () => mutex.lock();
    },
    'a timer': (env) => {
      const timer = env.setTimer(5, () => {});
      return () => timer.cancel();
    },
    'a disk': (env) => () => env.disk.read('f'),
    'a peer': (env) => {
      const peer = env.peer('b');
      return () => peer.call('m', {});
    },
  };
  test.each(Object.keys(objects))('is not to be used through %s either', async (name) => {
    const world = makeWorld();
    let use: () => unknown = () => {};
    world.addNode('a', (env) => void (use = objects[name]!(env)));
    world.addNode('b', async (env) => {
      await env.sleep(1);
      await use();
    });
    await world.run();
    expect(world.failure).toMatchObject({ kind: 'crash', rule: 'leak', node: 'a' });
    expect(world.failure?.message).toContain('in an event of node b');
  });
});
