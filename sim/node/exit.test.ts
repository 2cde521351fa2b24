import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import {
  DiskError,
  InvariantViolation,
  Trace,
  World,
  type Env,
  type FaultAction,
  type NodeOptions,
} from '../index.ts';

class Fatal extends Error {
  override readonly name: string = 'Fatal';
}

/** Two ways to say the same. */
class Deadly extends Fatal {
  override readonly name = 'Deadly';
}

const isFatal: NodeOptions = { exitsOn: (error) => error instanceof Fatal };

/** What becomes of a world of one node, which does `work` 5 ms into each of its lives. */
async function end(
  work: (env: Env) => unknown,
  options: NodeOptions = isFatal,
  faults: readonly FaultAction[] = [],
): Promise<{ world: World; trace: Trace; went: string[] }> {
  const trace = new Trace();
  const world = new World(1, { host: nodeHost(), trace, plan: { faults } });
  const went: string[] = [];
  world.addNode(
    'n',
    (env) => {
      env.setTimer(5, () => work(env) as void);
      env.setTimer(20, () => void went.push(`life ${env.incarnation} goes on`));
    },
    options,
  );
  await world.run({ untilMs: 100 });
  return { world, trace, went };
}

const crashes = (trace: Trace): string[] =>
  trace.records.filter(({ kind }) => kind === 'crash').map(({ label }) => label);

const throws = (): never => {
  throw new Fatal('no more');
};

describe('a process that ends by an error of its own', () => {
  const ways: Record<string, (env: Env) => unknown> = {
    'thrown in a callback': throws,
    'of an async callback': async (env) => {
      await env.sleep(1);
      throws();
    },
    'of a task': (env) => env.spawn('task', throws),
    'of a task that waits': (env) =>
      env.spawn('task', async () => {
        await env.sleep(1);
        throws();
      }),
  };
  test.each(Object.keys(ways))('%s: it crashes, and the run goes on', async (name) => {
    const { world, trace, went } = await end(ways[name]!);

    expect(world.failure).toBeUndefined();
    expect([world.crashes, world.machine('n').life, went]).toEqual([1, undefined, []]);
    expect(crashes(trace)).toEqual(['exit by Fatal']);
  });

  test('stays down until somebody starts it again, and may end once more', async () => {
    const told: unknown[] = [];
    const trace = new Trace();
    const world = new World(1, { host: nodeHost(), trace });
    const onExit = (error: unknown): void => void told.push([error, world.machine('n').life]);
    const program = (env: Env): void => void env.setTimer(5, throws);
    world.addNode('n', program, { ...isFatal, onExit });
    world.addNode('supervisor', async (env) => {
      await env.sleep(10);
      world.restart('n');
    });
    await world.run();

    expect(told).toEqual([
      [new Fatal('no more'), undefined],
      [new Fatal('no more'), undefined],
    ]);
    expect([world.crashes, world.machine('n').lives, world.now()]).toEqual([2, 2, 15]);
  });

  test('comes back at the end of a fault that held it down, as any other', async () => {
    const crash = { id: 'c', kind: 'crash', node: 'n', atMs: 8, untilMs: 12 } as const;
    const work = (env: Env): void => void (env.incarnation === 1 && throws());
    const { world, went } = await end(work, isFatal, [crash]);

    expect(went).toEqual(['life 2 goes on']);
    expect(world.machine('n').lives).toBe(2);
  });

  test('a disk error ends it if it says so', async () => {
    const full = { id: 'f', kind: 'disk-full', node: 'n', atMs: 1 } as const;
    const exitsOn = (error: unknown): boolean => error instanceof DiskError;
    const work = ({ disk }: Env): void => disk.save('file', 'content');
    const { world, trace } = await end(work, { exitsOn }, [full]);

    expect(world.failure).toBeUndefined();
    expect(crashes(trace)).toEqual(['exit by DiskError']);
  });

  test('callers learn of it as of any crash', async () => {
    const world = new World(1, { host: nodeHost() });
    const answers: unknown[] = [];
    world.addNode('n', (env) => env.serve({ ask: throws, wait: async () => throws() }), isFatal);
    world.addNode('caller', async (env) => {
      answers.push(await env.call('n', 'ask', {}));
      world.restart('n');
      answers.push(await env.call('n', 'wait', {}));
    });
    await world.run();

    expect([world.failure, answers, world.crashes]).toEqual([undefined, [undefined, undefined], 2]);
  });
});

describe('the run ends all the same', () => {
  const others: [string, () => unknown, string][] = [
    ['by another error', () => new TypeError('oh'), 'uncaught error'],
    ['by a broken invariant', () => new InvariantViolation('a rule', 'broken'), 'a rule'],
  ];
  test.each(others)('%s', async (_, error, rule) => {
    const exitsOn = (thrown: unknown): boolean => !(thrown instanceof TypeError);
    const { world } = await end(
      () => {
        throw error();
      },
      { exitsOn },
    );

    expect(world.failure).toMatchObject({ rule, node: 'n' });
  });

  test('by any error of a node that names none', async () => {
    const { world } = await end(throws, {});

    expect(world.failure).toMatchObject({ kind: 'crash', message: 'Fatal: no more' });
  });
});

test('the name of the error is part of the identity of a run, and its text is not', async () => {
  const digestOf = async (error: Error): Promise<string> => {
    const { world } = await end(() => {
      throw error;
    });
    return world.digest();
  };

  expect(await digestOf(new Fatal('a'))).toBe(await digestOf(new Fatal('b')));
  expect(await digestOf(new Fatal('a'))).not.toBe(await digestOf(new Deadly('a')));
});
