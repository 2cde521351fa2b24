/** Faults of links, in their finer points: shapes of partitions, what is held, what comes later. */
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { World, type FaultAction } from '../index.ts';

function makeWorld(faults: readonly FaultAction[]): World {
  return new World('links', { host: nodeHost(), plan: { profile: 'steady', faults } });
}

const five = ['a', 'b', 'c', 'd', 'e'];

/** Who hears whom while the faults last. */
async function hearing(faults: readonly FaultAction[]): Promise<Record<string, string>> {
  const world = makeWorld(faults);
  const heard: Record<string, string> = {};
  for (const id of five) {
    world.addNode(id, (env) => {
      env.receive({ m: (_: unknown, from) => void (heard[id] = (heard[id] ?? '') + from) });
      for (const to of five) if (to !== id) env.send(to, 'm', {});
    });
  }
  await world.run();
  return heard;
}

describe('a partition of groups that overlap', () => {
  test('has a bridge: the node that is in both', async () => {
    const groups = [
      ['a', 'b', 'c'],
      ['c', 'd', 'e'],
    ];
    expect(await hearing([{ id: 'p', kind: 'partition', atMs: 0, groups }])).toEqual({
      a: 'bc',
      b: 'ac',
      c: 'abde',
      d: 'ce',
      e: 'cd',
    });
  });

  test('is a ring of majorities: each node sees another one', async () => {
    const groups = five.map((id, i) => [id, five[(i + 1) % 5]!]);
    expect(await hearing([{ id: 'p', kind: 'partition', atMs: 0, groups }])).toEqual({
      a: 'be',
      b: 'ac',
      c: 'bd',
      d: 'ce',
      e: 'ad',
    });
  });

  test('leaves nodes alone that are in no group', async () => {
    const groups = [['a'], ['b']];
    const heard = await hearing([{ id: 'p', kind: 'partition', atMs: 0, groups }]);
    expect(heard).toMatchObject({ a: 'cde', b: 'cde', c: 'abde' });
  });
});

