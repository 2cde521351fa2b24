/** Events at one instant: in the order in which they were scheduled, or by a draw. */
import { expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { World, type Ties } from '../index.ts';

/** Each node has three timers at each of ten instants; gives the order in which they fire. */
async function order(ties: Ties, ids: readonly string[]): Promise<string[]> {
  const world = new World('ties', { host: nodeHost(), plan: { ties } });
  const fired: string[] = [];
  for (const id of ids) {
    world.addNode(id, (env) => {
      for (let at = 1; at <= 10; at++) {
        for (const name of ['x', 'y', 'z']) {
          env.setTimer(at, () => void fired.push(`${env.now()} ${id}${name}`));
        }
      }
    });
  }
  await world.run();
  expect(world.failure).toBeUndefined();
  return fired;
}

test('by default they run in the order in which they were scheduled', async () => {
  const fired = await order('fifo', ['a', 'b']);
  expect(fired.slice(0, 6)).toEqual(['1 ax', '1 ay', '1 az', '1 bx', '1 by', '1 bz']);
});

test('random ties shuffle them, the same way each time', async () => {
  const fired = await order('random', ['a', 'b', 'c']);
  expect(fired).toEqual(await order('random', ['a', 'b', 'c']));
  expect(fired).not.toEqual(await order('fifo', ['a', 'b', 'c']));
  expect(fired.toSorted()).toEqual((await order('fifo', ['a', 'b', 'c'])).toSorted());
});

test('taking a node away leaves the order of the others as it was', async () => {
  const all = await order('random', ['a', 'b', 'c']);
  const without = await order('random', ['a', 'c']);
  expect(without).toEqual(all.filter((line) => !line.includes(' b')));
});
