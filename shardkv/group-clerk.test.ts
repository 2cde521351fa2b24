import { describe, expect, test } from 'vitest';
import { replicatedClerkRules, type WrongLeader } from '../kvsrv/index.ts';
import { nodeHost } from '../scenarios/runner/node-host.ts';
import { type Peer, World } from '../sim/index.ts';
import type { GroupClerk, Tried } from './contract.ts';
import { groupClerk, groupClerkPorts, makeGroupClerk } from './group-clerk.ts';

/** What a server says to the nth request of all; undefined = nothing in time. */
type Says = (n: number, server: number) => unknown;

interface Request {
  readonly server: number;
  readonly atMs: number;
  readonly method: string;
  readonly args: unknown;
}

interface Course {
  readonly result: unknown;
  readonly requests: readonly Request[];
  readonly asked: readonly number[];
}

/** A way to a group of three, whose servers answer within 2 ms or not at all. */
async function course(
  says: Says,
  work: (clerk: GroupClerk) => Promise<unknown>,
  make = makeGroupClerk,
): Promise<Course> {
  const world = new World(1, { host: nodeHost() });
  const requests: Request[] = [];
  let result: unknown = 'not finished';
  world.addNode('client', async (env) => {
    const peers = [0, 1, 2].map((server): Peer => ({
      ...env.peer(`s${server}`),
      async call(method, args, { timeoutMs } = {}) {
        requests.push({ server, atMs: env.now(), method, args });
        const reply = says(requests.length, server);
        await env.sleep(reply === undefined ? timeoutMs! : 2);
        return reply;
      },
    }));
    result = await work(make(env, peers)).catch((error: unknown) => String(error));
  });
  await world.run({ untilMs: 60_000 });
  expect(world.failure).toBeUndefined();
  return { result, requests, asked: requests.map(({ server }) => server) };
}

const no = (more: Partial<WrongLeader> = {}): WrongLeader => ({ err: 'ErrWrongLeader', ...more });
const ok = { err: 'OK' };
const silence = undefined;

/** These answers, one after the other, and then the last one for ever. */
const inTurn =
  (...replies: readonly unknown[]): Says =>
  (n) =>
    replies[Math.min(n, replies.length) - 1];

const put = (clerk: GroupClerk): Promise<Tried<unknown>> =>
  clerk.put({ key: 'k', value: 'v', version: 3 });

describe('a request in vain counts as one that may have been carried out', () => {
  test.each([
    { what: 'not if no server that was asked led', before: [no(), no()], failed: 0 },
    { what: 'if no answer came', before: [silence], failed: 1 },
    { what: 'if a leader gave it up', before: [no({ isMaybe: true })], failed: 1 },
    { what: 'not if it never began', before: [no({ isMaybe: false })], failed: 0 },
    { what: 'each of several', before: [silence, no(), silence, no({ isMaybe: true })], failed: 3 },
  ])('$what', async ({ before, failed }) => {
    const { result } = await course(inTurn(...before, ok), put);

    expect(result).toEqual({ reply: ok, sent: before.length + 1, failed });
  });

  test('and not for the next request', async () => {
    const { result } = await course(inTurn(silence, ok), async (clerk) => {
      await put(clerk);
      return await put(clerk);
    });

    expect(result).toEqual({ reply: ok, sent: 1, failed: 0 });
  });
});

describe('whom to ask', () => {
  test('each server once a round, the leader that one of them names first', async () => {
    const { asked } = await course(inTurn(no({ leader: 2 }), no({ leader: 0 }), no(), ok), put);

    expect(asked).toEqual([0, 2, 1, 2]);
  });

  test('who answered last, whatever the request and the answer', async () => {
    const says: Says = (_n, server) => (server === 1 ? { err: 'ErrWrongGroup' } : no());
    const { asked } = await course(says, async (clerk) => {
      await clerk.get('k');
      await clerk.freezeShard({ shard: 1, num: 2 });
      await clerk.deleteShard({ shard: 1, num: 2 });
    });

    expect(asked).toEqual([0, 1, 1, 1]);
  });

  test('there is a pause after a whole round, and none within', async () => {
    const pauses: number[] = [];
    const { requests } = await course(
      inTurn(no(), no(), no(), no(), no(), no(), ok),
      put,
      groupClerk(replicatedClerkRules, {
        ...groupClerkPorts,
        async pause(env, rounds) {
          pauses.push(rounds);
          await env.sleep(1000);
        },
      }),
    );

    expect(pauses).toEqual([1, 2]);
    expect(requests.map(({ atMs }) => atMs)).toEqual([0, 2, 4, 1006, 1008, 1010, 2012]);
  });

  test('requests that are under way together each go their own round', async () => {
    // The first is asked for both, and then the second for both; whoever is third leads.
    const { asked, result } = await course(
      (_n, server) => (server === 2 ? ok : no()),
      (clerk) => Promise.all([put(clerk), put(clerk)]),
    );

    expect(asked).toEqual([0, 0, 1, 1, 2, 2]);
    expect(result).toEqual([1, 2].map(() => ({ reply: ok, sent: 3, failed: 0 })));
  });
});

describe('who gives up', () => {
  test('is asked after each request in vain, and told how many there were', async () => {
    const told: number[] = [];
    const { result } = await course(inTurn(no(), silence, no()), (clerk) =>
      clerk.get('k', (sent) => told.push(sent) === 3),
    );

    expect(told).toEqual([1, 2, 3]);
    expect(result).toEqual({ reply: undefined, sent: 3, failed: 1 });
  });

  test('is nobody, unless somebody says so: it asks until there is an answer', async () => {
    const { result } = await course(inTurn(...Array<unknown>(40).fill(no()), ok), put);

    expect(result).toEqual({ reply: ok, sent: 41, failed: 0 });
  });

  test('is not asked about an answer', async () => {
    const { result } = await course(inTurn(ok), (clerk) => clerk.get('k', () => true));

    expect(result).toEqual({ reply: ok, sent: 1, failed: 0 });
  });
});

test('each request goes under its own name, with what it was given', async () => {
  const { requests } = await course(inTurn(ok), async (clerk) => {
    await clerk.get('k');
    await put(clerk);
    await clerk.freezeShard({ shard: 1, num: 2 });
    await clerk.installShard({ shard: 1, num: 2, state: 's' });
    await clerk.deleteShard({ shard: 1, num: 2 });
  });

  expect(requests.map(({ method, args }) => [method, args])).toEqual([
    ['get', { key: 'k' }],
    ['put', { key: 'k', value: 'v', version: 3 }],
    ['freezeShard', { shard: 1, num: 2 }],
    ['installShard', { shard: 1, num: 2, state: 's' }],
    ['deleteShard', { shard: 1, num: 2 }],
  ]);
});

test('what is larger than a log takes is refused with both sizes', async () => {
  const says = inTurn(no(), { err: 'ErrTooLarge', bytes: 70, most: 60 });
  const { result, asked } = await course(says, put);

  expect(String(result)).toMatch(/CommandTooLarge.*70.*60/);
  expect(asked).toEqual([0, 1]);
});
