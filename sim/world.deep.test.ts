/** Ten million events with the trace off: the heap stays as it is. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { nodeHost } from '../scenarios/runner/node-host.ts';
import { World, type FaultAction } from './index.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heapBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

const ids = ['a', 'b', 'c', 'd', 'e'];
const faults: FaultAction[] = [
  { id: 'loss', kind: 'loss', atMs: 0, ppm: 10_000, burstPpm: 500_000 },
  { id: 'flapping', kind: 'cut', atMs: 0, from: 'a', to: 'b', flapMs: [5, 50] },
  { id: 'narrow', kind: 'capacity', atMs: 0, messages: 20 },
  { id: 'strobe', kind: 'clock', atMs: 0, node: 'c', driftPpm: 1000, flapMs: [100, 100] },
];

test('the heap is flat over ten million events of timers, messages and calls', async () => {
  const world = new World('deep', { host: nodeHost(), plan: { profile: 'lan', faults } });
  for (const [i, id] of ids.entries()) {
    const next = ids[(i + 1) % ids.length] as string;
    world.addNode(
      id,
      (env) => {
        let state = 0;
        env.serve({ m: (n: number) => (state += n) });
        env.receive({ note: ({ at }: { at: number }) => void (state ^= at) });
        const tick = (): void => {
          env.send(next, 'note', { at: env.random.below(1000), from: id });
          void env.call(next, 'm', state % 100);
          env.setTimer(1, tick);
        };
        tick();
      },
      { isSynchronous: true },
    );
  }
  const measured: number[] = [];
  for (let millions = 1; millions <= 10; millions++) {
    await world.run({ maxEvents: millions * 1_000_000 });
    measured.push(heapBytes());
  }
  expect(world.failure).toBeUndefined();
  expect(world.events).toBe(10_000_000);
  const [early, late] = [measured[1]!, measured.at(-1)!];
  // Eight million events: less than a tenth of a byte for each.
  expect(late - early).toBeLessThan(800_000);
});
