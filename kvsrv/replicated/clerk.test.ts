import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { World, type Peer } from '../../sim/index.ts';
import type { ClerkOptions, KvClerk } from '../index.ts';
import { makeReplicatedKvClerk, replicatedClerkRules } from './clerk.ts';
import type { WrongLeader } from './contract.ts';

/** What a server says to the nth request of all; undefined = nothing, after a second. */
type Says = (n: number, server: number) => unknown;

interface Course {
  readonly result: unknown;
  readonly asked: readonly number[];
  readonly atMs: readonly number[];
  readonly args: readonly unknown[];
}

/** A clerk with so many servers, which answer within 2 ms or not at all. */
async function course(
  servers: number,
  says: Says,
  work: (clerk: KvClerk) => Promise<unknown>,
  options?: ClerkOptions,
): Promise<Course> {
  const world = new World(1, { host: nodeHost() });
  const requests: { readonly server: number; readonly atMs: number; readonly args: unknown }[] = [];
  let result: unknown = 'not finished';
  world.addNode('client', async (env) => {
    const peers = Array.from({ length: servers }, (_, server): Peer => ({
      ...env.peer(`s${server}`),
      async call(method, args, { timeoutMs } = {}) {
        requests.push({ server, atMs: env.now(), args: [method, args] });
        const reply = says(requests.length, server);
        await env.sleep(reply === undefined ? timeoutMs! : 2);
        return reply;
      },
    }));
    const done = work(makeReplicatedKvClerk(env, peers, options));
    result = await done.catch((error: unknown) => String(error));
  });
  await world.run({ untilMs: 60_000 });
  expect(world.failure).toBeUndefined();
  return {
    result,
    asked: requests.map(({ server }) => server),
    atMs: requests.map(({ atMs }) => atMs),
    args: requests.map(({ args }) => args),
  };
}

const no = (more: Partial<WrongLeader> = {}): WrongLeader => ({ err: 'ErrWrongLeader', ...more });
const put = (clerk: KvClerk): Promise<unknown> => clerk.put('k', 'v', 3);
const get = (clerk: KvClerk): Promise<unknown> => clerk.get('k');
const found = { value: 'x', version: 4, err: 'OK' };

/** These answers, one after the other, and then the last one for ever. */
const inTurn =
  (...replies: readonly unknown[]): Says =>
  (n) =>
    replies[Math.min(n, replies.length) - 1];

describe('ErrMaybe is said exactly where an earlier attempt may have been carried out', () => {
  const notHere = no();
  const givenUp = no({ isMaybe: true });
  const silence = undefined;
  test.each([
    { before: [], err: 'ErrVersion', outcome: 'ErrVersion' },
    { before: [notHere], err: 'ErrVersion', outcome: 'ErrVersion' },
    { before: [notHere, notHere, notHere, notHere], err: 'ErrNoKey', outcome: 'ErrNoKey' },
    { before: [no({ isMaybe: false })], err: 'ErrVersion', outcome: 'ErrVersion' },
    { before: [givenUp], err: 'ErrVersion', outcome: 'ErrMaybe' },
    { before: [givenUp, notHere, notHere], err: 'ErrVersion', outcome: 'ErrMaybe' },
    { before: [notHere, givenUp], err: 'ErrNoKey', outcome: 'ErrMaybe' },
    { before: [silence], err: 'ErrVersion', outcome: 'ErrMaybe' },
    { before: [notHere, silence, notHere], err: 'ErrVersion', outcome: 'ErrMaybe' },
    { before: [givenUp, silence], err: 'OK', outcome: 'OK' },
  ])('$before, then $err: $outcome', async ({ before, err, outcome }) => {
    const { result, args } = await course(3, inTurn(...before, { err }), put);
    expect(result).toBe(outcome);
    expect(args).toEqual(
      Array.from({ length: before.length + 1 }, () => [
        'put',
        { key: 'k', value: 'v', version: 3 },
      ]),
    );
  });

  test('and not because of an attempt of another put', async () => {
    const says = inTurn(no({ isMaybe: true }), { err: 'OK' }, { err: 'ErrVersion' });
    const { result } = await course(3, says, async (clerk) => [await put(clerk), await put(clerk)]);
    expect(result).toEqual(['OK', 'ErrVersion']);
  });
});

