import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { describeFault, PlanError, Trace, World, type FaultAction } from '../index.ts';

function makeWorld(faults: readonly FaultAction[], trace?: Trace): World {
  return new World('faults', { host: nodeHost(), plan: { profile: 'lan', faults }, trace });
}

/** Every node pings every other one once per 10 ms; gives the pings that arrived, by interval. */
async function pings(
  world: World,
  ids: readonly string[],
  untilMs: number,
): Promise<(from: number, to: number) => string[]> {
  const arrived: [ms: number, way: string][] = [];
  for (const id of ids) {
    world.addNode(id, (env) => {
      env.receive({ ping: (_: unknown, from) => void arrived.push([env.now(), `${from}>${id}`]) });
      const tick = (): void => {
        for (const to of ids) if (to !== id) env.send(to, 'ping', env.now());
        env.setTimer(10, tick);
      };
      tick();
    });
  }
  await world.run({ untilMs });
  expect(world.failure).toBeUndefined();
  return (from, to) => {
    const ways = arrived.filter(([ms]) => ms >= from && ms < to).map(([, way]) => way);
    return [...new Set(ways)].toSorted();
  };
}

const every = (ids: readonly string[]): string[] =>
  ids.flatMap((a) => ids.filter((b) => b !== a).map((b) => `${a}>${b}`)).toSorted();

describe('a partition', () => {
  test('cuts nodes of different groups off from each other, both ways, until it ends', async () => {
    const ids = ['a', 'b', 'c', 'd'];
    const groups = [['a', 'b'], ['c']];
    const world = makeWorld([{ id: 'p', kind: 'partition', atMs: 105, untilMs: 205, groups }]);
    const seen = await pings(world, ids, 400);
    expect(seen(0, 104)).toEqual(every(ids));
    const cut = ['a>c', 'b>c', 'c>a', 'c>b'];
    // Whoever is in no group talks to everybody.
    expect(seen(105.1, 204.9)).toEqual(every(ids).filter((way) => !cut.includes(way)));
    expect(seen(205, 400)).toEqual(every(ids));
  });

  test('holds as long as one of two that overlap', async () => {
    const groups = [['a'], ['b']];
    const world = makeWorld([
      { id: 'p1', kind: 'partition', atMs: 105, untilMs: 205, groups },
      { id: 'p2', kind: 'partition', atMs: 155, untilMs: 305, groups: [['b'], ['a', 'c']] },
    ]);
    const seen = await pings(world, ['a', 'b', 'c'], 400);
    expect(seen(105.1, 204.9)).not.toContain('a>b');
    expect(seen(205.1, 304.9)).toEqual(['a>c', 'c>a']);
    expect(seen(305, 400)).toEqual(every(['a', 'b', 'c']));
  });
});

describe('a crash', () => {
  test('takes the node down, and starts it again from its disk', async () => {
    const world = makeWorld([{ id: 'x', kind: 'crash', atMs: 5, untilMs: 8, node: 'n' }]);
    const lives: unknown[] = [];
    world.addNode('n', async (env) => {
      lives.push([env.incarnation, env.now(), env.disk.read('f')]);
      env.disk.save('f', `written in life ${env.incarnation}`);
      for (;;) {
        await env.sleep(1);
        if (env.now() === 6) lives.push('ran while it was down');
      }
    });
    await world.run({ untilMs: 20 });
    expect(lives).toEqual([
      [1, 0, undefined],
      [2, 8, 'written in life 1'],
    ]);
    expect(world.crashes).toBe(1);
  });

  test('without an end lasts until the world is healed', async () => {
    const world = makeWorld([{ id: 'x', kind: 'crash', atMs: 5, node: 'n' }]);
    const starts: number[] = [];
    world.addNode('n', (env) => void starts.push(env.now()));
    world.addNode('doctor', async (env) => {
      await env.sleep(100);
      world.heal();
    });
    await world.run();
    expect(starts).toEqual([0, 100]);
  });
});

