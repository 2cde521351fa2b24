import { describe, expect, test } from 'vitest';
import { nodeHost } from '../scenarios/runner/node-host.ts';
import { World, type Env } from '../sim/index.ts';
import { applier, type ApplierOptions } from './applier.ts';
import type { Apply, ApplyMessage } from './contract.ts';

const command = (index: number): ApplyMessage => ({ kind: 'command', index, command: `x${index}` });

/** A node with an applier, which notes what is taken, and when. */
async function course(
  options: ApplierOptions,
  work: (apply: Apply, env: Env, note: (what: string) => void) => void | Promise<void>,
): Promise<string[]> {
  const notes: string[] = [];
  const { isSynchronous } = options;
  const world = new World(1, { host: nodeHost(), isStrict: true });
  const program = (env: Env): void | Promise<void> => {
    const note = (what: string): void => void notes.push(`${what} at ${env.now()}`);
    const apply = applier(env, ({ index }) => note(`take ${index}`), options);
    return work(apply, env, note);
  };
  world.addNode('s0', program, { isSynchronous });
  await world.run();
  expect(world.failure).toBeUndefined();
  return notes;
}

describe('the applier', () => {
  test('takes messages in order, never inside the call that hands them over', async () => {
    const notes = await course({ isSynchronous: true }, (apply, _env, note) => {
      for (const index of [1, 2, 3]) void apply(command(index));
      note('returned');
    });
    expect(notes).toEqual(['returned at 0', 'take 1 at 0', 'take 2 at 0', 'take 3 at 0']);
  });

  test('gives a synchronous Raft nothing to wait for', async () => {
    await course({ isSynchronous: true }, (apply) => {
      expect(apply(command(1))).toBeUndefined();
    });
  });

  test('lets any other Raft wait until its message is taken', async () => {
    const notes = await course(
      { isSynchronous: false, pauseMs: () => 2 },
      async (apply, _, note) => {
        const second = Promise.resolve(apply(command(1))).then(() => note('resolved 1'));
        await apply(command(2));
        note('resolved 2');
        await second;
      },
    );
    expect(notes).toEqual(['take 1 at 2', 'resolved 1 at 2', 'take 2 at 4', 'resolved 2 at 4']);
  });

  test('pauses before each message, however they come', async () => {
    const notes = await course({ isSynchronous: true, pauseMs: () => 5 }, (apply, env) => {
      void apply(command(1));
      void apply(command(2));
      env.setTimer(7, () => void apply(command(3)));
      env.setTimer(40, () => void apply(command(4)));
    });
    expect(notes).toEqual(['take 1 at 5', 'take 2 at 10', 'take 3 at 15', 'take 4 at 45']);
  });

  test('takes a hundred thousand messages that come at once', async () => {
    const last = 100_000;
    const notes = await course({ isSynchronous: true }, (apply) => {
      for (let index = 1; index <= last; index++) void apply(command(index));
    });
    expect(notes).toHaveLength(last);
    expect(notes.at(-1)).toBe(`take ${last} at 0`);
  });

  test('takes what comes while one is taken after it, in an event of its own', async () => {
    const taken: number[] = [];
    let depth = 0;
    const world = new World(1, { host: nodeHost() });
    world.addNode('s0', (env) => {
      const apply: Apply = applier(
        env,
        ({ index }) => {
          expect(++depth).toBe(1);
          taken.push(index);
          if (index < 4) void apply(command(index + 1));
          depth--;
        },
        { isSynchronous: true },
      );
      void apply(command(1));
    });
    await world.run();
    expect(world.failure).toBeUndefined();
    expect(taken).toEqual([1, 2, 3, 4]);
  });
});