describe('what is held', () => {
  /** Messages 0 to 9, one a ms; when each arrived. */
  async function arrivals(faults: readonly FaultAction[], course: (world: World) => void) {
    const world = makeWorld(faults);
    const arrived: [i: number, ms: number][] = [];
    world.addNode('b', (env) => {
      env.receive({ m: (i: number) => void arrived.push([i, world.now()]) });
    });
    world.addNode('a', (env) => {
      for (let i = 0; i < 10; i++) env.setTimer(i, () => env.send('b', 'm', i));
    });
    world.addNode('user', (env) => void env.setTimer(4.2, () => course(world)), { isImmune: true });
    await world.run();
    return arrived;
  }
  const clog = (id: string): FaultAction => ({ id, kind: 'clog', atMs: 0 });

  test('stays held until the user releases it, and then comes at once, in order', async () => {
    const arrived = await arrivals([clog('g')], (world) => world.lift('g'));
    expect(arrived.slice(0, 4)).toEqual([0, 1, 2, 3].map((i) => [i, 4.201]));
    expect(arrived.slice(4)).toEqual([4, 5, 6, 7, 8, 9].map((i) => [i, i + 0.5]));
    expect(await arrivals([clog('g')], () => {})).toEqual([]);
  });

  test('by two is held until the second lets go', async () => {
    const both = [clog('g'), { ...clog('h'), untilMs: 7 }];
    const arrived = await arrivals(both, (world) => world.lift('g'));
    expect(arrived.slice(0, 7).map(([i]) => i)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(arrived[0]?.[1]).toBeGreaterThan(7);
  });

  test('is lost if the link is cut when it is released', async () => {
    const cut: FaultAction = { id: 'x', kind: 'cut', atMs: 4, untilMs: 5 };
    const arrived = await arrivals([clog('g'), cut], (world) => world.lift('g'));
    // Number 4 would arrive at 4.5 ms.
    expect(arrived.map(([i]) => i)).toEqual([5, 6, 7, 8, 9]);
  });

  test('is let go when the world is healed', async () => {
    const arrived = await arrivals([clog('g')], (world) => world.heal());
    expect(arrived).toHaveLength(10);
  });
});

describe('what appears after a fault has begun', () => {
  const later: readonly [string, FaultAction][] = [
    ['loss', { id: 'f', kind: 'loss', atMs: 0, ppm: 1_000_000 }],
    ['cut', { id: 'f', kind: 'cut', atMs: 0, from: 'a' }],
    ['clog', { id: 'f', kind: 'clog', atMs: 0 }],
    ['corrupt', { id: 'f', kind: 'corrupt', atMs: 0, ppm: 1_000_000 }],
  ];
  test.each(later)('is hit as well: %s of links to a new node', async (_, fault) => {
    for (const faults of [[], [fault]]) {
      const world = makeWorld(faults);
      const heard: string[] = [];
      world.addNode('a', (env) => {
        env.setTimer(5, () => {
          world.addNode('late', (other) => other.receive({ m: () => void heard.push('late') }));
          env.setTimer(1, () => env.send('late', 'm', {}));
        });
      });
      await world.run({ untilMs: 100 });
      expect(world.failure).toBeUndefined();
      expect(heard).toEqual(faults.length === 0 ? ['late'] : []);
    }
  });

  test('is hit as well: a new life of a slow, drifting node', async () => {
    const faults: FaultAction[] = [
      { id: 'c', kind: 'crash', node: 'n', atMs: 10, untilMs: 20 },
      { id: 's', kind: 'slow', node: 'n', stepMs: [5, 5], atMs: 1 },
      { id: 't', kind: 'clock', node: 'n', driftPpm: -500_000, atMs: 0 },
    ];
    const world = makeWorld(faults);
    const seen: unknown[] = [];
    world.addNode('n', (env) => {
      for (const name of ['x', 'y']) {
        env.setTimer(20, () => void seen.push(name, env.incarnation, world.now()));
      }
    });
    await world.run({ untilMs: 200 });
    expect(seen).toEqual(['x', 2, 60, 'y', 2, 65]);
  });
});

describe('a call across a link', () => {
  interface Row {
    readonly what: string;
    readonly fault: FaultAction;
    /** Outcome, ms that it took, and how often the handler ran. */
    readonly datagram: readonly unknown[];
    readonly labrpc: readonly unknown[];
  }
  const hit = { id: 'f', atMs: 5 };
  const all = 1_000_000;
  // A labrpc caller learns of a loss when it happens, of a cut after a while; others time out.
  const rows: readonly Row[] = [
    {
      what: 'a lost request',
      fault: { ...hit, kind: 'loss', ppm: all, types: ['m'] },
      datagram: [undefined, 50, 0],
      labrpc: [undefined, 0.5, 0],
    },
    {
      what: 'a lost reply',
      fault: { ...hit, kind: 'loss', ppm: all, types: ['m.reply'] },
      datagram: [undefined, 50, 1],
      labrpc: [undefined, 0.501, 1],
    },
    {
      what: 'a request that comes twice',
      fault: { ...hit, kind: 'duplicate', ppm: all, types: ['m'] },
      datagram: ['reply', 1, 2],
      labrpc: ['reply', 1, 2],
    },
    {
      what: 'a reply that comes twice',
      fault: { ...hit, kind: 'duplicate', ppm: all, types: ['m.reply'] },
      datagram: ['reply', 1, 1],
      labrpc: ['reply', 1, 1],
    },
    {
      what: 'a reply that is late',
      fault: { ...hit, kind: 'delay', extraMs: [70, 70], types: ['m.reply'] },
      datagram: [undefined, 50, 1],
      labrpc: ['reply', 71, 1],
    },
    {
      what: 'a damaged request',
      fault: { ...hit, kind: 'corrupt', ppm: all, types: ['m'] },
      datagram: [undefined, 50, 0],
      labrpc: [undefined, 0.5, 0],
    },
    {
      what: 'a cut that comes while the request is in flight',
      fault: { ...hit, atMs: 10.3, kind: 'cut', from: 'client' },
      datagram: [undefined, 50, 0],
      labrpc: [undefined, 0.501, 1],
    },
    {
      what: 'a cut of the way back only',
      fault: { ...hit, kind: 'cut', from: 'server' },
      datagram: [undefined, 50, 1],
      labrpc: ['reply', 1, 1],
    },
    {
      what: 'a request that is held',
      fault: { ...hit, untilMs: 40, kind: 'clog', to: 'server' },
      datagram: ['reply', 30.501, 1],
      labrpc: ['reply', 30.501, 1],
    },
    {
      what: 'a caller whose clock runs half as fast again',
      fault: { ...hit, untilMs: 500, kind: 'clock', node: 'client', driftPpm: 500_000 },
      datagram: ['reply', 1, 1],
      labrpc: ['reply', 1, 1],
    },
  ];
  async function outcome(profile: string, faults: readonly FaultAction[]): Promise<unknown[]> {
    const world = new World('call', { host: nodeHost(), plan: { profile, faults } });
    const seen: unknown[] = [];
    let handled = 0;
    world.addNode('server', (env) => {
      env.serve({
        m: () => {
          handled++;
          return 'reply';
        },
      });
    });
    world.addNode('client', (env) => {
      env.spawn('call', async () => {
        await env.sleep(env.now() < 10 ? 10 - world.now() : 0);
        const from = world.now();
        const reply = await env.call('server', 'm', {});
        seen.push(reply, Math.round((world.now() - from) * 1000) / 1000);
      });
    });
    await world.run();
    expect(world.failure).toBeUndefined();
    return [...seen, handled];
  }

  test.each(rows)('$what', async ({ fault, datagram, labrpc }) => {
    expect(await outcome('steady', [])).toEqual(['reply', 1, 1]);
    expect(await outcome('lab-steady', [])).toEqual(['reply', 1, 1]);
    expect(await outcome('steady', [fault])).toEqual(datagram);
    expect(await outcome('lab-steady', [fault])).toEqual(labrpc);
  });

  test.each([
    [500_000, 0, 34],
    [-500_000, 0, 100],
    [-500_000, 30, 70],
  ])('times out on the clock of its caller: %d ppm from %d ms', async (driftPpm, atMs, tookMs) => {
    const faults: FaultAction[] = [
      { id: 'x', kind: 'cut', atMs: 0 },
      { id: 't', kind: 'clock', node: 'client', driftPpm, atMs },
    ];
    const world = makeWorld(faults);
    const seen: number[] = [];
    world.addNode('server', () => {});
    world.addNode('client', async (env) => {
      await env.call('server', 'm', {});
      seen.push(Math.ceil(world.now()));
    });
    await world.run();
    expect(seen).toEqual([tookMs]);
  });
});
