/** Sizes without content: counted and moved as one piece, however large. */
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { bulk, LaterReply, pack, Trace, World, type Env, type WorldPlan } from '../index.ts';

const GIGABYTE = 1e9;

interface Fetched {
  readonly events: number;
  readonly queued: number;
  readonly records: number;
  readonly bytes: number;
  readonly ms: number;
}

/** Reducers fetch one part each of what mappers keep, all at once. */
async function shuffle(mappers: number, reducers: number, bytes: number): Promise<Fetched> {
  const trace = new Trace();
  const plan: Partial<WorldPlan> = { profile: 'lab-steady', hardware: 'cluster-2004' };
  const world = new World('shuffle', { host: nodeHost(), plan, trace });
  let queued = 0;
  for (let m = 0; m < mappers; m++) {
    world.addNode(`m${m}`, (env) => env.serve({ fetch: () => bulk('part', bytes) }), {
      isSynchronous: true,
    });
  }
  for (let r = 0; r < reducers; r++) {
    const fetchAll = (env: Env): void => {
      for (let m = 0; m < mappers; m++) {
        env.request(`m${m}`, 'fetch', r, () => {
          queued = Math.max(queued, world.kernel.queue.size);
        });
      }
    };
    world.addNode(`r${r}`, fetchAll, { isSynchronous: true });
  }
  await world.run();
  expect(world.failure).toBeUndefined();
  const { calls, bytes: counted } = world.network.counters;
  expect(calls).toBe(mappers * reducers);
  const starts = mappers + reducers;
  const records = trace.records.length - starts;
  return { events: world.events - starts, queued, records, bytes: counted, ms: world.now() };
}

describe('a fetch of a shuffle', () => {
  test('takes as many events and as much memory for a gigabyte as for nothing', async () => {
    const small = await shuffle(15, 40, 0);
    const large = await shuffle(15, 40, GIGABYTE);
    // A request, a reply, once more each if they have to queue at a card, and steps that wait.
    for (const { events, records, queued } of [small, large]) {
      expect(events / (15 * 40)).toBeLessThanOrEqual(6);
      expect(records / (15 * 40)).toBeLessThanOrEqual(10);
      expect(queued).toBeLessThanOrEqual(2 * 15 * 40);
    }
    expect(large.bytes - small.bytes).toBe(15 * 40 * GIGABYTE);
  });

  test('takes as much with many tasks as with few', async () => {
    const few = await shuffle(5, 4, GIGABYTE);
    const many = await shuffle(50, 40, GIGABYTE);
    const perFetch = (all: number, fetches: number): number => all / fetches;
    expect(perFetch(many.events, 2000)).toBeLessThanOrEqual(perFetch(few.events, 20) + 1);
  });

  test('all together last as long as their bytes take at the cards where they meet', async () => {
    const { ms } = await shuffle(3, 12, GIGABYTE);
    // Each of three cards sends to all in the same order, twelve pieces of eight seconds; the last
    // three of them meet at the card of the last reducer.
    const pieceMs = GIGABYTE / 125_000;
    expect(ms).toBeGreaterThan((12 + 3 - 1) * pieceMs);
    expect(ms).toBeLessThan((12 + 3 - 1) * pieceMs + 10);
  });
});

describe('bytes without content', () => {
  type Program = (env: Env) => void | Promise<void>;
  const inWorld = async (
    plan: Partial<WorldPlan>,
    programs: Readonly<Record<string, Program>>,
    options: object = {},
  ): Promise<World> => {
    const world = new World('bulk', {
      host: nodeHost(),
      plan: { profile: 'steady', ...plan },
      isStrict: true,
    });
    for (const [id, program] of Object.entries(programs)) world.addNode(id, program, options);
    await world.run();
    return world;
  };

  test('are counted with messages, requests and replies, however they are given', async () => {
    const seen: unknown[] = [];
    const later = new LaterReply();
    const world = await inWorld(
      { profile: 'lab-steady' },
      {
        server(env) {
          env.receive({ m: (content: unknown) => void seen.push(content) });
          env.serve({
            at_once: () => bulk({ a: 1 }, 1000),
            promised: async () => bulk({ a: 2 }, 1000),
            later: () => later,
          });
          env.setTimer(20, () => later.answer(bulk({ a: 3 }, 1000)));
        },
        async client(env) {
          env.send('server', 'm', { a: 0 }, { bytes: 1000 });
          for (const method of ['at_once', 'promised', 'later']) {
            seen.push(await env.call('server', method, 0, { bytes: 1000 }));
          }
        },
      },
    );
    expect(world.failure).toBeUndefined();
    expect(seen).toEqual([{ a: 0 }, { a: 1 }, { a: 2 }, { a: 3 }]);
    const carried = 4 * pack({ a: 1 }).bytes + 3 * pack(0).bytes;
    expect(world.network.counters.bytes).toBe(7 * 1000 + carried);
  });

  test('are part of the digest, and stay with copies and damaged messages', async () => {
    const seen: unknown[] = [];
    const run = (bytes: number, ...faults: WorldPlan['faults']): Promise<World> =>
      inWorld(
        { faults },
        {
          b: (env) => env.receive({ m: (x: unknown) => void seen.push([x, env.now()]) }),
          a: (env) => env.send('b', 'm', 5, { bytes }),
        },
        { takesDamaged: true, hardware: { ...slow, stepUs: 0 } },
      );
    expect((await run(1000)).digest()).toBe((await run(1000)).digest());
    expect((await run(1000)).digest()).not.toBe((await run(1001)).digest());
    seen.length = 0;
    const all = { atMs: 0, ppm: 1_000_000 };
    await run(998, { ...all, id: 'd', kind: 'duplicate', laterMs: [3, 3] });
    await run(998, { ...all, id: 'k', kind: 'corrupt' });
    // A thousand bytes at ten a ms; the copy, too, has to come in.
    expect(seen).toEqual([
      [5, 100.5],
      [5, 200.5],
      [4, 100.5],
    ]);
  });

  test('do not keep strict mode from seeing that a sender changes what it has sent', async () => {
    const honest = (content: { a: number }): Promise<World> =>
      inWorld(
        {},
        {
          b: (env) => env.receive({ m: () => {} }),
          a(env) {
            env.send('b', 'm', content, { bytes: 1000 });
            content.a++;
          },
        },
      );
    expect((await honest({ a: 1 })).failure?.message).toContain('a#1 changed what it had sent');
  });

  test('are a whole number, or refused by the call that names them', async () => {
    const calls: Record<string, (env: Env, bytes: number) => unknown> = {
      send: (env, bytes) => env.send('n', 'm', 0, { bytes }),
      call: (env, bytes) => void env.call('n', 'm', 0, { bytes }),
      bulk: (_env, bytes) => bulk(0, bytes),
      'disk.move': (env, bytes) => env.disk.move(bytes, () => {}),
    };
    let refused = 0;
    await inWorld(
      {},
      {
        n(env) {
          for (const [name, call] of Object.entries(calls)) {
            for (const bytes of [-1, 0.5, NaN, Infinity, 2e15]) {
              expect(() => call(env, bytes)).toThrow(
                new RangeError(
                  `${name}: expected bytes, a whole number up to 1000000000000000, got ${bytes}`,
                ),
              );
              refused++;
            }
          }
        },
      },
    );
    expect(refused).toBe(20);
  });
});

const slow = {
  name: 'slow',
  description: 'ten bytes a ms',
  cores: 1,
  stepUs: 0,
  diskBytesPerMs: 10,
  diskAccessUs: 0,
  nicOutBytesPerMs: 10,
  nicInBytesPerMs: 10,
};
