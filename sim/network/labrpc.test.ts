/** The labs' network as a caller sees it (labs.md §1.1). */
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import {
  LaterReply,
  pack,
  Trace,
  UNKNOWN,
  World,
  type Env,
  type FaultAction,
  type WorldPlan,
} from '../index.ts';

function makeWorld(profile: string, plan: Partial<WorldPlan> = {}): World {
  return new World('labrpc', { host: nodeHost(), plan: { profile, ...plan } });
}

interface Outcome {
  readonly id: string;
  readonly isOk: boolean;
  readonly ms: number;
}

interface Experiment {
  readonly outcomes: Outcome[];
  /** How often the handler ran, by call. */
  readonly ran: Map<string, number>;
  readonly world: World;
}

/** Clients that call without a pause, and a server that answers at once. */
async function manyCalls(profile: string, clients: number, calls: number): Promise<Experiment> {
  const world = makeWorld(profile);
  const outcomes: Outcome[] = [];
  const ran = new Map<string, number>();
  world.addNode('server', (env) => {
    env.serve({
      m: (id: string) => {
        ran.set(id, (ran.get(id) ?? 0) + 1);
        return `reply to ${id}`;
      },
    });
  });
  for (let c = 0; c < clients; c++) {
    world.addNode(`c${c}`, async (env) => {
      for (let i = 0; i < calls; i++) {
        const id = `c${c} call ${i}`;
        const from = env.now();
        const reply = await env.call('server', 'm', id);
        if (reply !== undefined) expect(reply).toBe(`reply to ${id}`);
        outcomes.push({ id, isOk: reply !== undefined, ms: env.now() - from });
      }
    });
  }
  await world.run();
  expect(world.failure).toBeUndefined();
  return { outcomes, ran, world };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b));
const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b));

describe('the reliable network', () => {
  test('takes 0.1-1 ms each way, and loses and repeats nothing', async () => {
    const { outcomes, ran, world } = await manyCalls('lab-reliable', 1, 4000);
    const times = outcomes.map(({ ms }) => ms);
    expect(outcomes.every(({ isOk }) => isOk)).toBe(true);
    expect(least(times)).toBeGreaterThanOrEqual(0.2);
    expect(least(times)).toBeLessThan(0.25);
    expect(most(times)).toBeLessThanOrEqual(2);
    expect(most(times)).toBeGreaterThan(1.95);
    // Two uniform draws of 100-1000 µs; four standard errors.
    expect(Math.abs(mean(times) - 1.1)).toBeLessThan(4 * Math.sqrt(0.135 / 4000));
    expect([...ran.values()].every((count) => count === 1)).toBe(true);
    expect(world.network.counters).toMatchObject({ calls: 4000, messages: 4000, lost: 0 });
  });

  test('lets requests overtake each other', async () => {
    const world = makeWorld('lab-reliable');
    const order: number[] = [];
    world.addNode('server', (env) => env.serve({ m: (n: number) => void order.push(n) }));
    world.addNode('client', (env) => {
      for (let n = 0; n < 100; n++) void env.call('server', 'm', n);
    });
    await world.run();
    expect(order).not.toEqual(order.toSorted((a, b) => a - b));
    expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, n) => n));
  });
});