describe('whom to ask', () => {
  const leads =
    (leader: number, hint?: number): Says =>
    (_n, server) =>
      server === leader ? found : no(hint === undefined ? {} : { leader: hint });

  test('one server after the other, if nobody knows', async () => {
    const { asked, result } = await course(5, leads(3), get);
    expect([asked, result]).toEqual([[0, 1, 2, 3], found]);
  });

  test('the leader, if somebody knows it', async () => {
    const { asked } = await course(5, leads(3, 3), get);
    expect(asked).toEqual([0, 3]);
  });

  test('the same one again as long as it leads', async () => {
    const { asked } = await course(5, leads(3, 3), async (clerk) => [
      await get(clerk),
      await put(clerk),
      await get(clerk),
    ]);
    expect(asked).toEqual([0, 3, 3, 3]);
  });

  test('two servers that point at each other do not hide the third one', async () => {
    const says: Says = (_n, server) => (server === 2 ? found : no({ leader: 1 - server }));
    const { asked, result } = await course(3, says, get);
    expect([asked, result]).toEqual([[0, 1, 2], found]);
  });

  test.each([7, -1, 0])('a hint to %d, which is nobody else, is no hint', async (leader) => {
    const { asked, result } = await course(3, leads(2, leader), get);
    expect([asked, result]).toEqual([[0, 1, 2], found]);
  });

  test('everybody once in a round, whatever they say', async () => {
    const says: Says = (n, server) => (n > 40 ? found : no({ leader: (server * 3 + n) % 5 }));
    const { asked } = await course(5, says, get);
    for (let round = 0; round < 8; round++) {
      expect(asked.slice(5 * round, 5 * round + 5).toSorted((a, b) => a - b)).toEqual([
        0, 1, 2, 3, 4,
      ]);
    }
  });

  test('another one after a second of silence', async () => {
    const { asked, atMs } = await course(
      3,
      (_n, server) => (server === 1 ? found : undefined),
      get,
    );
    expect([asked, atMs]).toEqual([
      [0, 1],
      [0, 1000],
    ]);
  });

  test('the only one, if there is only one', async () => {
    const { asked } = await course(1, inTurn(no(), no({ leader: 0 }), found), get);
    expect(asked).toEqual([0, 0, 0]);
  });
});

describe('back-off', () => {
  test('within a round there is none; after it 50, 100, and then 200 ms', async () => {
    const { atMs } = await course(2, (n) => (n > 10 ? found : no()), get);
    const pauses = atMs.slice(1).map((ms, i) => ms - atMs[i]!);
    expect(pauses).toEqual([2, 52, 2, 102, 2, 202, 2, 202, 2, 202]);
  });

  test('begins anew with each operation', async () => {
    const says: Says = (n) => (n % 5 === 0 ? found : no());
    const { atMs } = await course(2, says, async (clerk) => [await get(clerk), await get(clerk)]);
    expect(atMs[5]! - atMs[4]!).toBe(2);
    expect(atMs.slice(5).map((ms) => ms - atMs[5]!)).toEqual(atMs.slice(0, 5));
  });

  test.each([1, 2, 3, 5, 7, 9])('is enough to flood nobody: %d servers', async (servers) => {
    const { atMs } = await course(servers, () => no(), get);
    expect(atMs.length).toBeGreaterThan(200);
    const most = Math.max(...atMs.map((ms) => atMs.filter((t) => t >= ms && t < ms + 100).length));
    expect(most).toBeLessThanOrEqual(20);
  });
});

describe('patience', () => {
  test('a put that fails for longer is given up with ErrMaybe', async () => {
    const { result, atMs } = await course(2, () => no(), put, { patienceMs: 100 });
    expect(result).toBe('ErrMaybe');
    // Rounds begin at 0, 54 and 158 ms; the first failure of the third one ends it.
    expect(atMs).toEqual([0, 2, 54, 56, 158]);
  });

  test('a get goes on', async () => {
    const says: Says = (n) => (n > 30 ? found : no());
    expect((await course(2, says, get, { patienceMs: 0 })).result).toEqual(found);
  });
});

test('a request that is too large for the servers is the error of who made it', async () => {
  for (const work of [put, get]) {
    const says = inTurn(no(), { err: 'ErrTooLarge', bytes: 12, most: 10 });
    const { result, asked } = await course(3, says, work);
    expect(result).toBe('CommandTooLarge: the command has 12 bytes; at most 10 are accepted');
    expect(asked).toEqual([0, 1]);
  }
});

test('operations of one clerk at the same time do not disturb each other', async () => {
  const says: Says = (n, server) => (n > 15 ? found : no({ leader: (server + n) % 3 }));
  const { result } = await course(3, says, (clerk) => Promise.all([get(clerk), get(clerk)]));
  expect(result).toEqual([found, found]);
});

test('the rules say the same without a clerk', () => {
  const { mayHaveHappened } = replicatedClerkRules;
  expect([undefined, no(), no({ isMaybe: true })].map(mayHaveHappened)).toEqual([
    true,
    false,
    true,
  ]);
});
