/** Sizes take as long as bytes would: on disks of 40 MB/s, and network cards of 125 MB/s. */
import { expect, test } from 'vitest';
import { World, type Env } from '../../sim/index.ts';
import { nodeHost } from '../runner/node-host.ts';
import { bulkApplication, bulkPorts, rack, replicated, storing } from './bulk.ts';

const MB64 = 64_000_000;
const ON_DISK_MS = 1600;
const ON_WIRE_MS = 512;
const plan = { hardware: 'cluster-2004' };
const split = { task: 0, attempt: 1, reduces: 2 };
const buckets = new Map([[0, new Map([['records', [String(MB64)]]])]]);

/** How long some work takes on a machine with others beside it, in virtual ms. */
async function msOf(
  work: (env: Env) => unknown,
  others: (world: World) => void = () => undefined,
): Promise<number> {
  const world = new World(1, { host: nodeHost(), plan });
  others(world);
  let ms: number | undefined;
  world.addNode('w0', async (env) => {
    await work(env);
    ms = env.now();
  });
  await world.run({ untilMs: 600_000 });
  expect(world.failure).toBeUndefined();
  return ms!;
}

test('a map task reads its input from a disk, and a reduce task reads none', async () => {
  const app = bulkApplication({ mapMsPerMB: 0, reduceMsPerMB: 0 });

  expect(await msOf((env) => app(env).map('f', String(MB64)))).toBeCloseTo(ON_DISK_MS, -2);
  expect(await msOf((env) => app(env).reduce('records', [String(MB64)]))).toBeLessThan(1);
});

test('the output of a map task is written to its disk', async () => {
  expect(await msOf((env) => bulkPorts.keep(env, split, buckets))).toBeCloseTo(ON_DISK_MS, -2);
});

test('an output is written to two disks, one of them by another machine that is up', async () => {
  const written: string[] = [];
  const files = {
    read: (): Promise<undefined> => Promise.resolve(undefined),
    write: (name: string): Promise<void> => Promise.resolve(void written.push(name)),
    commit: (): Promise<boolean> => Promise.resolve(true),
  };
  const write =
    (...others: string[]) =>
    (env: Env): Promise<void> =>
      replicated(env, files, () => others.shift() ?? 'w1').write('out', `records ${MB64}`);
  const storer = (world: World): void =>
    void world.addNode('w1', (env) => env.serve(storing(env, MB64)));
  const both = 2 * ON_DISK_MS + ON_WIRE_MS;

  expect(await msOf(write('w1'), storer)).toBeCloseTo(both, -3);
  // Nobody answers there: the next one is asked.
  expect(await msOf(write('w9', 'w1'), storer)).toBeGreaterThan(both);
  expect(written).toEqual(['out', 'out']);
});

test('a rack hands out its share through its uplink: what counts, until it is gone', async () => {
  const output = { map: 0, attempt: 1, worker: 'w1' };
  const changes = [
    { at: 1, output, counts: true },
    { at: 2, output, counts: false },
  ];
  let crash = (): void => undefined;
  const others = (world: World): void => {
    crash = () => world.crash('w1');
    world.addNode('coordinator', (env) => env.serve({ changes: () => ({ asOf: 2, changes }) }));
    world.addNode('w1', (env) => bulkPorts.keep(env, split, buckets));
    world.addNode('rack', (env) => env.serve(rack(world, env, env.peer('coordinator'), 2)));
  };
  const fetches: [unknown, number][] = [];
  const fetch = async (env: Env, asOf: number): Promise<void> => {
    const from = env.now();
    fetches.push([await env.call('rack', 'fetch', { reduce: 0, asOf }), env.now() - from]);
  };
  await msOf(async (env) => {
    await env.sleep(2 * ON_DISK_MS);
    for (const asOf of [1, 1, 2, 1]) await fetch(env, asOf);
    crash();
    await fetch(env, 1);
  }, others);
  const share = (bytes: number): object => ({ contents: [`["records","${bytes}"]\n.\n`] });
  const half = [share(MB64 / 2), expect.closeTo(ON_WIRE_MS / 2, -2)];
  const none = expect.closeTo(0, -2);

  expect(fetches).toEqual([half, half, [share(0), none], half, [{ gone: [1] }, none]]);
});