describe('the unreliable network', () => {
  test('fails 19 % of the calls, of half of which the handler ran, and repeats none', async () => {
    const { outcomes, ran, world } = await manyCalls('lab-unreliable', 20, 1000);
    const total = outcomes.length;
    expect(total).toBe(20_000);
    const within = (count: number, p: number, of: number): void => {
      // Four standard deviations: a good network fails this once in 16,000 changes of its streams.
      expect(Math.abs(count - p * of)).toBeLessThan(4 * Math.sqrt(p * (1 - p) * of));
    };
    const failed = outcomes.filter(({ isOk }) => !isOk);
    within(failed.length, 0.19, total);
    within(total - ran.size, 0.1, total);
    within(failed.filter(({ id }) => ran.has(id)).length, 0.09 / 0.19, failed.length);
    expect([...ran.values()].every((count) => count === 1)).toBe(true);
    expect(outcomes.every(({ id, isOk }) => !isOk || ran.has(id))).toBe(true);
    expect(world.network.counters).toMatchObject({ calls: total, lost: failed.length });
    expect(most(failed.map(({ ms }) => ms))).toBeLessThanOrEqual(27.001);
    expect(least(failed.map(({ ms }) => ms))).toBeGreaterThanOrEqual(0.1);
    const served = outcomes.filter(({ isOk }) => isOk).map(({ ms }) => ms);
    // 0-26 ms before the request, and 0.1-1 ms each way.
    expect(most(served)).toBeGreaterThan(27);
    expect(most(served)).toBeLessThanOrEqual(28);
    expect(Math.abs(mean(served) - 14.1)).toBeLessThan(4 * (7.8 / Math.sqrt(served.length)));
  });
});

describe('long reordering', () => {
  test('holds up two thirds of the replies by 200-2199 ms, about 700 on average', async () => {
    const { outcomes } = await manyCalls('lab-long-reordering', 20, 500);
    const served = outcomes.filter(({ isOk }) => isOk).map(({ ms }) => ms);
    const late = served.filter((ms) => ms > 28);
    const share = late.length / served.length;
    expect(Math.abs(share - 2 / 3)).toBeLessThan(4 * Math.sqrt(2 / 9 / served.length));
    expect(least(late)).toBeGreaterThanOrEqual(200.2);
    expect(most(late)).toBeLessThanOrEqual(2199 + 28);
    expect(most(late)).toBeGreaterThan(1900);
    // 200 ms, two nested uniforms (mean 500), and the usual 14.1 ms.
    expect(Math.abs(mean(late) - 714)).toBeLessThan(4 * (440 / Math.sqrt(late.length)));
    // Only replies are held up: who learns of a failure learns it soon.
    expect(most(outcomes.filter(({ isOk }) => !isOk).map(({ ms }) => ms))).toBeLessThan(28);
  });
});

describe('a server that is not there', () => {
  const cut: FaultAction = {
    id: 'cut',
    kind: 'partition',
    atMs: 0,
    groups: [['client'], ['server']],
  };
  const gone = { disconnected: [cut], absent: [], down: [] };
  const cases = Object.keys(gone).flatMap((how) =>
    [99, 6999].map((mostMs) => [how, mostMs] as [keyof typeof gone, number]),
  );
  test.each(cases)('%s: calls fail after 0-%d ms', async (how, mostMs) => {
    const profile = mostMs === 99 ? 'lab-reliable' : 'lab-reliable-long-delays';
    const world = makeWorld(profile, { faults: gone[how] });
    const times: number[] = [];
    let handled = 0;
    if (how !== 'absent') {
      world.addNode('server', (env) => env.serve({ m: () => void handled++ }));
    }
    world.addNode('client', async (env) => {
      if (how === 'down') world.crash('server');
      await env.sleep(1);
      for (let i = 0; i < 3000; i++) {
        const from = env.now();
        expect(await env.call('server', 'm', {})).toBeUndefined();
        times.push(Math.round((env.now() - from) * 1000) / 1000);
      }
    });
    await world.run();
    expect(world.failure).toBeUndefined();
    expect(handled).toBe(0);
    expect(times).toHaveLength(3000);
    // Whole milliseconds, except that no answer takes no time at all.
    expect(times.every((ms) => Number.isInteger(ms) || ms === 0.001)).toBe(true);
    expect(most(times)).toBeLessThanOrEqual(mostMs);
    expect(most(times)).toBeGreaterThan(0.98 * mostMs);
    const error = mostMs / Math.sqrt(12 * 3000);
    expect(Math.abs(mean(times) - mostMs / 2)).toBeLessThan(4 * error);
    expect(world.network.counters).toMatchObject({ calls: 3000, lost: 3000 });
  });
});

