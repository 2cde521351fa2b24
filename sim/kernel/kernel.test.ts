import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { Kernel, World, type Env, type Owner, type RunLimits, type Timer } from '../index.ts';

const owner = (id: string): Owner => ({
  id,
  incarnation: 1,
  hash: 7,
  synchronous: true,
  alive: true,
  queued: 0,
  diedIn: -1,
  readyAt: 0,
  stepUs: undefined,
  parked: [],
  park: () => {},
  nextInLine: () => undefined,
  passes: () => false,
  isCalled: false,
  afterwards: undefined,
  watch: () => {},
  cancel: () => {},
});

/** Run all events of a bare kernel, in order, without a host. */
function drainKernel(kernel: Kernel): void {
  for (;;) {
    const at = kernel.queue.nextTime;
    const event = kernel.queue.pop();
    if (event === undefined) return;
    if (kernel.isLive(event)) kernel.step(event, at);
    else kernel.dropped();
  }
}

const quietWorld = (): World => new World(1, { host: nodeHost() });

describe('the clock', () => {
  test('shows each timer the very time it was set for, and loses none', async () => {
    const world = quietWorld();
    const late: number[] = [];
    let fired = 0;
    world.addNode('n', (env) => {
      for (let i = 0; i < 3000; i++) {
        const ms = env.random.below(50_000) / 10;
        env.setTimer(ms, () => {
          fired++;
          if (env.now() !== ms) late.push(ms);
        });
      }
    });
    await world.run();
    expect(fired).toBe(3000);
    expect(late).toEqual([]);
  });

  test('never goes back, and events at one instant keep their order', async () => {
    const world = quietWorld();
    const seen: [number, number][] = [];
    world.addNode('n', (env) => {
      for (let i = 0; i < 500; i++) {
        env.setTimer(env.random.below(20), () => void seen.push([env.now(), i]));
      }
    });
    await world.run();
    expect(seen).toHaveLength(500);
    expect(seen).toEqual(seen.toSorted(([t, i], [u, j]) => t - u || i - j));
  });

  test('refuses to schedule an event in the past or at no time at all', () => {
    const kernel = new Kernel();
    kernel.now = 10;
    for (const at of [9, -1, Number.NaN, Infinity]) {
      expect(() => kernel.schedule('timer', undefined, at, () => {})).toThrow(RangeError);
    }
    expect(kernel.queue.size).toBe(0);
  });

  test.each([-1, -0.001, Number.NaN, Infinity, -Infinity, 1e13])(
    'makes a delay of %d ms an error at the call',
    async (ms) => {
      const world = quietWorld();
      const calls: Record<string, (env: Env) => unknown> = {
        sleep: (env) => env.sleep(ms),
        setTimer: (env) => env.setTimer(ms, () => {}),
        select: (env) => env.select([env.channel()], ms),
        receive: (env) => env.channel().receive(ms),
        call: (env) => env.call('n', 'm', {}, { timeoutMs: ms }),
      };
      const outcomes: Record<string, string> = {};
      world.addNode('n', async (env) => {
        for (const [name, call] of Object.entries(calls)) {
          try {
            await call(env);
          } catch (error) {
            outcomes[name] = error instanceof RangeError ? error.message : String(error);
          }
        }
      });
      await world.run();
      const message = expect.stringContaining(`expected milliseconds from 0 to`) as unknown;
      expect(outcomes).toEqual(
        Object.fromEntries(Object.keys(calls).map((name) => [name, message])),
      );
      expect(world.now()).toBe(0);
    },
  );
});

describe('cancelling', () => {
  test('takes back a timer that has not fired, once or twice, and no other', async () => {
    const world = quietWorld();
    const fired: string[] = [];
    world.addNode('n', (env) => {
      const taken = env.setTimer(5, () => void fired.push('taken back'));
      const kept = env.setTimer(5, () => void fired.push('kept'));
      env.setTimer(4, () => {
        taken.cancel();
        taken.cancel();
      });
      env.setTimer(6, () => kept.cancel());
    });
    await world.run();
    expect(fired).toEqual(['kept']);
  });

  test('keeps the queue small when timers are set and taken back all the time', async () => {
    const world = quietWorld();
    let largest = 0;
    world.addNode('n', async (env) => {
      const own: Timer[] = Array.from({ length: 50 }, () => env.setTimer(1e9, () => {}));
      for (let i = 0; i < 20_000; i++) {
        own[i % 50]?.cancel();
        own[i % 50] = env.setTimer(1e9, () => {});
        if (i % 100 === 0) await env.sleep(1);
        largest = Math.max(largest, world.kernel.queue.size);
      }
      for (const timer of own) timer.cancel();
    });
    await world.run();
    expect(largest).toBeLessThan(2500);
    expect(world.now()).toBe(200);
  });
});

