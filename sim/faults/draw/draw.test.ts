import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../../scenarios/runner/node-host.ts';
import {
  bridge,
  drawSwarm,
  halves,
  isolate,
  majoritiesRing,
  minority,
  rollingRestart,
  Streams,
  swizzleClog,
  World,
  type FaultAction,
  type Groups,
  type RecipeName,
  type SwarmOptions,
} from '../../index.ts';
import { drawIntensity } from './intensity.ts';

const nodes = ['a', 'b', 'c', 'd', 'e'];
const seeds = fc.nat(1_000_000).map(String);
const streamOf = (seed: string) => new Streams(seed).stream('draw');

/** Who can talk to whom under these groups. */
function reach(groups: Groups, from: string): string[] {
  return nodes.filter((to) => groups.some((group) => group.includes(from) && group.includes(to)));
}

describe('a partition', () => {
  const cases: [string, (seed: string) => Groups, sizes: readonly number[]][] = [
    ['in halves', (seed) => halves(streamOf(seed), nodes), [2, 3]],
    ['of one node', () => isolate('c', nodes), [1, 4]],
  ];
  test.each(cases)('%s leaves groups of their sizes, and nobody out', (_, draw, sizes) => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const groups = draw(seed);
        expect(groups.map(({ length }) => length).toSorted((a, b) => a - b)).toEqual(sizes);
        expect(groups.flat().toSorted()).toEqual(nodes);
      }),
    );
  });

  test('of a minority leaves a majority together', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const [few = [], many = []] = minority(streamOf(seed), nodes);
        expect([few.length, many.length].map((n) => n > 2)).toEqual([false, true]);
        expect([...few, ...many].toSorted()).toEqual(nodes);
      }),
    );
  });

  test('as a ring shows every node a majority, and no two the same one', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const groups = majoritiesRing(streamOf(seed), nodes);
        const seen = nodes.map((node) => reach(groups, node).join());
        expect(nodes.map((node) => reach(groups, node).length)).toEqual([3, 3, 3, 3, 3]);
        expect(new Set(seen).size).toBe(5);
      }),
    );
  });

  test('as a bridge leaves one node that reaches all others', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const groups = bridge(streamOf(seed), nodes);
        const reached = nodes.map((node) => reach(groups, node).length).toSorted((a, b) => a - b);
        expect(reached).toEqual([3, 3, 3, 3, 5]);
      }),
    );
  });
});

const window = { fromMs: 100, untilMs: 1100 };

test('a rolling restart takes every node down once, one at a time', () => {
  const actions = rollingRestart('r', nodes, window);
  const times = actions.map(({ atMs, untilMs = 0 }) => [atMs, untilMs] as const);

  expect(actions.map(({ node }) => node)).toEqual(nodes);
  times.slice(1).forEach(([atMs], i) => expect(atMs).toBeGreaterThanOrEqual(times[i]![1]));
});

test('a swizzle-clog clogs half of the nodes one by one, and then frees them in some order', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const actions = swizzleClog(streamOf(seed), 'z', nodes, window);
      const starts = actions.map(({ atMs }) => atMs);
      const ends = actions.map(({ untilMs = 0 }) => untilMs);

      expect(actions).toHaveLength(2);
      expect(Math.max(...starts)).toBeLessThan(Math.min(...ends));
      expect(new Set(starts).size).toBe(2);
      expect(new Set(ends).size).toBe(2);
    }),
  );
});

test('an intensity is as likely in one doubling as in the next', () => {
  const random = streamOf('1');
  const drawn = Array.from({ length: 8000 }, () => drawIntensity(random, 1, 256));
  const doublings = Array.from(
    { length: 8 },
    (_, i) => drawn.filter((value) => value > 2 ** i && value <= 2 ** (i + 1)).length,
  );

  expect(Math.min(...drawn)).toBe(1);
  expect(Math.max(...drawn)).toBe(256);
  for (const count of doublings) expect(count).toBeGreaterThan(400);
});

