/** The `lan` profile: nobody tells a caller anything, except a machine that refuses. */
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { World, type FaultAction } from '../index.ts';

function makeWorld(faults: readonly FaultAction[] = []): World {
  return new World('lan', { host: nodeHost(), plan: { profile: 'lan', faults } });
}

const cut = (atMs: number, untilMs?: number): FaultAction => ({
  id: `cut at ${atMs}`,
  kind: 'partition',
  atMs,
  untilMs,
  groups: [['client'], ['server']],
});

const slow = (extraMs: number): FaultAction => ({
  id: 'slow',
  kind: 'delay',
  atMs: 0,
  between: ['client', 'server'],
  extraMs: [extraMs, extraMs],
});

describe('a call', () => {
  test('that is answered takes 0.2-1.6 ms, but for one message in a thousand', async () => {
    const world = makeWorld();
    const times: number[] = [];
    world.addNode('server', (env) => env.serve({ m: () => 'reply' }));
    world.addNode('client', async (env) => {
      for (let i = 0; i < 20_000; i++) {
        const from = env.now();
        await env.call('server', 'm', {}, { timeoutMs: 1000 });
        times.push(env.now() - from);
      }
    });
    await world.run();
    const slowOnes = times.filter((ms) => ms > 1.6);
    expect(times.reduce((a, b) => Math.min(a, b))).toBeGreaterThanOrEqual(0.2);
    // Two messages a call, each in the tail once in a thousand: 40 calls; four deviations.
    expect(slowOnes.length).toBeGreaterThan(15);
    expect(slowOnes.length).toBeLessThan(66);
    expect(slowOnes.reduce((a, b) => Math.max(a, b))).toBeGreaterThan(50);
    expect(slowOnes.filter((ms) => ms > 200 && ms !== 1000)).toEqual([]);
  });

  test('across a partition ends by its time-out, 50 ms or its own', async () => {
    const world = makeWorld([cut(0)]);
    const seen: unknown[] = [];
    world.addNode('server', (env) => env.serve({ m: () => 'reply' }));
    world.addNode('client', async (env) => {
      await env.sleep(1);
      seen.push(await env.call('server', 'm', {}), env.now());
      seen.push(await env.call('server', 'm', {}, { timeoutMs: 7 }), env.now());
    });
    await world.run();
    expect(seen).toEqual([undefined, 51, undefined, 58]);
  });

  test('to a machine whose process is down is refused at once', async () => {
    const world = makeWorld();
    const times: number[] = [];
    world.addNode('server', () => {});
    world.addNode('client', async (env) => {
      world.crash('server');
      for (let i = 0; i < 50; i++) {
        const from = env.now();
        expect(await env.call('server', 'm', {})).toBeUndefined();
        times.push(env.now() - from);
      }
    });
    await world.run();
    expect(world.failure).toBeUndefined();
    expect(times.filter((ms) => ms <= 1.6).length).toBeGreaterThanOrEqual(48);
  });

  test('is not refused where only the way back is cut: a reset cannot travel either', async () => {
    const world = makeWorld();
    const seen: unknown[] = [];
    world.addNode('server', () => {});
    world.addNode('client', async (env) => {
      world.crash('server');
      world.network.addRule({
        covers: (from) => from === 'server',
        effectOn: () => ({ isCut: true }),
      });
      seen.push(await env.call('server', 'm', {}), env.now());
    });
    await world.run();
    expect(seen).toEqual([undefined, 50]);
  });

  test('that nobody answers ends by its time-out, with the late answer unseen', async () => {
    const world = makeWorld();
    const seen: unknown[] = [];
    let handled = 0;
    world.addNode('server', (env) => {
      env.serve({
        slow: async () => {
          await env.sleep(80);
          handled++;
          return 'late';
        },
      });
    });
    world.addNode('client', async (env) => {
      seen.push(await env.call('server', 'slow', {}), env.now());
      seen.push(await env.call('server', 'unknown', {}), env.now());
    });
    await world.run();
    expect(seen).toEqual([undefined, 50, undefined, 100]);
    expect(handled).toBe(1);
    expect(world.network.counters).toMatchObject({ late: 1, unknown: 1 });
  });
});

describe('a message in flight', () => {
  test('that arrives after its caller has given up is executed, and counted as late', async () => {
    const world = makeWorld([slow(60)]);
    const executed: number[] = [];
    world.addNode('server', (env) => env.serve({ m: (n: number) => void executed.push(n) }));
    world.addNode('client', async (env) => {
      await env.sleep(1);
      for (let n = 0; n < 5; n++) expect(await env.call('server', 'm', n)).toBeUndefined();
    });
    await world.run();
    expect(world.failure).toBeUndefined();
    expect(executed).toEqual([0, 1, 2, 3, 4]);
    expect(world.network.counters.late).toBe(5);
  });

  test('reaches the new life of a node that was down in between', async () => {
    const world = makeWorld([slow(20)]);
    const lives: number[] = [];
    world.addNode('server', (env) => {
      env.serve({ m: () => void lives.push(env.incarnation) });
      env.receive({ m: () => void lives.push(env.incarnation) });
    });
    world.addNode('client', async (env) => {
      await env.sleep(1);
      void env.call('server', 'm', {});
      env.send('server', 'm', {});
      await env.sleep(5);
      world.crash('server');
      await env.sleep(5);
      world.restart('server');
    });
    await world.run();
    expect(lives).toEqual([2, 2]);
  });

  test('is lost if a partition stands when it arrives, on either way', async () => {
    for (const [atMs, handledBefore] of [
      [10, 0],
      [30, 1],
    ] as const) {
      const world = makeWorld([slow(20), cut(atMs)]);
      const seen: unknown[] = [];
      let handled = 0;
      world.addNode('server', (env) => {
        env.serve({ m: () => void handled++ });
        env.receive({ m: () => void handled++ });
      });
      world.addNode('client', async (env) => {
        await env.sleep(1);
        env.send('server', 'm', {});
        seen.push(await env.call('server', 'm', {}), env.now());
      });
      await world.run();
      expect([seen, handled]).toEqual([[undefined, 51], 2 * handledBefore]);
    }
  });

  test('passes if the partition is over when it arrives', async () => {
    const world = makeWorld([slow(20), cut(5, 15)]);
    const seen: unknown[] = [];
    world.addNode('server', (env) => env.serve({ m: () => 'reply' }));
    world.addNode('client', async (env) => {
      await env.sleep(1);
      seen.push(await env.call('server', 'm', {}));
    });
    await world.run();
    expect(seen).toEqual(['reply']);
  });
});

describe('a one-way message', () => {
  test('is handled under its own type, by who receives it, from whom it says', async () => {
    const world = makeWorld();
    const seen: unknown[] = [];
    world.addNode('server', (env) => {
      env.receive({ a: (payload, from) => void seen.push(['a', payload, from]) });
      env.receive({ b: (payload, from) => void seen.push(['b', payload, from]) });
    });
    world.addNode('client', async (env) => {
      env.send('server', 'a', 1);
      await env.sleep(200);
      env.send('server', 'b', { from: 'somebody else' });
      await env.sleep(200);
      env.send('server', 'c', 3);
      env.send('nobody', 'a', 4);
    });
    await world.run();
    expect(seen).toEqual([
      ['a', 1, 'client'],
      ['b', { from: 'somebody else' }, 'client'],
    ]);
    expect(world.network.counters).toMatchObject({ messages: 4, calls: 0, lost: 2, unknown: 1 });
  });
});
