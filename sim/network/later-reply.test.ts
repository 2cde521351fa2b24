/** Handlers that answer in a later event, without promises. */
import { expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { LaterReply, World, type FaultAction } from '../index.ts';

/** A server that answers after 50 ms, and a client that notes what it is told, and when. */
async function ask(
  profile: string,
  faults: readonly FaultAction[] = [],
): Promise<{ world: World; told: { reply: unknown; ms: number }[] }> {
  const told: { reply: unknown; ms: number }[] = [];
  const world = new World('later', { host: nodeHost(), plan: { profile, faults }, isStrict: true });
  const isSynchronous = true;
  const serve = (method: string, later: (reply: LaterReply) => void) => ({
    [method]: (): LaterReply => {
      const reply = new LaterReply();
      later(reply);
      return reply;
    },
  });
  world.addNode(
    'server',
    (env) => {
      env.serve(serve('slow', (reply) => void env.setTimer(50, () => reply.answer('done'))));
      env.serve(serve('at once', (reply) => reply.answer('done')));
    },
    { isSynchronous },
  );
  world.addNode(
    'client',
    (env) => {
      const note = (reply: unknown): void => void told.push({ reply, ms: Math.floor(env.now()) });
      for (const method of ['slow', 'at once']) env.request('server', method, {}, note);
    },
    { isSynchronous },
  );
  await world.run();
  return { world, told };
}

test('the caller has the reply when the handler has given it', async () => {
  const { world, told } = await ask('lab-reliable');
  expect(world.failure).toBeUndefined();
  expect(told).toEqual([
    { reply: 'done', ms: 1 },
    { reply: 'done', ms: 51 },
  ]);
});

test.each([
  { profile: 'lab-reliable', how: 'at the next poll', knownMs: 100 },
  { profile: 'lan', how: 'by its time-out', knownMs: 50 },
])('$profile: after a crash the caller knows $how', async ({ profile, knownMs }) => {
  const { world, told } = await ask(profile, [
    { id: 'f', kind: 'crash', atMs: 20, untilMs: 30, node: 'server' },
  ]);
  expect(world.failure).toBeUndefined();
  expect(told.map(({ reply }) => reply)).toEqual(['done', undefined]);
  expect(told[1]!.ms).toBe(knownMs);
});

test.each([
  { when: 'before', reply: undefined },
  { when: 'after', reply: 'done' },
] as const)('a crash $when the answer leaves the caller with $reply', async ({ when, reply }) => {
  // Its fifth call: it serves twice, sets a timer, answers at once, and then later.
  const { world, told } = await ask('lab-reliable', [
    { id: 'f', kind: 'crash-point', atMs: 0, node: 'server', call: 5, when, downMs: 10 },
  ]);
  expect(world.failure).toBeUndefined();
  expect(world.crashes).toBe(1);
  expect(told.map((each) => each.reply)).toEqual(['done', reply]);
});

test('a request is answered once', () => {
  const reply = new LaterReply();
  reply.answer(1);
  expect(() => reply.answer(2)).toThrow('this request was answered before');
});