describe('two crashes of one node that overlap', () => {
  test('keep it down until the last of them ends', async () => {
    const world = makeWorld([
      { id: 'x', kind: 'crash', node: 'a', atMs: 100, untilMs: 200 },
      { id: 'y', kind: 'crash', node: 'a', atMs: 150, untilMs: 300 },
    ]);
    const starts: number[] = [];
    world.addNode('a', (env) => void starts.push(env.now()));
    await world.run({ untilMs: 400 });
    expect(starts).toEqual([0, 300]);
    expect(world.crashes).toBe(1);
  });
});

describe('a delay', () => {
  test('makes messages between two nodes take longer, both ways, until it ends', async () => {
    const world = makeWorld([
      {
        id: 'slow',
        kind: 'delay',
        atMs: 100,
        untilMs: 200,
        between: ['a', 'b'],
        extraMs: [300, 400],
      },
    ]);
    const times: [way: string, sentMs: number, tookMs: number][] = [];
    const ids = ['a', 'b', 'c'];
    for (const id of ids) {
      world.addNode(id, (env) => {
        env.receive({
          m: (sentMs: number, from) =>
            void times.push([`${from}>${id}`, sentMs, env.now() - sentMs]),
        });
        const tick = (): void => {
          for (const to of ids) if (to !== id) env.send(to, 'm', env.now());
          if (env.now() < 300) env.setTimer(1, tick);
        };
        env.setTimer(0.5, tick);
      });
    }
    await world.run();
    for (const [way, sentMs, tookMs] of times) {
      const isSlow = (way === 'a>b' || way === 'b>a') && sentMs > 100 && sentMs < 200;
      // Times are differences of numbers that binary fractions do not hold exactly.
      expect(tookMs).toBeGreaterThan(isSlow ? 300.099 : 0.099);
      expect(tookMs).toBeLessThanOrEqual(isSlow ? 500 : 100);
    }
    const slow = times.filter(([, , tookMs]) => tookMs > 300).map(([, , tookMs]) => tookMs);
    expect(slow).toHaveLength(200);
    expect(Math.max(...slow)).toBeGreaterThan(390);
    expect(Math.min(...slow)).toBeLessThan(311);
  });
});

describe('healing', () => {
  const all: FaultAction[] = [
    { id: 'p', kind: 'partition', atMs: 1, groups: [['a'], ['b', 'c']] },
    { id: 'x', kind: 'crash', atMs: 1, untilMs: 900, node: 'c' },
    { id: 's', kind: 'delay', atMs: 1, between: ['a', 'b'], extraMs: [150, 150] },
    { id: 'later', kind: 'partition', atMs: 260, untilMs: 900, groups: [['a'], ['b'], ['c']] },
    { id: 'crash later', kind: 'crash', atMs: 270, untilMs: 900, node: 'a' },
  ];

  test('ends all faults, and starts no more of those that were planned', async () => {
    const world = makeWorld(all);
    world.addNode('doctor', async (env) => {
      await env.sleep(205);
      world.heal();
    });
    const ids = ['a', 'b', 'c'];
    const seen = await pings(world, ids, 1000);
    expect(seen(2.1, 205)).toEqual([]);
    for (let ms = 220; ms < 980; ms += 20) expect(seen(ms, ms + 20)).toEqual(every(ids));
    expect(world.crashes).toBe(1);
    expect(world.machine('c').lives).toBe(2);
  });

  test('leaves the world open to faults that are added later', async () => {
    const world = makeWorld([]);
    world.addNode('doctor', async (env) => {
      await env.sleep(50);
      world.heal();
      world.inject([
        { id: 'again', kind: 'partition', atMs: 105, untilMs: 205, groups: [['a'], ['b']] },
      ]);
    });
    const seen = await pings(world, ['a', 'b'], 300);
    expect(seen(0, 104)).toEqual(every(['a', 'b']));
    expect(seen(105.1, 204.9)).toEqual([]);
    expect(seen(205, 300)).toEqual(every(['a', 'b']));
  });
});