describe('events of dead nodes', () => {
  test('leave the queue: it stays small over 10,000 lives with long timers pending', async () => {
    const world = quietWorld();
    let largest = 0;
    world.addNode('victim', (env) => {
      for (let i = 0; i < 20; i++) env.setTimer(1e9 + i, () => {});
      const taken = env.setTimer(1e9, () => {});
      taken.cancel();
      void env.call('nobody', 'm', {});
    });
    world.addNode('reaper', async (env) => {
      for (let i = 0; i < 10_000; i++) {
        await env.sleep(1);
        world.crash('victim');
        world.restart('victim');
        largest = Math.max(largest, world.kernel.queue.size);
      }
      world.crash('victim');
    });
    await world.run();
    expect(world.failure).toBeUndefined();
    expect(world.crashes).toBe(10_001);
    expect(largest).toBeLessThan(2500);
  });

  test('are counted once, so that the sweep runs no more often than it must', () => {
    const kernel = new Kernel();
    let sweeps = 0;
    const { compact } = kernel.queue;
    kernel.queue.compact = (keep) => {
      sweeps++;
      compact.call(kernel.queue, keep);
    };
    for (let life = 0; life < 1000; life++) {
      const node = owner(`n${life}`);
      const timers = Array.from({ length: 10 }, () =>
        kernel.schedule('timer', node, 1e9, () => {}),
      );
      for (const timer of timers.slice(5)) kernel.cancel(timer);
      kernel.bury(node);
      // Neither taking back a dead timer nor answering a dead caller makes garbage again.
      for (const timer of timers) kernel.cancel(timer);
      kernel.schedule('answer', node, 1e9, () => {});
    }
    expect(kernel.queue.size).toBeLessThan(2500);
    // 10,000 dead events, swept by the thousand.
    expect(sweeps).toBeLessThanOrEqual(10);
    expect(sweeps).toBeGreaterThan(3);
    drainKernel(kernel);
    expect(kernel.event).toBe(0);
  });

  test('are not even queued once their owner is dead', () => {
    const kernel = new Kernel();
    const node = owner('n');
    kernel.bury(node);
    kernel.cancel(kernel.schedule('answer', node, 5, () => {}));
    expect([kernel.queue.size, node.queued]).toEqual([0, 0]);
  });

  test('never run, while those of the living are all still there after a sweep', () => {
    const kernel = new Kernel();
    const [dead, living] = [owner('dead'), owner('living')];
    const ran: number[] = [];
    for (let i = 0; i < 3000; i++) {
      kernel.schedule('timer', dead, 5000 - i, () => void ran.push(-1));
      if (i % 3 === 0) kernel.schedule('timer', living, 5000 - i, () => void ran.push(kernel.now));
    }
    kernel.bury(dead);
    expect(kernel.queue.size).toBe(1000);
    drainKernel(kernel);
    expect(ran).toEqual(Array.from({ length: 1000 }, (_, i) => 2003 + 3 * i));
  });
});

describe('a run in pieces', () => {
  /** Many events at one instant in random order: the order must survive any interruption. */
  async function digestOf(pieces: readonly RunLimits[], ties: 'fifo' | 'random'): Promise<string> {
    const world = new World(1, { host: nodeHost(), plan: { ties } });
    for (const id of ['a', 'b', 'c']) {
      world.addNode(id, (env) => {
        for (let i = 0; i < 40; i++) env.setTimer(i % 4, () => env.send('a', `m${i}`, i));
      });
    }
    for (const limits of pieces) await world.run(limits);
    await world.run();
    return world.digest();
  }

  test.each(['fifo', 'random'] as const)('is the same run, ties being %s', async (ties) => {
    const whole = await digestOf([], ties);
    const byCount = Array.from({ length: 60 }, (_, i) => ({ maxEvents: 3 * i }));
    const byTime = Array.from({ length: 20 }, (_, i) => ({ untilMs: i / 4 }));
    expect(await digestOf(byCount, ties)).toBe(whole);
    expect(await digestOf(byTime, ties)).toBe(whole);
  });

  test('ends before the first event later than its limit, at the limit', async () => {
    const world = quietWorld();
    const seen: number[] = [];
    world.addNode('n', async (env) => {
      for (;;) {
        seen.push(env.now());
        await env.sleep(10);
      }
    });
    await world.run({ untilMs: 30 });
    expect([seen, world.now()]).toEqual([[0, 10, 20, 30], 30]);
    await world.run({ untilMs: 45 });
    expect([seen.at(-1), world.now()]).toEqual([40, 45]);
  });

  test('stays at its last event when nothing is left to happen', async () => {
    const world = quietWorld();
    world.addNode('n', (env) => env.sleep(3));
    await world.run({ untilMs: 30 });
    expect(world.now()).toBe(3);
  });

  test('executes as many events as it is told, and then goes on', async () => {
    const world = quietWorld();
    world.addNode('n', (env) => {
      for (let i = 0; i < 9; i++) env.setTimer(1, () => {});
    });
    await world.run({ maxEvents: 4 });
    expect(world.events).toBe(4);
    await world.run({ maxEvents: 4 });
    expect(world.events).toBe(4);
    await world.run();
    expect(world.events).toBe(10);
  });
});