/** Handlers that answer `done` after so many ms. */
const SLOW = {
  'a promise': async (env: Env, ms: number, done: () => void) => {
    await env.sleep(ms);
    done();
    return 'done';
  },
  'a late reply': (env: Env, ms: number, done: () => void) => {
    const late = new LaterReply();
    env.setTimer(ms, () => {
      done();
      late.answer('done');
    });
    return late;
  },
};

describe.each(Object.entries(SLOW))('what happens while a handler runs: %s', (_what, slow) => {
  interface Course {
    readonly reply: unknown;
    /** When the caller knew, in ms since the handler began. */
    readonly afterMs: number;
    readonly handled: number;
    readonly late: number;
  }

  /** One call to a handler that takes `handlerMs`; `at` gives the moments since it began. */
  async function during(
    handlerMs: number,
    at: Readonly<Record<number, (world: World) => void>>,
  ): Promise<Course> {
    const world = makeWorld('lab-reliable');
    let began = 0;
    let handled = 0;
    const begin = (env: Env): void => {
      began = env.now();
      for (const [ms, act] of Object.entries(at)) {
        world.kernel.schedule('action', undefined, (began + Number(ms)) * 1000, () => act(world));
      }
    };
    world.addNode('server', (env) => {
      env.serve({
        slow: () => {
          begin(env);
          return slow(env, handlerMs, () => handled++);
        },
      });
    });
    const course: { reply: unknown; afterMs: number }[] = [];
    world.addNode('client', async (env) => {
      const reply = await env.call('server', 'slow', {});
      course.push({ reply, afterMs: Math.round((env.now() - began) * 1000) / 1000 });
    });
    await world.run();
    expect(world.failure).toBeUndefined();
    expect(course).toHaveLength(1);
    return { ...course[0]!, handled, late: world.network.counters.late };
  }

  let mend = (_world: World): void => {};
  const cut = (world: World): void => {
    mend = world.network.addRule({ covers: () => true, effectOn: () => ({ isCut: true }) });
  };
  const mendAgain = (world: World): void => mend(world);
  const crash = (world: World): void => world.crash('server');

  test('a crash: the caller knows at the next 100 ms, and the handler ends', async () => {
    const course = await during(1000, { 250: crash });
    expect(course).toEqual({ reply: undefined, afterMs: 300, handled: 0, late: 0 });
  });

  test('a crash and a restart: the call is lost all the same', async () => {
    const course = await during(1000, { 250: crash, 260: (world) => world.restart('server') });
    expect(course).toEqual({ reply: undefined, afterMs: 300, handled: 0, late: 0 });
  });

  test('a partition: the caller knows at the next 100 ms, and the handler goes on', async () => {
    const course = await during(1000, { 250: cut });
    expect(course).toEqual({ reply: undefined, afterMs: 300, handled: 1, late: 1 });
  });

  test('a partition suppresses the reply of a handler that ends before a poll', async () => {
    const course = await during(30, { 10: cut });
    expect(course).toMatchObject({ reply: undefined, handled: 1 });
    expect(course.afterMs).toBe(30.001);
  });

  test('a partition healed before anybody looked does no harm', async () => {
    const course = await during(250, { 110: cut, 190: mendAgain });
    expect(course).toMatchObject({ reply: 'done', handled: 1, late: 0 });
    expect(course.afterMs).toBeGreaterThan(250);
  });

  test('a partition that comes back is noticed again', async () => {
    const course = await during(1000, { 110: cut, 190: mendAgain, 310: cut });
    expect(course).toMatchObject({ reply: undefined, afterMs: 400, handled: 1 });
  });

  test('a partition while the request travels: the handler runs, its reply is lost', async () => {
    for (const handlerMs of [0, 1000]) {
      const world = makeWorld('lab-reliable', {
        faults: [{ id: 'cut', kind: 'partition', atMs: 5.05, groups: [['client'], ['server']] }],
      });
      let handledAt = -1;
      const seen: unknown[] = [];
      world.addNode('server', (env) => {
        env.serve({
          m: () => {
            handledAt = env.now();
            return handlerMs === 0 ? 'done' : slow(env, handlerMs, () => {});
          },
        });
      });
      world.addNode('client', async (env) => {
        await env.sleep(5);
        seen.push(await env.call('server', 'm', {}), Math.round(env.now() - handledAt));
      });
      await world.run();
      expect(handledAt).toBeGreaterThanOrEqual(5.1);
      expect(seen).toEqual([undefined, handlerMs === 0 ? 0 : 100]);
    }
  });
});

