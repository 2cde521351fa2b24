/** Generators after those of Jepsen and TigerBeetle, and faults that hit a whole zone. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../../scenarios/runner/node-host.ts';
import { drawJepsen, drawSwarm, drawVopr, Streams, World, type FaultAction } from '../../index.ts';

const nodes = ['a', 'b', 'c', 'd', 'e'];
const window = { fromMs: 100, untilMs: 20_100 };
const streamOf = (seed: string) => new Streams(seed).stream('draw');
const jepsen = (seed: string, damages = true): FaultAction[] =>
  drawJepsen(streamOf(seed), 'j', nodes, window, damages);
const vopr = (seed: string, damages = true): FaultAction[] =>
  drawVopr(streamOf(seed), 'v', nodes, window, damages);

const seeds = Array.from({ length: 100 }, (_, i) => String(i));
const kindsOf = (draw: (seed: string) => FaultAction[]): string[] => [
  ...new Set(seeds.flatMap((seed) => draw(seed).map(({ kind }) => kind))),
];

describe.each([
  ['jepsen', jepsen],
  ['vopr', vopr],
])('%s', (_, draw) => {
  test('draws what a world can carry out, all of it within the window', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000).map(String), (seed) => {
        const actions = draw(seed);
        const world = new World(seed, { host: nodeHost() });
        for (const node of nodes) world.addNode(node, () => {});
        expect(() => world.inject(actions)).not.toThrow();
        for (const { atMs, untilMs = Infinity } of actions) {
          expect(atMs >= 100 && untilMs <= 20_100 && untilMs > atMs).toBe(true);
        }
      }),
    );
  });
});

test('Jepsen disturbs one thing after the other, never two at once, and all of its kinds', () => {
  for (const seed of seeds) {
    const actions = jepsen(seed);
    expect(actions.length).toBeGreaterThan(2);
    actions.slice(1).forEach(({ atMs }, i) => {
      expect(atMs).toBeGreaterThanOrEqual(actions[i]!.untilMs! + 200);
    });
  }
  expect(kindsOf(jepsen).toSorted()).toEqual(['bit-rot', 'clock', 'crash', 'partition', 'pause']);
  expect(kindsOf((seed) => jepsen(seed, false))).not.toContain('bit-rot');
});

test('the VOPR cuts, clogs and crashes in some runs, and never cuts twice at a time', () => {
  expect(kindsOf(vopr).toSorted()).toEqual([
    ...['capacity', 'clog', 'crash', 'cut', 'disk-error', 'misdirected-write', 'partition'],
  ]);
  expect(kindsOf((seed) => vopr(seed, false))).not.toContain('disk-error');
  for (const seed of seeds) {
    const cuts = vopr(seed).filter(({ id }) => id.startsWith('v.partition'));
    cuts.slice(1).forEach(({ atMs }, i) => {
      // Stable for at least a second, before and after.
      expect(atMs - cuts[i]!.untilMs!).toBeGreaterThanOrEqual(1000);
    });
  }
  // One run in four has no partitions at all.
  const whole = seeds.filter((seed) => !vopr(seed).some(({ id }) => id.startsWith('v.partition')));
  expect(whole.length).toBeGreaterThan(15);
  expect(whole.length).toBeLessThan(45);
});

describe('correlated faults', () => {
  const zones = { a: 'north', b: 'north', c: 'south', d: 'south', e: 'west' };
  const labels = { zone: ['north', 'south', 'west'] };
  const draw = (seed: string, kind: 'outage' | 'split'): FaultAction[] => {
    const streams = new Streams(seed);
    const cast = { servers: nodes, clients: [], labels };
    return drawSwarm((name) => streams.stream(name), { ...cast, ...window, kinds: { [kind]: 3 } });
  };

  test('hit all nodes of a zone, and no other', async () => {
    const zonesHit = new Set<string>();
    for (const seed of seeds.slice(0, 40)) {
      const faults = draw(seed, 'outage');
      const world = new World(seed, { host: nodeHost(), plan: { faults } });
      for (const [id, zone] of Object.entries(zones)) {
        world.addNode(id, () => {}, { labels: { zone } });
      }
      await world.run();
      for (const started of world.faultsStarted) {
        const hit = 'node' in started ? (started.node as string[]) : [];
        const zone = zones[hit[0] as keyof typeof zones];
        expect(hit).toEqual(nodes.filter((id) => zones[id as keyof typeof zones] === zone));
        zonesHit.add(zone);
      }
    }
    expect(zonesHit.size).toBe(3);
  });

  test('cut a zone off, one way or both, or hit nobody where nodes have no labels', () => {
    const all = seeds.flatMap((seed) => draw(seed, 'split'));
    expect(all.some((action) => action.kind === 'cut' && action.from !== undefined)).toBe(true);
    expect(all.some((action) => action.kind === 'cut' && action.between !== undefined)).toBe(true);
    const streams = new Streams('1');
    const none = drawSwarm((name) => streams.stream(name), {
      servers: nodes,
      clients: [],
      ...window,
      kinds: { outage: 3, split: 3 },
    });
    expect(none).toEqual([]);
  });
});
