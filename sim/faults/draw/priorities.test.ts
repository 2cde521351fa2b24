import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeHost } from '../../../scenarios/runner/node-host.ts';
import { Streams, World, type FaultAction } from '../../index.ts';
import { drawPriorities } from './priorities.ts';

const window = { fromMs: 0, untilMs: 300 };
const nodes = ['a', 'b', 'c'];

const drawn = (seed: string): FaultAction[] => {
  return drawPriorities(new Streams(seed).stream('draw'), 'p', nodes, window);
};

/** In which order six messages of a and six of b, sent at the same times, reach c. */
async function arrivals(seed: string, faults: readonly FaultAction[]): Promise<string> {
  const world = new World(seed, { host: nodeHost(), plan: { profile: 'lan', faults } });
  let order = '';
  world.addNode('c', (env) => {
    env.receive({ m: (_: number, from: string) => void (order += from) });
  });
  for (const id of ['a', 'b']) {
    world.addNode(id, (env) => {
      for (let i = 0; i < 6; i++) env.setTimer(100, () => env.send('c', 'm', i));
    });
  }
  await world.run();
  return order;
}

test('a schedule by priorities meets an order that chance hardly ever does', async () => {
  const hits = { chance: 0, priorities: 0 };
  for (let seed = 0; seed < 200; seed++) {
    const wanted = (order: string): number => Number(order === 'bbbbbbaaaaaa');
    hits.chance += wanted(await arrivals(String(seed), []));
    hits.priorities += wanted(await arrivals(String(seed), drawn(String(seed))));
  }

  // Of 924 orders one; and with priorities one of two, apart from windows that are too short.
  expect(hits.chance).toBeLessThan(3);
  expect(hits.priorities).toBeGreaterThan(60);
});

test('at a change point a link falls behind all others, or a node stands still', () => {
  fc.assert(
    fc.property(fc.nat(100_000).map(String), (seed) => {
      const [base, ...changes] = drawn(seed);
      if (base?.kind !== 'priorities') throw new Error('no priorities');
      expect([base.atMs, base.untilMs]).toEqual([0, 300]);
      expect(changes.length).toBeLessThanOrEqual(5);
      for (const change of changes) {
        expect(change.untilMs).toBeLessThanOrEqual(300);
        expect(change.untilMs).toBeGreaterThan(change.atMs);
        if (change.kind === 'delay') {
          expect(change.extraMs[0]).toBeGreaterThanOrEqual(base.windowMs);
        } else {
          expect(change.kind).toBe('pause');
        }
      }
      const behind = changes.flatMap((change) =>
        change.kind === 'delay' ? [change.extraMs[0]] : [],
      );
      expect(new Set(behind).size).toBe(behind.length);
    }),
  );
});
