/** What the plan can do to single messages, and that messages share no memory. */
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { Trace, World, type MessageOverride, type WorldPlan } from '../index.ts';

function makeWorld(plan: Partial<WorldPlan> = {}, trace?: Trace): World {
  return new World('messages', { host: nodeHost(), plan, trace });
}

describe('an override', () => {
  interface Arrival {
    readonly n: number;
    readonly type: string;
    readonly from: string;
    readonly ms: number;
  }

  /** Two clients send five messages of two types each; returns who arrived when. */
  async function arrivals(
    overrides: readonly MessageOverride[],
  ): Promise<{ seen: Arrival[]; unmatched: number; lost: number }> {
    const world = makeWorld({ profile: 'lan', overrides });
    const seen: Arrival[] = [];
    world.addNode('server', (env) => {
      const note = (type: string) => (n: number, from: string) =>
        void seen.push({ n, type, from, ms: env.now() });
      env.receive({ a: note('a'), b: note('b') });
    });
    for (const id of ['c0', 'c1']) {
      world.addNode(id, (env) => {
        for (let n = 0; n < 5; n++) {
          env.send('server', 'a', n);
          env.send('server', 'b', n);
        }
      });
    }
    await world.run();
    expect(world.failure).toBeUndefined();
    return {
      seen,
      unmatched: world.network.overrides.unmatched,
      lost: world.network.counters.lost,
    };
  }

  const target = { link: 'c1>server', type: 'a', n: 3 };
  const isTarget = ({ from, type, n }: Arrival): boolean =>
    from === 'c1' && type === 'a' && n === 3;

  test('drops exactly the message that it names', async () => {
    const before = await arrivals([]);
    const after = await arrivals([{ ...target, fate: 'drop' }]);
    expect(before.seen).toHaveLength(20);
    expect(after.seen).toEqual(before.seen.filter((arrival) => !isTarget(arrival)));
    expect([after.unmatched, after.lost]).toEqual([0, 1]);
  });

  test('duplicates exactly the message that it names', async () => {
    const before = await arrivals([]);
    const after = await arrivals([{ ...target, fate: 'duplicate' }]);
    expect(after.seen).toEqual(
      before.seen.flatMap((arrival) => (isTarget(arrival) ? [arrival, arrival] : [arrival])),
    );
  });

  test('delays exactly the message that it names, by what it says', async () => {
    const before = await arrivals([]);
    const after = await arrivals([{ ...target, fate: { delayUs: 123_456 } }]);
    expect(after.seen).toEqual([
      ...before.seen.filter((arrival) => !isTarget(arrival)),
      { ...before.seen.find(isTarget)!, ms: 123.456 },
    ]);
  });

  test('never makes a hop take no time', async () => {
    const after = await arrivals([{ ...target, fate: { delayUs: 0 } }]);
    expect(after.seen[0]).toEqual({ n: 3, type: 'a', from: 'c1', ms: 0.001 });
  });

  test('that finds no message is counted', async () => {
    const fate = 'drop';
    const { seen, unmatched } = await arrivals([
      { ...target, fate },
      { ...target, n: 5, fate },
      { ...target, type: 'c', fate },
      { ...target, link: 'server>c1', fate },
    ]);
    expect([seen.length, unmatched]).toEqual([19, 3]);
  });

  test('can name a reply, and the lab network tells the caller at once', async () => {
    const world = makeWorld({
      overrides: [
        { link: 'client>server', type: 'm', n: 1, fate: 'drop' },
        { link: 'server>client', type: 'm.reply', n: 1, fate: 'drop' },
        { link: 'server>client', type: 'm.reply', n: 2, fate: { delayUs: 500_000 } },
        { link: 'client>server', type: 'm', n: 4, fate: 'duplicate' },
      ],
    });
    const handled: number[] = [];
    const seen: unknown[] = [];
    world.addNode('server', (env) => {
      env.serve({
        m: (n: number) => {
          handled.push(n);
          return n;
        },
      });
    });
    world.addNode('client', async (env) => {
      for (let n = 0; n < 5; n++) {
        const from = env.now();
        const reply = await env.call('server', 'm', n);
        seen.push([reply, env.now() - from < 3]);
      }
    });
    await world.run();
    expect(seen).toEqual([
      [0, true],
      [undefined, true],
      [undefined, true],
      [3, false],
      [4, true],
    ]);
    // Request 1 was lost on its way; reply 1 is that to request 2; request 4 came twice.
    expect(handled).toEqual([0, 2, 3, 4, 4]);
    expect(world.network.overrides.unmatched).toBe(0);
  });
});

