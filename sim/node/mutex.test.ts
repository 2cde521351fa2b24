import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { World, type Env } from '../index.ts';

async function happens(
  program: (env: Env, say: (what: unknown) => void) => void | Promise<void>,
): Promise<unknown[]> {
  const world = new World(1, { host: nodeHost(), plan: { ties: 'random' } });
  const said: unknown[] = [];
  world.addNode('n', (env) => program(env, (what) => void said.push(what)));
  await world.run();
  expect(world.failure).toBeUndefined();
  return said;
}

describe('a mutex', () => {
  test('lets one task in at a time, in the order in which they came', async () => {
    let inside = 0;
    const said = await happens(async (env, say) => {
      const mutex = env.mutex();
      for (let i = 0; i < 10; i++) {
        env.spawn('task', async () => {
          await env.sleep(i);
          await mutex.lock();
          inside++;
          expect(inside).toBe(1);
          await env.sleep(env.random.between(5, 30));
          say(i);
          inside--;
          mutex.unlock();
        });
      }
    });
    expect(said).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('cannot be taken by a newcomer between an unlock and the waiter it wakes', async () => {
    const said = await happens(async (env, say) => {
      const mutex = env.mutex();
      await mutex.lock();
      env.spawn('waiter', async () => {
        await mutex.lock();
        say('waiter');
        mutex.unlock();
      });
      await env.sleep(1);
      mutex.unlock();
      await mutex.lock();
      say('newcomer');
    });
    expect(said).toEqual(['waiter', 'newcomer']);
  });

  test('is let go of by with(), whether or not its work throws', async () => {
    const said = await happens(async (env, say) => {
      const mutex = env.mutex();
      say(await mutex.with(() => 'result'));
      await mutex
        .with(() => Promise.reject(new Error('broken')))
        .catch((error: Error) => say(error.message));
      await mutex.lock();
      say('free');
    });
    expect(said).toEqual(['result', 'broken', 'free']);
  });

  test('refuses to be unlocked by anybody while it is free', async () => {
    await happens((env) => {
      expect(() => env.mutex().unlock()).toThrow('unlock of an unlocked mutex');
    });
  });
});

describe('a condition', () => {
  test('wakes the longest waiter on a signal, all on a broadcast, each with the lock', async () => {
    const said = await happens(async (env, say) => {
      const mutex = env.mutex();
      const condition = env.condition(mutex);
      let isHeld = false;
      for (let i = 0; i < 5; i++) {
        env.spawn('waiter', async () => {
          await env.sleep(i);
          await mutex.lock();
          await condition.wait();
          expect(isHeld).toBe(false);
          isHeld = true;
          say(`${i} at ${env.now()}`);
          await env.sleep(10);
          isHeld = false;
          mutex.unlock();
        });
      }
      await env.sleep(50);
      condition.signal();
      await env.sleep(50);
      condition.broadcast();
      await env.sleep(5);
      condition.broadcast();
    });
    expect(said.slice(0, 2)).toEqual(['0 at 50', expect.stringMatching(/^\d at 100$/)]);
    const rest = said.slice(1).map((what) => String(what).split(' at '));
    expect(new Set(rest.map(([who]) => who))).toEqual(new Set(['1', '2', '3', '4']));
    expect(rest.map(([, at]) => at)).toEqual(['100', '110', '120', '130']);
  });

  test('forgets a signal that nobody waits for', async () => {
    const said = await happens(async (env, say) => {
      const mutex = env.mutex();
      const condition = env.condition(mutex);
      condition.signal();
      condition.broadcast();
      env.spawn('waiter', async () => {
        await mutex.lock();
        await condition.wait();
        say('woken');
      });
      await env.sleep(10);
    });
    expect(said).toEqual([]);
  });

  test('refuses a wait without the lock, and counts no waiter', async () => {
    const said = await happens(async (env, say) => {
      const mutex = env.mutex();
      const condition = env.condition(mutex);
      await condition.wait().catch((error: Error) => say(error.message));
      env.spawn('waiter', async () => {
        await mutex.lock();
        await condition.wait();
        say('woken');
      });
      await env.sleep(1);
      condition.signal();
    });
    expect(said).toEqual(['unlock of an unlocked mutex', 'woken']);
  });
});

describe('a wait group', () => {
  test('lets all who wait go on when the last task is done, and not before', async () => {
    const said = await happens(async (env, say) => {
      const group = env.waitGroup();
      group.add(3);
      for (let i = 1; i <= 3; i++) env.setTimer(10 * i, () => group.done());
      env.spawn('waiter', async () => {
        await group.wait();
        say(env.now());
      });
      await group.wait();
      say(env.now());
      await group.wait();
      say(env.now());
    });
    expect(said).toEqual([30, 30, 30]);
  });

  test('can be used again', async () => {
    const said = await happens(async (env, say) => {
      const group = env.waitGroup();
      for (let round = 0; round < 3; round++) {
        group.add(1);
        env.setTimer(10, () => group.done());
        await group.wait();
        say(env.now());
      }
    });
    expect(said).toEqual([10, 20, 30]);
  });

  test('refuses to be done more often than added', async () => {
    await happens((env) => {
      const group = env.waitGroup();
      group.add(1);
      group.done();
      expect(() => group.done()).toThrow('wait group: done more often than added');
    });
  });
});
