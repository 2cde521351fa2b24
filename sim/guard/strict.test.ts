import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { LaterReply, World, type Env, type Program } from '../index.ts';

async function failureOf(
  isStrict: boolean,
  programs: Readonly<Record<string, Program>>,
  isSynchronous: boolean,
): Promise<string | undefined> {
  const world = new World(1, { host: nodeHost(), isStrict });
  for (const [id, program] of Object.entries(programs)) {
    world.addNode(id, program, { isSynchronous });
  }
  await world.run();
  return world.failure?.message;
}

describe('a node that is declared synchronous', () => {
  const leftovers: Record<string, (env: Env) => void> = {
    'an async handler': (env) => env.serve({ m: async () => 1 }),
    'an async timer': (env) => void env.setTimer(1, async () => {}),
    'a promise of its own': (env) =>
      void env.setTimer(1, () => void Promise.resolve().then(() => {})),
    'a sleep': (env) => void env.sleep(1),
    'a microtask': (env) => void env.setTimer(1, () => queueMicrotask(() => {})),
  };
  const caller: Program = (env) => void env.call('n', 'm', {});

  test.each(Object.keys(leftovers))(
    'is caught in strict mode if it leaves behind %s',
    async (name) => {
      const programs = { n: leftovers[name] as Program, caller };

      expect(await failureOf(true, programs, true)).toMatch(
        /^(n|caller)#1 is declared synchronous, but left a promise or a microtask behind at 0\.00/,
      );
      // Without it, only code that comes back to its env is.
      expect((await failureOf(false, programs, true)) ?? 'outside of any event').toContain(
        'outside of any event',
      );
      // The same code is welcome where it is waited for.
      expect(await failureOf(true, programs, false)).toBeUndefined();
    },
  );

  test('passes if it leaves nothing behind, though others do', async () => {
    const world = new World(1, { host: nodeHost(), isStrict: true });
    const seen: unknown[] = [];
    world.addNode(
      'n',
      (env) => {
        env.serve({
          m: (n: number) => {
            const late = new LaterReply();
            env.disk.flush('f', () => late.answer(n + 1));
            return late;
          },
        });
        env.setTimer(1, () => env.send('n', 'x', 1));
        env.receive({ x: (n: number) => void seen.push(n) });
      },
      { isSynchronous: true },
    );
    world.addNode('caller', async (env) => {
      for (let i = 0; i < 20; i++) seen.push(await env.call('n', 'm', i));
    });
    await world.run();

    expect(world.failure).toBeUndefined();
    expect(seen).toHaveLength(21);
    expect(new Set(seen)).toEqual(new Set(Array.from({ length: 20 }, (_, n) => n + 1)));
  });
});

describe('a message that its sender changes before it has arrived', () => {
  const changing: Record<string, Program> = {
    'a one-way message': (env) => {
      const message = { list: [1] };
      env.send('b', 'm', message);
      message.list.push(2);
    },
    'a request': async (env) => {
      const args = { list: [1] };
      const reply = env.call('b', 'm', args);
      args.list.push(2);
      await reply;
    },
  };
  const receiver =
    (got: unknown[]): Program =>
    (env) => {
      env.receive({ m: (message) => void got.push(message) });
      env.serve({ m: (args) => void got.push(args) });
    };

  test.each(Object.keys(changing))('reaches its receiver as it was sent: %s', async (name) => {
    const got: unknown[] = [];
    await failureOf(false, { a: changing[name] as Program, b: receiver(got) }, false);

    expect(got).toEqual([{ list: [1] }]);
  });

  test.each(Object.keys(changing))('is a leak in strict mode: %s', async (name) => {
    const programs = { a: changing[name] as Program, b: receiver([]) };

    expect(await failureOf(true, programs, false)).toBe(
      'a#1 changed what it had sent before it arrived (m #0 to b): send a copy, or do not touch ' +
        'it again',
    );
  });

  test('is a leak as a reply, too', async () => {
    const state = { log: [1] };
    const server: Program = (env) => {
      env.serve({ m: () => state });
      env.setTimer(0.35, () => void state.log.push(2));
    };
    let failures = 0;
    for (let seed = 0; seed < 20; seed++) {
      const world = new World(seed, { host: nodeHost(), isStrict: true });
      world.addNode('b', server);
      world.addNode('a', async (env) => void (await env.call('b', 'm', {})));
      await world.run();
      if (world.failure?.message.startsWith('b#1 changed what it had sent') === true) failures++;
    }

    expect(failures).toBeGreaterThan(0);
  });
});

test('strict mode leaves the run as it is', async () => {
  const digests = await Promise.all(
    [true, false].map(async (isStrict) => {
      const world = new World(7, {
        host: nodeHost(),
        isStrict,
        plan: { profile: 'lab-unreliable' },
      });
      world.addNode('s', (env) => env.serve({ m: async (n: number) => n }));
      world.addNode('c', async (env) => {
        for (let i = 0; i < 50; i++) await env.call('s', 'm', i);
      });
      await world.run();
      return world.digest();
    }),
  );

  expect(digests[0]).toBe(digests[1]);
});
