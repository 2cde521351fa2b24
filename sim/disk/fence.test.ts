import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { DiskError, World, type Env, type FaultAction } from '../index.ts';

const SHARED = { disk: 'shared' };

/** What a call of a disk comes to: `done`, or the code of its error. */
async function outcome(call: () => unknown): Promise<string> {
  try {
    await call();
    return 'done';
  } catch (error) {
    if (error instanceof DiskError) return error.code;
    throw error;
  }
}

/** Runs nodes that share a disk, and gives what they have said in the end. */
async function together(
  programs: Readonly<Record<string, (env: Env, say: (what: string) => void) => Promise<void>>>,
  plan: { disk?: string; faults?: readonly FaultAction[] } = {},
): Promise<{ said: string[]; world: World }> {
  const said: string[] = [];
  const world = new World(1, { host: nodeHost(), plan });
  for (const [id, program] of Object.entries(programs)) {
    world.addNode(id, (env) => program(env, (what) => void said.push(`${id} ${what}`)), SHARED);
  }
  await world.run();
  expect(world.failure).toBeUndefined();
  return { said, world };
}

describe('a fenced disk', () => {
  /** The first holds a lease, stands still past its end, and wakes up in the middle of its work. */
  const takeOver = (isFenced: boolean) =>
    together(
      {
        a: async (env, say) => {
          if (isFenced) env.disk.fence(1);
          await env.sleep(20);
          say(await outcome(() => env.disk.save('table', 'of the former holder')));
        },
        b: async (env, say) => {
          await env.sleep(100);
          if (isFenced) env.disk.fence(2);
          say(await outcome(() => env.disk.save('table', 'of the new holder')));
        },
      },
      { faults: [{ id: 'p', kind: 'pause', atMs: 10, untilMs: 500, node: 'a' }] },
    );

  test('refuses a former holder that wakes up late', async () => {
    const { said, world } = await takeOver(true);
    expect(said).toEqual(['b done', 'a EFENCED']);
    expect(world.disk('b').files.get('table')?.content).toBe('of the new holder');
  });

  test('says so even if the disk fails as well: nothing of it is touched', async () => {
    const { said, world } = await together(
      {
        a: async (env, say) => {
          env.disk.write('f', 'of a');
          await env.sleep(20);
          say(await outcome(() => env.disk.write('g', 'x')));
          say(await outcome(() => env.disk.fsync('f')));
        },
        b: async (env) => {
          await env.sleep(10);
          env.disk.fence(1);
        },
      },
      { disk: 'lossy', faults: [{ id: 'e', kind: 'disk-error', atMs: 15, node: 'a', ppm: 1e6 }] },
    );
    expect(said).toEqual(['a EFENCED', 'a EFENCED']);
    // An fsync that failed with EIO would have given up what it was to sync.
    expect(world.disk('a').unsyncedOf('f')).toHaveLength(1);
  });

  test('would have taken it without the fence', async () => {
    const { said, world } = await takeOver(false);
    expect(said).toEqual(['b done', 'a done']);
    expect(world.disk('b').files.get('table')?.content).toBe('of the former holder');
  });

  test.each(['perfect', 'lossy'])(
    'refuses changes and fsyncs, and nothing else, on %s disks',
    async (disk) => {
      const { said } = await together(
        {
          a: async (env, say) => {
            env.disk.write('f', 'before');
            await env.sleep(20);
            const calls = {
              write: () => env.disk.write('f', 'x'),
              append: () => env.disk.append('f', 'x'),
              save: () => env.disk.save('f', 'x'),
              rename: () => env.disk.rename('f', 'g'),
              remove: () => env.disk.remove('f'),
              fsync: () => env.disk.fsync('f'),
              fence: () => env.disk.fence(4),
              read: () => env.disk.read('f'),
              list: () => env.disk.list(),
            };
            for (const [name, call] of Object.entries(calls)) say(`${name} ${await outcome(call)}`);
            say(String(env.disk.read('f')));
            env.disk.fence(5);
            say(`write ${await outcome(calls.write)}`);
          },
          b: async (env) => {
            await env.sleep(10);
            env.disk.fence(5);
          },
        },
        { disk },
      );
      const refused = ['write', 'append', 'save', 'rename', 'remove', 'fsync', 'fence'];
      expect(said).toEqual([
        ...refused.map((name) => `a ${name} EFENCED`),
        'a read done',
        'a list done',
        'a before',
        'a write done',
      ]);
    },
  );

  test('stays fenced when its nodes crash, and takes a new life for an old writer', async () => {
    const { said } = await together(
      {
        a: async (env, say) => {
          if (env.incarnation === 1) env.disk.fence(7);
          else say(await outcome(() => env.disk.save('f', 'x')));
        },
      },
      { faults: [{ id: 'c', kind: 'crash', atMs: 10, untilMs: 20, node: 'a' }] },
    );
    expect(said).toEqual(['a EFENCED']);
  });

  test('does not lose what its new holder wrote when a former one fails to sync it', async () => {
    const { said, world } = await together(
      {
        a: async (env, say) => {
          env.disk.write('f', 'old');
          await env.sleep(20);
          say(await outcome(() => env.disk.fsync('f')));
          say('crash');
        },
        b: async (env, say) => {
          await env.sleep(10);
          env.disk.fence(1);
          env.disk.write('f', 'new');
          await env.sleep(30);
          say(await outcome(() => env.disk.fsync('f')));
        },
      },
      { disk: 'lossy' },
    );
    expect(said).toEqual(['a EFENCED', 'a crash', 'b done']);
    expect(world.disk('b').durable.get('f')?.content).toBe('new');
  });

  test('never shows a change of anybody below the highest number so far', async () => {
    const anyStep = fc.record({
      node: fc.constantFrom('a', 'b', 'c'),
      epoch: fc.option(fc.integer({ min: 1, max: 5 })),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 30 }), async (steps) => {
        const epochs: Record<string, number> = { a: 0, b: 0, c: 0 };
        let highest = 0;
        let expected = '';
        const program = async (env: Env): Promise<void> => {
          for (const [i, { node, epoch }] of steps.entries()) {
            await env.sleep(1);
            if (node !== env.id) continue;
            const call = (): void =>
              epoch === null ? env.disk.save('f', `${i}`) : env.disk.fence(epoch);
            const isTaken = (epoch ?? epochs[node]!) >= highest;
            expect(await outcome(call)).toBe(isTaken ? 'done' : 'EFENCED');
            if (isTaken && epoch !== null) highest = epochs[node] = epoch;
            if (isTaken && epoch === null) expected = `${i}`;
          }
        };
        const { world } = await together({ a: program, b: program, c: program });
        expect(world.disk('a').files.get('f')?.content ?? '').toBe(expected);
      }),
    );
  });

  test.each([0, -1, 1.5, Number.NaN])('refuses %s for a number', async (epoch) => {
    await together({
      a: async (env) => {
        expect(() => env.disk.fence(epoch)).toThrow(RangeError);
      },
    });
  });
});