describe('a server that is started again', () => {
  test('does not get the requests that were sent to its former life', async () => {
    // Sent at 0 to the first life; requests take at least 0.1 ms.
    const crash: FaultAction = { id: 'x', kind: 'crash', node: 's', atMs: 0.02, untilMs: 0.05 };
    const world = makeWorld('lab-reliable', { faults: [crash] });
    const served: string[] = [];
    world.addNode('s', (env) => {
      env.serve({ m: (what: string) => served.push(`${what} by life ${env.incarnation}`) });
    });
    let firstMs = 0;
    world.addNode('c', async (env) => {
      expect(await env.call('s', 'm', 'first')).toBeUndefined();
      firstMs = env.now();
      await env.call('s', 'm', 'second');
    });
    await world.run();
    expect(world.failure).toBeUndefined();
    expect(served).toEqual(['second by life 2']);
    // The caller learns of it at the first poll.
    expect(firstMs).toBeGreaterThan(100);
    expect(firstMs).toBeLessThan(101.1);
  });
});

describe('a change of profile', () => {
  test('to one of another style is refused: calls in flight would never end', () => {
    const world = makeWorld('lab-reliable');
    expect(() => world.network.setProfile('lan')).toThrow(
      'cannot change from lab-reliable to lan: their styles differ',
    );
    world.network.setProfile('lab-unreliable');
    expect(world.network.profile.name).toBe('lab-unreliable');
  });
});

describe('counting', () => {
  test('counts every call, and the bytes of all arguments and delivered replies', async () => {
    const { outcomes, world } = await manyCalls('lab-unreliable', 5, 400);
    const bytes = outcomes.reduce(
      (sum, { id, isOk }) => sum + pack(id).bytes + (isOk ? pack(`reply to ${id}`).bytes : 0),
      0,
    );
    expect(world.network.counters).toMatchObject({ calls: 2000, messages: 2000, bytes });
    expect([...world.network.counters.byType]).toEqual([['m', 2000]]);
  });

  test('counts what nobody handles, and the caller learns of it', async () => {
    const trace = new Trace();
    const world = new World(1, { host: nodeHost(), plan: { profile: 'lab-reliable' }, trace });
    const seen: unknown[] = [];
    const handlers = { known: () => 1, refused: () => UNKNOWN, later: async () => UNKNOWN };
    world.addNode('server', (env) => env.serve(handlers));
    world.addNode('client', async (env) => {
      env.send('server', 'one-way', {});
      for (const method of ['known', 'unknown', 'refused', 'later']) {
        seen.push(await env.call('server', method, {}));
      }
    });
    await world.run();
    const noted = trace.records.filter(({ kind }) => kind === 'unknown');

    expect(seen).toEqual([1, undefined, undefined, undefined]);
    expect(world.network.counters).toMatchObject({ unknown: 4, lost: 4 });
    expect(noted.map(({ node, from, label }) => `${label} from ${from} at ${node}`)).toEqual(
      ['one-way', 'unknown', 'refused', 'later'].map((what) => `${what} from client at server`),
    );
  });
});
