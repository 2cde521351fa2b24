import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { describeFailure, MAX_EVENTS_AT_ONE_INSTANT, World, type Host } from '../index.ts';

const immediate = setImmediate;

/** A host that takes a macrotask for every drain: slow, and different in every respect. */
function slowHost(): Host {
  return { ...nodeHost(), drain: (next) => void immediate(next) };
}

/** A host that yields three macrotasks at a time, with work of its own in between. */
function leisurelyHost(): Host {
  return {
    ...nodeHost(),
    yield: (next) =>
      void immediate(() => void Promise.resolve().then(() => immediate(() => immediate(next)))),
  };
}

/** Enough events for several yields, in a mix of synchronous and asynchronous nodes. */
async function longRun(host: Host): Promise<World> {
  // No guards: a host that drains in macrotasks lets others run in the middle of a turn, whose use
  // of timers is no leak.
  const plan = { ties: 'random', profile: 'lab-unreliable' } as const;
  const world = new World('long', { host, plan, guards: false });
  world.addNode(
    'clockwork',
    (env) => {
      const tick = (): void => {
        env.send('server', 'tick', { at: env.now() });
        if (env.now() < 2000) env.setTimer(env.random.between(0, 1), tick);
      };
      for (let i = 0; i < 5; i++) tick();
    },
    { isSynchronous: true },
  );
  world.addNode('server', (env) => {
    let ticks = 0;
    env.receive({ tick: () => void ticks++ });
    env.serve({
      ticks: async () => {
        await env.sleep(env.random.below(3));
        return ticks;
      },
    });
  });
  for (const id of ['c0', 'c1', 'c2']) {
    world.addNode(id, async (env) => {
      while (env.now() < 2000) await env.call('server', 'ticks', { id });
    });
  }
  await world.run();
  return world;
}

describe('the host', () => {
  test('may drain and yield as it likes: the run is the same', async () => {
    const usual = await longRun(nodeHost());
    expect(usual.failure).toBeUndefined();
    expect(usual.events).toBeGreaterThan(3 * 8192);
    for (const host of [slowHost(), leisurelyHost()]) {
      const other = await longRun(host);
      expect([other.events, other.now(), other.digest()]).toEqual([
        usual.events,
        usual.now(),
        usual.digest(),
      ]);
    }
  });

  test('gets its turn in the middle of a run of synchronous nodes', async () => {
    const world = new World(1, { host: nodeHost(), guards: false });
    let turns = 0;
    let isOver = false;
    const turn = (): void => {
      turns++;
      if (!isOver) immediate(turn);
    };
    world.addNode(
      'n',
      (env) => {
        const tick = (): void => void (env.now() < 50_000 && env.setTimer(1, tick));
        tick();
      },
      { isSynchronous: true },
    );
    immediate(turn);
    await world.run();
    isOver = true;
    expect(turns).toBeGreaterThanOrEqual(Math.floor(world.events / 8192));
  });

  test('runs one world at a time: a second one waits for the first', async () => {
    const order: string[] = [];
    const make = (name: string): World => {
      const world = new World(1, { host: nodeHost() });
      world.addNode('n', async (env) => {
        // Long enough for several yields, at which another world could begin.
        for (let i = 0; i < 30_000; i++) {
          if (i % 10_000 === 0) order.push(name);
          await env.sleep(1);
        }
      });
      return world;
    };
    await Promise.all(['first', 'second', 'third'].map((name) => make(name).run()));
    expect(order).toEqual(['first', 'second', 'third'].flatMap((name) => [name, name, name]));
  });

  test('is free for the next world even when a run is refused', async () => {
    const refused = new World(1, { host: nodeHost() });
    refused.addNode('n', (env) => {
      env.setTimer(1, () => {});
    });
    refused.kernel.schedule('action', undefined, 500, () => {
      throw new Error('an error of the world itself');
    });
    await expect(refused.run()).rejects.toThrow('an error of the world itself');
    const next = new World(1, { host: nodeHost() });
    let hasRun = false;
    next.addNode('n', () => void (hasRun = true));
    await next.run();
    expect(hasRun).toBe(true);
  });

  test('sees every continuation of an event before the next event', async () => {
    const world = new World(1, { host: nodeHost() });
    const order: string[] = [];
    world.addNode('a', async () => {
      for (let i = 0; i < 20; i++) {
        await Promise.resolve();
        await new Promise<void>((resolve) => queueMicrotask(resolve));
      }
      order.push('a');
    });
    world.addNode('b', () => void order.push('b'));
    await world.run();
    expect(order).toEqual(['a', 'b']);
  });
});

describe('time that stands still', () => {
  test('is a violation that names the node, not a run without end', async () => {
    const world = new World(1, { host: nodeHost() });
    world.addNode('bystander', (env) => void env.setTimer(10, () => {}));
    world.addNode(
      'spinner',
      (env) => {
        const again = (): void => void env.setTimer(0, again);
        env.setTimer(7, again);
      },
      { isSynchronous: true },
    );
    await world.run();
    expect(world.failure).toMatchObject({
      kind: 'violation',
      rule: 'time stands still',
      node: 'spinner',
      incarnation: 1,
      timeUs: 7000,
    });
    expect(describeFailure(world.failure!)).toMatch(
      /^spinner#1 at 0\.007000 s.*time stands still.*node spinner$/,
    );
    expect(world.events).toBeLessThan(MAX_EVENTS_AT_ONE_INSTANT + 10);
  });

  test('is not confused with many events at many instants', async () => {
    const world = new World(1, { host: nodeHost() });
    world.addNode(
      'n',
      (env) => {
        for (let at = 0; at < 3; at++) {
          for (let i = 0; i < 400_000; i++) env.setTimer(at, () => {});
        }
      },
      { isSynchronous: true },
    );
    await world.run();
    expect(world.failure).toBeUndefined();
    expect(world.events).toBe(1_200_001);
  });
});