const everything: readonly RecipeName[] = [
  ...(['crash', 'crash-all', 'rolling-restart', 'wipe', 'crash-point', 'pause', 'slow'] as const),
  ...(['halves', 'minority', 'isolate', 'ring', 'bridge', 'flapping', 'one-way', 'clog'] as const),
  ...(['swizzle-clog', 'loss', 'duplicate', 'delay', 'reorder', 'corrupt', 'capacity'] as const),
  ...(['bandwidth', 'clock', 'buggify', 'priorities', 'limp'] as const),
];
const options: SwarmOptions = {
  servers: ['a', 'b', 'c'],
  clients: ['d', 'e'],
  ...window,
  kinds: Object.fromEntries(everything.map((name) => [name, 2])),
};
const swarm = (seed: string, changed: Partial<SwarmOptions> = {}): FaultAction[] => {
  const streams = new Streams(seed);
  return drawSwarm((name) => streams.stream(name), { ...options, ...changed });
};

describe('a swarm draw', () => {
  test('can be carried out by a world, whatever it draws', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const world = new World(seed, { host: nodeHost() });
        for (const node of nodes) world.addNode(node, () => {});
        expect(() => world.inject(swarm(seed))).not.toThrow();
      }),
      { numRuns: 300 },
    );
  });

  test('begins within its window, and draws every kind in some run', () => {
    const all = Array.from({ length: 200 }, (_, seed) => swarm(String(seed))).flat();

    for (const { atMs } of all) expect(atMs >= 100 && atMs <= 1100 + 1500).toBe(true);
    for (const name of everything) {
      expect(all.some(({ id }) => id.startsWith(`${name}0`))).toBe(true);
    }
  });

  test('draws each disturbance by itself: without a kind the others are as they were', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(...everything), (seed, gone) => {
        const { [gone]: _, ...kinds } = options.kinds;
        const isOther = ({ id }: FaultAction): boolean => !new RegExp(`^${gone}\\d`).test(id);

        expect(swarm(seed, { kinds })).toEqual(swarm(seed).filter(isOther));
      }),
      { numRuns: 200 },
    );
  });

  test('keeps to its budget, and without one does not', () => {
    const budget = { nodes: ['a', 'b', 'c'], most: 1 };
    const runs = Array.from({ length: 100 }, (_, seed) => String(seed));
    const free = runs.map((seed) => swarm(seed).length).reduce((a, b) => a + b);
    const bound = runs.map((seed) => swarm(seed, { budget }));

    expect(bound.flat().length).toBeLessThan(free);
    expect(bound.flat().some((action) => action.kind === 'crash' && action.wipe === true)).toBe(
      false,
    );
    expect(bound.flat().some(({ id }) => id.startsWith('crash-all'))).toBe(false);
    expect(bound.flat().some(({ id }) => id.startsWith('crash0'))).toBe(true);
  });
});

describe('healing a core', () => {
  test('lets the core go on, and leaves the others standing still for ever', async () => {
    const faults: FaultAction[] = [
      { id: 'p', kind: 'partition', atMs: 0, groups: [['a', 'b'], ['c']] },
    ];
    const world = new World(1, { host: nodeHost(), plan: { faults } });
    const last: Record<string, number> = {};
    for (const id of ['a', 'b', 'c']) {
      world.addNode(id, async (env) => {
        env.serve({ ping: () => id });
        for (let i = 0; i < 100; i++) {
          await env.sleep(10);
          last[id] = env.now();
          if (id === 'a' && env.now() > 600)
            last['answers'] =
              (last['answers'] ?? 0) + Number((await env.call('b', 'ping', {})) === 'b');
        }
      });
    }
    world.addNode(
      't',
      async (env) => {
        await env.sleep(500);
        world.heal(['a', 'b']);
      },
      { isImmune: true },
    );
    await world.run();

    expect(last['c']).toBeLessThan(501);
    expect(last['a']).toBeGreaterThan(999);
    expect(last['answers']).toBeGreaterThan(10);
    expect(world.faultsInForce).toBe(0);
  });
});
