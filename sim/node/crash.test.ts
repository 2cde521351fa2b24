import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { CrashSignal, World, type Env, type Timer } from '../index.ts';

const makeWorld = (): World => new World(1, { host: nodeHost() });

/** A node that crashes others at set times, as a scenario does. */
function reaper(world: World, course: (env: Env) => Promise<void>): void {
  world.addNode('reaper', course);
}

describe('what a crash leaves undone', () => {
  test('pending promises never settle, and finally does not run', async () => {
    const world = makeWorld();
    const went: string[] = [];
    const waits: Record<string, (env: Env) => Promise<unknown>> = {
      sleep: (env) => env.sleep(10),
      call: (env) => env.call('echo', 'slow', {}),
      'call with a time-out': (env) => env.call('echo', 'slow', {}, { timeoutMs: 10 }),
      receive: (env) => env.channel().receive(10),
      send: (env) => env.channel().send(1),
      select: (env) => env.select([env.channel()], 10),
      lock: async (env) => {
        const mutex = env.mutex();
        await mutex.lock();
        env.setTimer(10, () => mutex.unlock());
        await mutex.lock();
      },
      'wait group': (env) => {
        const group = env.waitGroup();
        group.add(1);
        env.setTimer(10, () => group.done());
        return group.wait();
      },
    };
    world.addNode('echo', (env) => {
      env.serve({ slow: () => env.sleep(10) });
    });
    world.addNode('victim', (env) => {
      if (env.incarnation > 1) return;
      env.setTimer(10, () => void went.push('timer'));
      for (const [name, wait] of Object.entries(waits)) {
        env.spawn(name, async () => {
          went.push(`${name} begins`);
          try {
            await wait(env);
            went.push(`${name} resolved`);
          } catch {
            went.push(`${name} rejected`);
          } finally {
            went.push(`${name} finally`);
          }
        });
      }
    });
    reaper(world, async (env) => {
      await env.sleep(5);
      world.crash('victim');
      await env.sleep(1);
      world.restart('victim');
      await env.sleep(100);
    });
    await world.run();
    expect(world.failure).toBeUndefined();
    expect(went).toEqual(Object.keys(waits).map((name) => `${name} begins`));
  });

  test('what was resumed but has not run yet does not run', async () => {
    const world = makeWorld();
    let resumed = 0;
    world.addNode('victim', async (env) => {
      const channel = env.channel<number>();
      env.setTimer(5, () => void channel.send(1));
      await channel.receive();
      resumed++;
    });
    // The send and the crash are at one instant: the value has a receiver, who is to wake at once.
    reaper(world, async (env) => {
      await env.sleep(5);
      world.crash('victim');
    });
    await world.run();
    expect([resumed, world.failure]).toEqual([0, undefined]);
  });

  test('the disk survives and the memory does not', async () => {
    const world = makeWorld();
    const lives: unknown[] = [];
    world.addNode('n', (env) => {
      const memory = { count: 0 };
      memory.count++;
      const bytes = new Uint8Array([env.incarnation, 2]);
      lives.push([memory.count, env.incarnation, env.disk.list(), env.disk.read('bytes')]);
      env.disk.save('bytes', bytes);
      env.disk.save(`life ${env.incarnation}`, 'text');
      bytes[1] = 99;
    });
    reaper(world, async (env) => {
      for (let i = 0; i < 2; i++) {
        await env.sleep(1);
        world.crash('n');
        world.restart('n');
      }
    });
    await world.run();
    expect(lives).toEqual([
      [1, 1, [], undefined],
      [1, 2, ['bytes', 'life 1'], new Uint8Array([1, 2])],
      [1, 3, ['bytes', 'life 1', 'life 2'], new Uint8Array([2, 2])],
    ]);
  });

  test('a message in flight outlives its sender', async () => {
    const world = makeWorld();
    const seen: unknown[] = [];
    world.addNode('b', (env) => env.receive({ m: (text, from) => void seen.push(text, from) }));
    world.addNode('a', (env) => {
      env.send('b', 'm', 'last words');
      world.crash('a');
    });
    await world.run();
    expect(seen).toEqual(['last words', 'a']);
  });
});

