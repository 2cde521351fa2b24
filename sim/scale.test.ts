/** What a step costs grows neither with the world nor with its past: counted, not timed. */
import { expect, test, vi } from 'vitest';
import { nodeHost } from '../scenarios/runner/node-host.ts';
import { World, type FaultAction } from './index.ts';
import { AleaRandom } from './random/random.ts';

const named = (count: number): string[] => Array.from({ length: count }, (_, i) => `n${i}`);

test('a thousand idle nodes: time jumps to the next timer in one step', async () => {
  const world = new World(1, { host: nodeHost() });
  const ids = named(1000);
  for (const id of ids) {
    world.addNode(id, (env) => {
      env.serve({ ping: () => 'pong' });
      if (id === 'n500') env.setTimer(1e9, () => env.log('at last'));
    });
  }
  await world.run({ untilMs: 1 });
  expect(world.events).toBe(1000);

  const popped = vi.spyOn(world.kernel.queue, 'pop');
  await world.run({ untilMs: 2e9 });
  expect([world.events, world.now()]).toEqual([1001, 1e9]);
  // The timer, and the end of the queue.
  expect(popped.mock.calls.length).toBeLessThanOrEqual(2);
});

const MESSAGES = 200;

/** What is asked and drawn while messages go from one node to another. */
async function askedFor(nodes: number, pastFaults: number): Promise<Record<string, number>> {
  const ids = named(nodes);
  const past = Array.from({ length: pastFaults }, (_, i): FaultAction[] => [
    { id: `p${i}`, kind: 'partition', atMs: i / 100, untilMs: 50, groups: [['a'], ['b', ...ids]] },
    { id: `l${i}`, kind: 'loss', atMs: i / 100, untilMs: 50, ppm: 1 },
  ]).flat();
  const present: FaultAction[] = [
    { id: 'present', kind: 'partition', atMs: 60, groups: [['a', 'b'], ids] },
    { id: 'late', kind: 'delay', atMs: 60, from: 'a', extraMs: [0, 1] },
  ];
  const plan = { profile: 'lan', faults: [...past, ...present] };
  const world = new World(1, { host: nodeHost(), plan });
  const asked = { covers: 0, shapes: 0, draws: 0, arrived: 0 };
  const addRule = world.network.addRule.bind(world.network);
  world.network.addRule = ({ covers, effectOn }) =>
    addRule({
      covers: (from, to) => (asked.covers++, covers(from, to)),
      effectOn: (link) => {
        const { shape, ...rest } = effectOn(link);
        if (shape === undefined) return rest;
        return { ...rest, shape: (...message) => (asked.shapes++, shape(...message)) };
      },
    });
  world.addNode('a', (env) => {
    for (let i = 0; i < MESSAGES; i++) env.setTimer(100 + i, () => env.send('b', 'm', i));
  });
  world.addNode('b', (env) => env.receive({ m: () => void asked.arrived++ }));
  for (const id of ids) world.addNode(id, () => {});
  await world.run({ untilMs: 99 });

  Object.assign(asked, { covers: 0, shapes: 0, draws: 0 });
  const draws = vi.spyOn(AleaRandom.prototype, 'uint32');
  try {
    await world.run();
    asked.draws = draws.mock.calls.length;
  } finally {
    draws.mockRestore();
  }
  return asked;
}

test('neither look-ups nor draws of a message grow with nodes or past faults', async () => {
  const few = await askedFor(2, 0);
  expect(few).toEqual({
    // Once for each fault in force, and not for each message.
    covers: 2,
    shapes: MESSAGES,
    // One of the network; two of the delay, whether it hits or not.
    draws: 3 * MESSAGES,
    arrived: MESSAGES,
  });
  expect(await askedFor(500, 0)).toEqual(few);
  expect(await askedFor(2, 500)).toEqual(few);
});
