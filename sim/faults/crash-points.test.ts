import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { crashPointsOf, World, type CallRecorder, type CrashPointChoice } from '../index.ts';
import type { Env, FaultAction, Program } from '../index.ts';

/** A server that counts, durably or so it says, and a client that counts to three. */
type Add = (env: Env, count: number, keep: () => void) => number;

/** Replies first: what it has acknowledged is not on its disk yet. */
const hasty: Add = (env, count, keep) => {
  env.spawn('save', keep);
  return count;
};
const careful: Add = (_, count, keep) => {
  keep();
  return count;
};

interface Outcome {
  /** A count was acknowledged twice, or is not on the disk in the end. */
  readonly isForgetful: boolean;
  readonly hasEnded: boolean;
  readonly crashes: number;
  readonly unmatched: number;
}

async function countToThree(
  add: Add,
  faults: readonly FaultAction[],
  recordCalls?: CallRecorder,
): Promise<Outcome> {
  const plan = { profile: 'lab-steady', faults };
  const world = new World('counter', { host: nodeHost(), plan, recordCalls });
  let promised = 0;
  let isForgetful = false;
  let hasEnded = false;
  const server: Program = (env) => {
    let count = Number(env.disk.read('count') ?? 0);
    const keep = (): void => env.disk.write('count', String(count));
    env.serve({
      add: () => {
        count++;
        return add(env, count, keep);
      },
    });
  };
  world.addNode('server', server);
  world.addNode('client', async (env) => {
    if (env.incarnation > 1) return;
    while (promised < 3) {
      const reply = await env.call('server', 'add', {});
      if (typeof reply === 'number') {
        isForgetful ||= reply <= promised;
        promised = Math.max(promised, reply);
      }
      await env.sleep(1);
    }
    hasEnded = true;
  });
  await world.run({ untilMs: 10_000 });
  expect(world.failure).toBeUndefined();
  isForgetful ||= Number(world.disk('server').read('count')?.content ?? 0) < promised;
  const { crashes } = world;
  return { isForgetful, hasEnded, crashes, unmatched: world.unmatchedTargets.length };
}

const pointsOf = (
  add: Add,
  choice: Partial<CrashPointChoice> = {},
): ReturnType<typeof crashPointsOf> =>
  crashPointsOf((record) => countToThree(add, [], record), { downMs: 20, ...choice });

describe('the crash points of a protocol that persists', () => {
  test('find a reply that leaves before what it promises is on the disk', async () => {
    const broken: string[] = [];
    for (const point of await pointsOf(hasty, { nodes: ['server'] })) {
      if ((await countToThree(hasty, [point])).isForgetful) broken.push(point.id);
    }
    expect(broken.slice(0, 2)).toEqual([
      'server#1 crashes after reply, its call 4',
      'server#1 crashes before disk.write, its call 5',
    ]);
    expect(broken).toHaveLength(6);
  });

  test('are all survived by a server that saves first', async () => {
    const points = await pointsOf(careful, { nodes: ['server'] });
    for (const point of points) {
      const outcome = await countToThree(careful, [point]);
      expect([point.id, outcome]).toEqual([
        point.id,
        { isForgetful: false, hasEnded: true, crashes: 1, unmatched: 0 },
      ]);
    }
    // read, serve, and a write and a reply for each of three; a read has no after.
    expect(points).toHaveLength(1 + 2 * (1 + 3 * 2));
  });

  test('are chosen by node, call, life and side', async () => {
    const ids = async (choice: Partial<CrashPointChoice>): Promise<string[]> =>
      (await pointsOf(careful, choice)).map(({ id }) => id);
    expect(await ids({ nodes: ['server'], calls: ['reply'], when: ['before'] })).toEqual([
      'server#1 crashes before reply, its call 4',
      'server#1 crashes before reply, its call 6',
      'server#1 crashes before reply, its call 8',
    ]);
    expect(await ids({ calls: ['disk.read'] })).toEqual([
      'server#1 crashes before disk.read, its call 1',
    ]);
    expect(await ids({ lives: [2] })).toEqual([]);
    const nodes = new Set((await pointsOf(careful)).map(({ node }) => node));
    expect([...nodes]).toEqual(['server', 'client']);
  });
});

/** One env call of each name, in one event each. */
const everything: Program = async (env) => {
  const channel = env.channel<number>(1);
  const full = env.channel<number>(1);
  full.trySend(0);
  const [mutex, group] = [env.mutex(), env.waitGroup()];
  const condition = env.condition(mutex);
  env.serve({ m: () => 'reply' });
  env.receive({ note: () => {} });
  env.spawn('task', () => {});
  env.setTimer(50, () => {}).cancel();
  env.send('n', 'note', 1);
  await env.call('n', 'm', {});
  await env.sleep(1);
  await channel.send(1);
  await channel.receive();
  env.setTimer(1, () => void full.tryReceive());
  await full.send(2);
  await mutex.lock();
  env.spawn('waits for the lock', () => mutex.with(() => condition.signal()));
  await condition.wait();
  condition.broadcast();
  mutex.unlock();
  group.add(1);
  env.setTimer(1, () => group.done());
  await group.wait();
  void env.select([channel], 1);
  channel.close();
  env.disk.write('f', 'x');
  env.disk.read('f');
  env.disk.remove('f');
  env.disk.list();
  env.log(`at ${env.now()}`);
  env.probe('p');
  env.show({ x: 1 });
  env.point('here');
  env.buggify('b');
};

test('every env call can be the last one of a life, before and after its effect', async () => {
  const run = async (
    faults: readonly FaultAction[],
    recordCalls?: CallRecorder,
  ): Promise<World> => {
    const plan = { profile: 'steady', faults };
    const world = new World('all', { host: nodeHost(), plan, recordCalls });
    world.addNode('n', (env) => (env.incarnation === 1 ? everything(env) : undefined));
    await world.run({ untilMs: 1000 });
    expect(world.failure).toBeUndefined();
    return world;
  };
  const names = new Set<string>();
  const points = await crashPointsOf(
    (record) =>
      run([], (node, life, name, n) => {
        names.add(name);
        record(node, life, name, n);
      }),
    { downMs: 5 },
  );
  for (const point of points) {
    const world = await run([point]);
    expect([point.id, world.crashes, world.unmatchedTargets]).toEqual([point.id, 1, []]);
    expect(world.machine('n').lives).toBe(2);
  }
  expect(names.size).toBeGreaterThanOrEqual(34);
  expect(points.length).toBeGreaterThan(80);
});
