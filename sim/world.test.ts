import { expect, test } from 'vitest';
import { nodeHost } from '../scenarios/runner/node-host.ts';
import { Trace, World } from './index.ts';

test('a request crosses the network and its reply comes back', async () => {
  const trace = new Trace();
  const world = new World(1, { host: nodeHost(), trace });
  world.addNode('server', (env) => {
    env.serve({ add: ({ a, b }: { a: number; b: number }) => a + b });
  });
  const seen: unknown[] = [];
  world.addNode('client', async (env) => {
    seen.push(await env.call('server', 'add', { a: 2, b: 3 }));
    seen.push(env.now() > 0.2 && env.now() < 2);
  });
  await world.run();
  expect(world.failure).toBeUndefined();
  expect(seen).toEqual([5, true]);
});
