import { describe, expect, test } from 'vitest';
import { Digest, World, type Env, type Program } from '../../sim/index.ts';
import { nodeHost } from '../runner/node-host.ts';
import { History } from './history.ts';

/** A world with the given nodes, run to its end, and the history of what they did. */
async function historyOf(
  nodes: Record<string, (env: Env, history: History) => void | Promise<void>>,
): Promise<{ history: History; world: World }> {
  const world = new World(1, { host: nodeHost() });
  const history = new History(world.kernel);
  for (const [id, node] of Object.entries(nodes)) {
    const program: Program = (env) => node(env, history);
    world.addNode(id, program);
  }
  await world.run({ untilMs: 100 });
  return { history, world };
}

describe('the history of a run', () => {
  test('an operation has its place, its times and its event', async () => {
    const { history } = await historyOf({
      c0: async (env, h) => {
        await env.sleep(2);
        await h.record('c0', { op: 'get' }, async () => {
          await env.sleep(3);
          return 'v';
        });
      },
    });

    expect(history.lines).toEqual([
      {
        id: 0,
        client: 'c0',
        invoked: 0,
        completed: 1,
        status: 'ok',
        input: { op: 'get' },
        output: 'v',
        invokedUs: 2000,
        completedUs: 5000,
        event: expect.any(Number),
      },
    ]);
    expect(history.completed).toBe(1);
  });

  test('invocations and completions are numbered in the order in which they happen', async () => {
    const operation = (env: Env, h: History, ms: number): Promise<void> =>
      h.record(env.id, {}, () => env.sleep(ms));
    const { history } = await historyOf({
      a: (env, h) => operation(env, h, 5),
      b: async (env, h) => {
        await operation(env, h, 2);
        await operation(env, h, 1);
      },
    });
    const order = history.lines.map(({ client, invoked, completed }) => [
      client,
      invoked,
      completed,
    ]);

    expect(order).toEqual([
      ['a', 0, 5],
      ['b', 1, 2],
      ['b', 3, 4],
    ]);
  });

  test('what never returns stays pending', async () => {
    const { history, world } = await historyOf({
      c0: (env, h) => {
        void h.record('c0', { op: 'put' }, () => env.sleep(50));
        env.setTimer(10, () => world.crash('c0'));
      },
      c1: (_env, h) => h.record('c1', { op: 'put' }, () => new Promise<void>(() => {})),
    });

    expect(history.completed).toBe(0);
    for (const line of history.lines) {
      expect(line.status).toBe('pending');
      expect(line.completed).toBeUndefined();
      expect('output' in line).toBe(false);
    }
  });

  test('it keeps what was said then, whatever is changed later', async () => {
    const input = { op: 'put', value: 'first' };
    const output = { err: 'OK' };
    const { history } = await historyOf({
      c0: async (_env, h) => {
        await h.record('c0', input, async () => output);
        input.value = 'second';
        output.err = 'changed';
      },
    });

    expect(history.lines[0]).toMatchObject({ input: { value: 'first' }, output: { err: 'OK' } });
  });

  test('the model may be shown something else than the client', async () => {
    let result = '';
    const { history } = await historyOf({
      c0: async (_env, h) => {
        result = await h.record(
          'c0',
          {},
          async () => 'OK',
          (err) => ({ err }),
        );
      },
    });

    expect(result).toBe('OK');
    expect(history.lines[0]?.output).toEqual({ err: 'OK' });
  });

  test.each([
    ['another answer', { output: 'w' }],
    ['another input', { input: { op: 'put' } }],
    ['another client', { client: 'c9' }],
    ['another order', { completed: 7 }],
    ['an answer that never came', { completed: undefined, status: 'pending' as const }],
  ])('%s makes another digest', async (_what, change) => {
    const { history } = await historyOf({
      c0: (_env, h) => h.record('c0', { op: 'get' }, async () => 'v').then(() => {}),
    });
    const digestOf = (): string => {
      const digest = new Digest();
      history.foldInto(digest);
      return digest.hex();
    };
    const before = digestOf();
    Object.assign(history.lines[0]!, change);

    expect(digestOf()).not.toBe(before);
  });
});