describe('a node that crashes itself', () => {
  test.each(['synchronous', 'asynchronous'])('unwinds at once: %s code', async (manner) => {
    const world = makeWorld();
    const went: string[] = [];
    world.addNode('n', (env) => {
      if (env.incarnation > 1) return undefined;
      const work = (): void => {
        went.push('before');
        env.disk.save('before', 'kept');
        world.crash('n');
        went.push('after');
        env.disk.save('after', 'never');
      };
      if (manner === 'synchronous') return work();
      return env.sleep(1).then(work);
    });
    world.addNode('other', async (env) => {
      await env.sleep(2);
      went.push([...world.machine('n').disk.files.keys()].join());
      world.restart('n');
    });
    await world.run();
    expect(world.failure).toBeUndefined();
    expect(went).toEqual(['before', 'before']);
    expect(world.machine('n').lives).toBe(2);
  });

  test('cannot hold on by catching the signal: every env call throws it again', async () => {
    const world = makeWorld();
    const thrown = new Set<unknown>();
    let calls = 0;
    const received: unknown[] = [];
    world.addNode('other', (env) => env.receive({ m: (text) => void received.push(text) }));
    world.addNode('n', (env) => {
      const channel = env.channel<number>(9);
      const mutex = env.mutex();
      const group = env.waitGroup();
      const condition = env.condition(mutex);
      const timer: Timer = env.setTimer(5, () => {});
      const attempts: (() => unknown)[] = [
        () => env.now(),
        () => env.sleep(1),
        () => env.setTimer(1, () => {}),
        () => env.send('other', 'm', 'from the dead'),
        () => env.call('other', 'm', {}),
        () => env.peer('other').call('m', {}),
        () => env.serve({}),
        () => env.receive({}),
        () => env.spawn('t', () => {}),
        () => env.channel(),
        () => env.select([channel]),
        () => env.mutex(),
        () => env.condition(mutex),
        () => env.waitGroup(),
        () => env.log('x'),
        () => env.probe('x'),
        () => env.disk.read('f'),
        () => env.disk.save('f', 'x'),
        () => env.disk.write('f', 'x'),
        () => env.disk.append('f', 'x'),
        () => env.disk.rename('f', 'g'),
        () => env.disk.fsync('f'),
        () => env.disk.flush('f', () => {}),
        () => env.disk.exists('f'),
        () => env.disk.remove('f'),
        () => env.disk.list(),
        () => channel.trySend(1),
        () => channel.tryReceive(),
        () => channel.close(),
        () => mutex.unlock(),
        () => condition.signal(),
        () => condition.broadcast(),
        () => group.add(1),
        () => group.done(),
        () => timer.cancel(),
      ];
      calls = attempts.length;
      try {
        world.crash('n');
      } catch {
        let refused = 0;
        for (const attempt of attempts) {
          try {
            attempt();
          } catch (signal) {
            thrown.add(signal);
            refused++;
          }
        }
        calls -= refused;
      }
    });
    await world.run();
    expect(world.failure).toBeUndefined();
    expect([...thrown]).toEqual([CrashSignal.instance]);
    expect(calls).toBe(0);
    expect(received).toEqual([]);
    expect(world.probes.size).toBe(0);
    expect(world.machine('n').disk.files.size).toBe(0);
    expect(world.network.counters.messages).toBe(0);
  });

  test('inside a handler: its caller learns that the call failed', async () => {
    const world = makeWorld();
    const answers: unknown[] = [];
    world.addNode('server', (env) => {
      env.serve({
        now: () => world.crash('server'),
        later: async () => {
          await env.sleep(30);
          world.crash('server');
        },
        soon: async () => {
          await Promise.resolve();
          world.crash('server');
        },
        caught: async () => {
          await Promise.resolve();
          try {
            world.crash('server');
          } catch {
            return 'an answer of the dead';
          }
          return undefined;
        },
      });
    });
    world.addNode('client', async (env) => {
      for (const method of ['now', 'soon', 'caught', 'later']) {
        const from = env.now();
        answers.push(method, await env.call('server', method, {}), env.now() - from <= 102);
        world.restart('server');
        await env.sleep(1);
      }
    });
    await world.run();
    expect(world.failure).toBeUndefined();
    expect(answers).toEqual(
      ['now', 'soon', 'caught', 'later'].flatMap((m) => [m, undefined, true]),
    );
  });
});

describe('a dead incarnation', () => {
  test('that is entered later is reported as a leak, with its life and the time', async () => {
    const world = makeWorld();
    const envs: Env[] = [];
    world.addNode('n', (env) => void envs.push(env));
    world.addNode('thief', async (env) => {
      await env.sleep(1);
      world.crash('n');
      world.restart('n');
      await env.sleep(1);
      envs[0]?.disk.save('f', 'x');
    });
    await world.run();
    expect(world.failure).toMatchObject({ kind: 'crash', rule: 'leak', node: 'n', timeUs: 2000 });
    expect(world.failure?.message).toMatch(/^n#1 called env\.disk\.save at 0\.002000 s.*dead node/);
    expect(world.machine('n').disk.files.size).toBe(0);
  });
});

describe('starting and ending', () => {
  test('crashing a node that is down, or restarting one that is up, does nothing', async () => {
    const world = makeWorld();
    let starts = 0;
    world.addNode('n', () => void starts++);
    reaper(world, async (env) => {
      await env.sleep(1);
      world.restart('n');
      world.crash('n');
      world.crash('n');
      await env.sleep(1);
      world.restart('n');
      world.restart('n');
    });
    await world.run();
    expect([starts, world.crashes, world.machine('n').lives]).toEqual([2, 1, 2]);
  });

  test('a node can be added while the world runs; names are unique', async () => {
    const world = makeWorld();
    const seen: unknown[] = [];
    world.addNode('first', async (env) => {
      await env.sleep(3);
      world.addNode('second', (other) => void seen.push(other.id, other.now(), other.labels), {
        labels: { region: 'eu' },
      });
      expect(() => world.addNode('second', () => {})).toThrow('there is a node "second" already');
    });
    await world.run();
    expect(world.failure).toBeUndefined();
    expect(seen).toEqual(['second', 3, { region: 'eu' }]);
    expect(() => world.crash('third')).toThrow('no node "third"; there are first, second');
  });

  test('nodes that name one disk share it', async () => {
    const world = makeWorld();
    const seen: unknown[] = [];
    world.addNode('a', (env) => env.disk.save('f', 'from a'), { disk: 'shared' });
    world.addNode('b', (env) => void seen.push(env.disk.read('f')), { disk: 'shared' });
    world.addNode('c', (env) => void seen.push(env.disk.read('f')));
    await world.run();
    expect(seen).toEqual(['from a', undefined]);
  });
});

test.each(['', 'a>b'])('a node cannot be called "%s": links are named from>to', (id) => {
  const world = new World(1, { host: nodeHost() });
  expect(() => world.addNode(id, () => {})).toThrow('is no name for a node');
});
