/** What crashes leave in the memory: nothing that grows. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { World, type Env, type FaultAction } from '../index.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heapBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

/** Waits in every way there is, with something large in its hands. */
function waitsForEver(env: Env): void {
  const held = new Uint8Array(1000).map((_, i) => i);
  const ways: (() => Promise<unknown>)[] = [
    () => env.call('server', 'slow', { from: env.incarnation }),
    () => env.call('server', 'slow', {}, { timeoutMs: 1e9 }),
    () => env.call('nobody', 'slow', {}),
    () => env.sleep(1e9),
    () => env.channel().receive(),
    () => env.channel().send(1),
    () => env.select([env.channel(), env.channel()], 1e9),
    async () => {
      const mutex = env.mutex();
      await mutex.lock();
      await mutex.lock();
    },
  ];
  for (const [i, way] of ways.entries()) {
    env.spawn(`way ${i}`, async () => {
      await way();
      env.log(String(held.length));
    });
  }
  env.setTimer(1e9, () => env.log(String(held.length)));
}

test.each(['lab-unreliable', 'lan'])(
  'the heap is flat over 10,000 crashes with calls pending: %s',
  { timeout: 60_000 },
  async (profile) => {
    // Faults as well: they must not keep what they have met with.
    const faults: FaultAction[] = [
      { id: 'capacity', kind: 'capacity', atMs: 0, messages: 5 },
      { id: 'slow', kind: 'slow', node: 'victim', atMs: 0, stepMs: [0, 1] },
      { id: 'twice', kind: 'duplicate', atMs: 0, ppm: 300_000 },
    ];
    const world = new World('memory', { host: nodeHost(), plan: { profile, faults } });
    const measured: number[] = [];
    world.addNode('server', (env) => env.serve({ slow: () => env.sleep(3) }));
    world.addNode('victim', waitsForEver);
    world.addNode('reaper', async (env) => {
      for (let i = 1; i <= 10_000; i++) {
        await env.sleep(2);
        world.crash('victim');
        world.restart('victim');
        if (i % 2000 === 0) measured.push(heapBytes());
      }
      world.stop();
    });
    await world.run();
    expect(world.failure).toBeUndefined();
    expect([world.crashes, measured.length]).toEqual([10_000, 5]);
    const [early, , , , late] = measured as [number, number, number, number, number];
    // 8,000 lives: hardly 250 bytes for each, which compiled code and the like may well take.
    expect(late - early).toBeLessThan(2_000_000);
  },
);