describe('a reply that an override duplicates', () => {
  test('arrives twice; the caller takes the first', async () => {
    const trace = new Trace();
    const fate = 'duplicate';
    const overrides: MessageOverride[] = [{ link: 's>c', type: 'm.reply', n: 0, fate }];
    const world = new World('twice', { host: nodeHost(), plan: { overrides }, trace });
    const replies: unknown[] = [];
    world.addNode('s', (env) => env.serve({ m: (n: number) => n }));
    world.addNode('c', async (env) => {
      for (const n of [1, 2]) replies.push(await env.call('s', 'm', n));
    });
    await world.run();
    expect(replies).toEqual([1, 2]);
    const arrived = trace.records.filter(({ kind }) => kind === 'answer').map(({ n }) => n);
    expect(arrived).toEqual([0, 0, 1]);
    expect(world.network.overrides.unmatched).toBe(0);
  });
});

describe('messages share no memory', () => {
  interface Mutable {
    list: number[];
    bytes: Uint8Array;
  }
  const fresh = (): Mutable => ({ list: [1], bytes: new Uint8Array([1]) });
  const spoil = (message: Mutable): void => {
    message.list.push(666);
    message.bytes[0] = 66;
  };

  test('with a sender that changes them after sending', async () => {
    const world = makeWorld({ profile: 'lan' });
    const seen: unknown[] = [];
    world.addNode('server', (env) => {
      env.receive({ m: (message) => void seen.push(message) });
      env.serve({ m: (message: Mutable) => void seen.push(message) });
    });
    world.addNode('client', (env) => {
      const message = fresh();
      env.send('server', 'm', message);
      void env.call('server', 'm', message);
      spoil(message);
    });
    await world.run();
    expect(seen).toEqual([fresh(), fresh()]);
  });

  test('with a server that changes its reply after answering', async () => {
    const world = makeWorld();
    const kept = fresh();
    const seen: unknown[] = [];
    world.addNode('server', (env) => {
      env.serve({ now: () => kept, later: () => env.sleep(1).then(() => kept) });
    });
    world.addNode('client', async (env) => {
      for (const method of ['now', 'later']) {
        const reply = (await env.call('server', method, {})) as Mutable;
        seen.push(structuredClone(reply));
        spoil(reply);
      }
    });
    await world.run();
    expect(seen).toEqual([fresh(), fresh()]);
    expect(kept).toEqual(fresh());
  });

  test('with their own duplicates, nor with the trace', async () => {
    const trace = new Trace();
    const overrides: MessageOverride[] = ['a', 'b'].map((type) => ({
      link: 'client>server',
      type,
      n: 0,
      fate: 'duplicate',
    }));
    const world = makeWorld({ profile: 'lan', overrides }, trace);
    const seen: unknown[] = [];
    const look = (message: Mutable): void => {
      seen.push(structuredClone(message));
      spoil(message);
    };
    world.addNode('server', (env) => {
      env.receive({ a: look });
      env.serve({ b: look });
    });
    world.addNode('client', (env) => {
      env.send('server', 'a', fresh());
      void env.call('server', 'b', fresh());
    });
    await world.run();
    expect(seen).toEqual([fresh(), fresh(), fresh(), fresh()]);
    const traced = trace.records.filter(({ kind }) => kind === 'message');
    expect(traced.map(({ payload }) => payload)).toEqual(seen);
  });
});