describe('a plan that cannot be carried out', () => {
  const crash: FaultAction = { id: 'x', kind: 'crash', atMs: 1, node: 'n' };
  const wrong: [string, FaultAction[], string][] = [
    [
      'a crash of a stranger',
      [crash, { id: 'y', kind: 'crash', atMs: 1, node: 'm' }],
      'faults[1].node (y): no node "m"; there are n, o',
    ],
    [
      'a partition with a stranger',
      [{ id: 'p', kind: 'partition', atMs: 1, groups: [['n'], ['o', 'm']] }],
      'faults[0].groups[1] (p): no node "m"; there are n, o',
    ],
    [
      'a delay with a stranger',
      [{ id: 's', kind: 'delay', atMs: 1, between: ['m', 'n'], extraMs: [1, 2] }],
      'faults[0].between[0] (s): no node "m"; there are n, o',
    ],
    [
      'an end before the start',
      [{ ...crash, untilMs: 1 }],
      'faults[0].untilMs (x): must be later than atMs',
    ],
    [
      'a start at no time',
      [{ ...crash, atMs: -1 }],
      'faults[0].atMs (x): expected milliseconds from 0 to 1000000000000, got -1',
    ],
    [
      'an end at no time',
      [{ ...crash, untilMs: Number.NaN }],
      'faults[0].untilMs (x): expected milliseconds from 0 to 1000000000000, got NaN',
    ],
    [
      'two actions of one name',
      [crash, { ...crash, atMs: 5 }],
      'faults[1].id (x): another action has this id',
    ],
    [
      'an unknown kind',
      [{ ...crash, kind: 'meteor' } as unknown as FaultAction],
      'faults[0].kind (x): no fault "meteor"; there are loss, duplicate',
    ],
  ];
  test.each(wrong)('is refused with entry and field: %s', async (_, faults, message) => {
    const world = makeWorld(faults);
    world.addNode('n', () => {});
    world.addNode('o', () => {});
    const refusal = world.run();
    await expect(refusal).rejects.toThrow(PlanError);
    await expect(refusal).rejects.toThrow(message);
    expect(world.events).toBe(0);
  });

  test('is refused as a whole', async () => {
    const world = makeWorld([]);
    world.addNode('n', () => {});
    expect(() => world.inject([crash, { ...crash, id: 'y', node: 'm' }])).toThrow(PlanError);
    await world.run();
    expect(world.crashes).toBe(0);
  });

  test('an action that starts before now is refused', async () => {
    const world = makeWorld([]);
    world.addNode('n', (env) => env.sleep(20));
    await world.run({ untilMs: 10 });
    expect(() => world.inject([crash])).toThrow('faults[0].atMs (x): 1 ms is over, it is 10 ms');
  });
});

describe('the trace', () => {
  test('tells in words which fault began and which was lifted', async () => {
    const trace = new Trace();
    const faults: FaultAction[] = [
      { id: 'p', kind: 'partition', atMs: 1, untilMs: 4, groups: [['a', 'b'], ['c']] },
      { id: 'x', kind: 'crash', atMs: 2, untilMs: 5, node: 'a' },
      { id: 's', kind: 'delay', atMs: 3, between: ['a', 'b'], extraMs: [1, 2] },
    ];
    const world = makeWorld(faults, trace);
    for (const id of ['a', 'b', 'c']) world.addNode(id, () => {});
    await world.run();
    const told = trace.records
      .filter(({ kind }) => ['fault', 'heal', 'crash', 'restart'].includes(kind))
      .map(({ timeUs, kind, label, text, node }) => [timeUs, kind, label, text ?? node]);
    expect(told).toEqual([
      [1000, 'fault', 'p', 'partition a b | c'],
      [2000, 'fault', 'x', 'crash a'],
      [2000, 'crash', 'crash', 'a'],
      [3000, 'fault', 's', 'delay a - b by 1-2 ms'],
      [4000, 'heal', 'p', undefined],
      [5000, 'heal', 'x', undefined],
      [5000, 'restart', 'restart', 'a'],
    ]);
    expect(describeFault(faults[0]!)).toBe('partition a b | c');
  });
});
