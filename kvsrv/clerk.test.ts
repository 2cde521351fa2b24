import { describe, expect, test } from 'vitest';
import { nodeHost } from '../scenarios/runner/node-host.ts';
import { World, type Peer } from '../sim/index.ts';
import { clerkRules } from './clerk-rules.ts';
import { makeKvClerk, type ClerkOptions, type KvClerk, type PutErr } from './index.ts';

/** How often a request is lost before it is answered, and with what. */
interface Script {
  readonly losses: number;
  readonly reply: unknown;
}

interface Course {
  readonly result: unknown;
  readonly requests: [method: string, args: unknown, atMs: number][];
  readonly endMs: number;
}

/** A clerk whose server answers by a script. Each request takes 2 ms. */
async function course(
  script: Script,
  work: (clerk: KvClerk) => Promise<unknown>,
  options?: ClerkOptions,
): Promise<Course> {
  const world = new World(1, { host: nodeHost() });
  const requests: Course['requests'] = [];
  let result: unknown = 'not finished';
  let endMs = -1;
  world.addNode('client', async (env) => {
    const peer: Peer = {
      ...env.peer('server'),
      id: 'server',
      async call(method, args) {
        requests.push([method, args, env.now()]);
        await env.sleep(2);
        return requests.length <= script.losses ? undefined : script.reply;
      },
    };
    result = await work(makeKvClerk(env, peer, options));
    endMs = env.now();
  });
  await world.run({ untilMs: 3_600_000 });
  expect(world.failure).toBeUndefined();
  return { result, requests, endMs };
}

const put = (clerk: KvClerk): Promise<unknown> => clerk.put('k', 'v', 3);
const get = (clerk: KvClerk): Promise<unknown> => clerk.get('k');

describe('a put', () => {
  const table: [losses: number, err: PutErr, outcome: string][] = [
    [0, 'OK', 'OK'],
    [0, 'ErrVersion', 'ErrVersion'],
    [0, 'ErrNoKey', 'ErrNoKey'],
    // Whoever asked before may have been heard.
    [1, 'OK', 'OK'],
    [1, 'ErrVersion', 'ErrMaybe'],
    [1, 'ErrNoKey', 'ErrMaybe'],
    [5, 'OK', 'OK'],
    [5, 'ErrVersion', 'ErrMaybe'],
  ];
  test.each(table)('after %d losses, answered %s, says %s', async (losses, err, outcome) => {
    const { result, requests } = await course({ losses, reply: { err } }, put);
    expect(result).toBe(outcome);
    expect(requests).toHaveLength(losses + 1);
    expect(clerkRules.outcome(err, { sent: losses + 1, failed: losses })).toBe(outcome);
  });

  test('sends the same request every time, 100 ms after it knows that one is lost', async () => {
    const { requests } = await course({ losses: 3, reply: { err: 'OK' } }, put);
    const args = { key: 'k', value: 'v', version: 3 };
    expect(requests).toEqual([0, 102, 204, 306].map((atMs) => ['put', args, atMs]));
  });

  test('never gives up, unless its patience is limited', async () => {
    const { result, requests } = await course({ losses: Infinity, reply: undefined }, put);
    expect(result).toBe('not finished');
    expect(requests.length).toBeGreaterThan(35_000);
  });

  test('whose patience ends says ErrMaybe, and sends nothing more', async () => {
    const script = { losses: Infinity, reply: undefined };
    const { result, requests, endMs } = await course(script, put, { patienceMs: 250 });
    expect(result).toBe('ErrMaybe');
    // Lost at 2, 104, 206 and 308 ms: the first loss after 250 ms is the last.
    expect([requests.length, endMs]).toEqual([4, 308]);
  });

  test('without any patience asks once', async () => {
    const script = { losses: 1, reply: { err: 'OK' } };
    const { result, requests } = await course(script, put, { patienceMs: 0 });
    expect([result, requests.length]).toEqual(['ErrMaybe', 1]);
  });

  test('that is answered in time is not touched by its patience', async () => {
    const script = { losses: 2, reply: { err: 'ErrVersion' } };
    const { result, requests } = await course(script, put, { patienceMs: 250 });
    expect([result, requests.length]).toEqual(['ErrMaybe', 3]);
  });

  test('counts the losses of its own requests only', async () => {
    const script = { losses: 2, reply: { err: 'ErrVersion' } };
    const { result } = await course(script, async (clerk) => [
      await clerk.put('k', 'v', 1),
      await clerk.put('k', 'v', 2),
    ]);
    expect(result).toEqual(['ErrMaybe', 'ErrVersion']);
  });
});

describe('a get', () => {
  test('asks until it is answered, whatever the patience for puts', async () => {
    for (const reply of [
      { value: 'x', version: 4, err: 'OK' },
      { value: '', version: 0, err: 'ErrNoKey' },
    ]) {
      const { result, requests } = await course({ losses: 20, reply }, get, { patienceMs: 5 });
      expect(result).toEqual(reply);
      expect(requests).toHaveLength(21);
      expect(requests[20]).toEqual(['get', { key: 'k' }, 20 * 102]);
    }
  });
});
