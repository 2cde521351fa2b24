import { describe, expect, test } from 'vitest';
import {
  CommandTooLarge,
  makeRaft,
  makeRsm,
  type MakeRsm,
  type Persister,
  type SubmitResult,
} from '../../raft/index.ts';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { LaterReply, World, type Env } from '../../sim/index.ts';
import { makeReplicatedKvClerk } from './clerk.ts';
import type { ReplicatedKvServer } from './contract.ts';
import { makeReplicatedKvServer } from './server.ts';

const nowhere: Persister = {
  save() {},
  append() {},
  readState: () => '',
  readSnapshot: () => undefined,
  stateSize: () => 0,
};

/** A server on a replicated state machine that answers every request at once by `says`. */
function serverThat(
  says: (request: unknown) => SubmitResult,
  how: 'propose' | 'submit' = 'propose',
): { readonly server: ReplicatedKvServer; readonly requests: unknown[] } {
  const requests: unknown[] = [];
  const noted = (request: unknown): SubmitResult => {
    requests.push(request);
    return says(request);
  };
  const make: MakeRsm = () => ({
    submit: (request) => new Promise((resolve) => resolve(noted(request))),
    ...(how === 'submit'
      ? {}
      : {
          propose(request: unknown, done: (result: SubmitResult) => void): void {
            done(noted(request));
          },
        }),
    getState: () => ({ term: 3, isLeader: true }),
    handlers: { RequestVote: () => 'a vote' },
  });
  const host = { peers: [], me: 0, persister: nowhere, maxRaftState: -1, makeRaft, makeRsm: make };
  return { server: makeReplicatedKvServer({} as Env, host), requests };
}

/** What a handler answers, now or later. */
function answerOf(reply: unknown): unknown {
  if (!(reply instanceof LaterReply)) return reply;
  let answer: unknown = 'nothing yet';
  reply.whenAnswered((given) => (answer = given));
  return answer;
}

describe.each(['propose', 'submit'] as const)('a server that can %s', (how) => {
  test('hands gets and puts over, and answers with what came of them', async () => {
    const result = { value: 'v', version: 1, err: 'OK' };
    const { server, requests } = serverThat(() => ({ err: 'OK', result, index: 9 }), how);
    const { get, put } = server.handlers;
    expect(answerOf(await get({ key: 'k' }))).toBe(result);
    expect(answerOf(await put({ key: 'k', value: 'v', version: 2 }))).toBe(result);
    expect(requests).toEqual([
      { op: 'get', key: 'k' },
      { op: 'put', key: 'k', value: 'v', version: 2 },
    ]);
  });

  test.each([
    [{ isMaybe: false }, { err: 'ErrWrongLeader' }],
    [{ isMaybe: true }, { err: 'ErrWrongLeader', isMaybe: true }],
    [
      { isMaybe: false, leader: 0 },
      { err: 'ErrWrongLeader', leader: 0 },
    ],
  ])('passes on that it does not lead: %j', async (refusal, reply) => {
    const { server } = serverThat(() => ({ err: 'ErrWrongLeader', ...refusal }), how);
    expect(answerOf(await server.handlers.get({ key: 'k' }))).toEqual(reply);
  });

  test('says of a request that it is too large', async () => {
    const { server } = serverThat(() => {
      throw new CommandTooLarge(12, 10);
    }, how);
    const reply = { err: 'ErrTooLarge', bytes: 12, most: 10 };
    expect(answerOf(await server.handlers.get({ key: 'k' }))).toEqual(reply);
  });

  test('does not hide any other error', async () => {
    const { server } = serverThat(() => {
      throw new Error('a bug');
    }, how);
    await expect(async () => await server.handlers.get({ key: 'k' })).rejects.toThrow('a bug');
  });
});

test('its other handlers and its state are those of the layers below', () => {
  const { server } = serverThat(() => ({ err: 'ErrWrongLeader', isMaybe: false }));
  expect(server.handlers['RequestVote']!({} as never)).toBe('a vote');
  expect(server.getState()).toEqual({ term: 3, isLeader: true });
});

test('a client that puts what is too large hears so, and the cluster goes on', async () => {
  const world = new World(1, { host: nodeHost(), plan: { profile: 'lab-reliable' } });
  const ids = ['s0', 's1', 's2'];
  const program = (env: Env): void => {
    const peers = ids.map((id) => env.peer(id));
    const me = ids.indexOf(env.id);
    const host = { peers, me, persister: nowhere, maxRaftState: -1, makeRaft, makeRsm };
    env.serve(makeReplicatedKvServer(env, host).handlers);
  };
  for (const id of ids) world.addNode(id, program, { isSynchronous: true });
  const outcomes: unknown[] = [];
  world.addNode('client', async (env) => {
    const clerk = makeReplicatedKvClerk(
      env,
      ids.map((id) => env.peer(id)),
    );
    const put = (bytes: number, version: number): Promise<unknown> =>
      clerk.put('k', 'x'.repeat(bytes), version).catch((error: unknown) => error);
    outcomes.push(await put(2 ** 20, 0), await put(2 ** 20 - 100, 0), await put(2 ** 21, 1));
    outcomes.push(await put(1, 1), (await clerk.get('k')).version);
  });
  await world.run({ untilMs: 10_000 });
  expect(world.failure).toBeUndefined();
  expect(outcomes.map((each) => (each instanceof CommandTooLarge ? 'too large' : each))).toEqual([
    'too large',
    'OK',
    'too large',
    'OK',
    2,
  ]);
});
