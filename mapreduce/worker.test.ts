import { describe, expect, test } from 'vitest';
import { nodeHost } from '../scenarios/runner/node-host.ts';
import { World, type Peer } from '../sim/index.ts';
import { decode, encode } from './pairs.ts';
import {
  makeWorker,
  sharedFiles,
  wordCount,
  type Application,
  type Intermediate,
} from './index.ts';

/** What a coordinator answers to the n-th request of a kind; undefined = nothing. */
interface Script {
  readonly assign: readonly (object | undefined)[];
  readonly complete?: readonly (object | undefined)[];
  readonly intermediate?: Intermediate;
  readonly app?: Application;
  /** Files that are there from the start. */
  readonly files?: Readonly<Record<string, string>>;
  /** What other workers answer to a fetch. */
  readonly fetch?: (worker: string, args: unknown) => unknown;
}

interface Course {
  readonly requests: { method: string; args: unknown; atMs: number }[];
  readonly files: Readonly<Record<string, string>>;
  readonly hasLeft: boolean;
  readonly failure: string | undefined;
}

/** A worker whose coordinator answers by a script, and at last that the job is done. */
async function course(script: Script): Promise<Course> {
  const { intermediate = 'shared', app = wordCount } = script;
  const world = new World(1, { host: nodeHost(), plan: { disk: 'lossy' } });
  const requests: Course['requests'] = [];
  const asked = new Map<string, number>();
  let hasLeft = false;
  world.addNode('w', async (env) => {
    for (const [name, content] of Object.entries(script.files ?? {})) env.disk.save(name, content);
    const peer = (id: string, answer: (method: string, args: unknown) => unknown): Peer => ({
      ...env.peer(id),
      id,
      async call(method, args) {
        requests.push({
          method: id === 'coordinator' ? method : `${id}.${method}`,
          args,
          atMs: env.now(),
        });
        await env.sleep(1);
        return answer(method, args);
      },
    });
    const coordinator = peer('coordinator', (method) => {
      const n = asked.get(method) ?? 0;
      asked.set(method, n + 1);
      if (method === 'assign')
        return n < script.assign.length ? script.assign[n] : { kind: 'exit' };
      return method === 'complete' && script.complete !== undefined
        ? script.complete[n]
        : { isFirst: true };
    });
    await makeWorker(
      env,
      {
        coordinator,
        peer: (id) => peer(id, (_method, args) => script.fetch?.(id, args)),
        input: () => Promise.resolve('b a b'),
        files: sharedFiles(env),
        intermediate,
      },
      app,
    );
    hasLeft = true;
  });
  await world.run({ untilMs: 60_000 });
  // What a crash leaves is what was durable.
  world.crash('w');
  const files = [...world.disk('w').files].map(([name, { content }]) => [name, String(content)]);
  const failure = world.failure?.message;
  return { requests, files: Object.fromEntries(files) as Course['files'], hasLeft, failure };
}

const map = { kind: 'map', task: 3, attempt: 7, split: { file: 'f' }, reduces: 2 };
const reduce = (outputs: object[]): object => ({ kind: 'reduce', task: 1, attempt: 9, outputs });
const methods = ({ requests }: Course): string[] => requests.map(({ method }) => method);

describe('a worker', () => {
  test('leaves when the job is done, and asks again until then', async () => {
    const run = await course({ assign: [undefined, { kind: 'wait' }, undefined] });

    expect(methods(run)).toEqual(['assign', 'assign', 'assign', 'assign']);
    expect(run.requests.map(({ args }) => args)).toContainEqual({ worker: 'w' });
    expect(run.hasLeft).toBe(true);
    const pauses = run.requests.slice(1).map(({ atMs }, i) => atMs - run.requests[i]!.atMs);
    for (const ms of pauses) expect(ms).toBeGreaterThanOrEqual(50);
  });

  test('leaves the output of a map task in files of its attempt, durably', async () => {
    const run = await course({ assign: [map] });
    const names = Object.keys(run.files);

    expect(names).toEqual(['mr-3-0.7', 'mr-3-1.7']);
    expect(names.flatMap((name) => decode(run.files[name]!))).toEqual(
      expect.arrayContaining([
        { key: 'a', value: '1' },
        { key: 'b', value: '2' },
      ]),
    );
    expect(run.requests[1]).toMatchObject({
      method: 'complete',
      args: { kind: 'map', task: 3, attempt: 7, worker: 'w' },
    });
  });

  test('tells of a completion until it is heard', async () => {
    const run = await course({
      assign: [map],
      complete: [undefined, undefined, { isFirst: true }],
    });

    expect(methods(run)).toEqual(['assign', 'complete', 'complete', 'complete', 'assign']);
  });

  test('gives up telling after some time, and works on', async () => {
    const run = await course({
      assign: [map],
      complete: Array.from({ length: 99 }, () => undefined),
    });

    expect(methods(run).filter((method) => method === 'complete')).toHaveLength(20);
    expect(run.hasLeft).toBe(true);
  });

  test('stops with file and place when the application throws', async () => {
    const app: Application = {
      ...wordCount,
      map() {
        throw new Error('no such word');
      },
    };
    const split = { file: 'f', from: 10, to: 20 };
    const { failure } = await course({ assign: [{ ...map, split }], app });

    expect(failure).toContain('map of f, bytes 10 to 20: no such word');
  });
});

describe('a reduce task', () => {
  const outputs = [
    { attempt: 2, worker: 'w' },
    { attempt: 5, worker: 'other' },
  ];
  const pairs = (...keys: string[]): string => encode(keys.map((key) => ({ key, value: '1' })));

  test('sorts and joins what the map tasks have for it, from the shared disk', async () => {
    const files = { 'mr-0-1.2': pairs('b', 'a'), 'mr-1-1.5': pairs('b'), 'mr-1-1.4': pairs('c') };
    const run = await course({ assign: [reduce(outputs)], files });

    expect(run.files['mr-out-1']).toBe('a 1\nb 2\n');
    expect(run.requests[1]).toMatchObject({
      method: 'complete',
      args: { kind: 'reduce', attempt: 9 },
    });
  });

  test('fetches it from other workers, where each has its own disk', async () => {
    const run = await course({
      intermediate: 'local',
      assign: [reduce(outputs)],
      files: { 'mr-0-1.2': pairs('b') },
      fetch: () => ({ content: pairs('a', 'b') }),
    });

    expect(run.files['mr-out-1']).toBe('a 1\nb 2\n');
    expect(run.requests[1]).toMatchObject({
      method: 'other.fetch',
      args: { map: 1, attempt: 5, reduce: 1 },
    });
  });

  test.each([
    ['answers no more', undefined, 5],
    ['has lost it', {}, 1],
  ])('tells the coordinator if another worker %s', async (_why, answer, fetches) => {
    const run = await course({
      intermediate: 'local',
      assign: [reduce(outputs)],
      files: { 'mr-0-1.2': pairs('b') },
      fetch: () => answer,
    });

    expect(methods(run).filter((method) => method === 'other.fetch')).toHaveLength(fetches);
    expect(run.requests).toContainEqual({
      method: 'lost',
      args: { kind: 'reduce', task: 1, attempt: 9, map: 1, mapAttempt: 5 },
      atMs: expect.any(Number),
    });
    expect(methods(run)).not.toContain('complete');
    expect(Object.keys(run.files)).not.toContain('mr-out-1');
  });

  test('leaves an output alone that somebody has made before, and reports it', async () => {
    const files = { 'mr-0-1.2': pairs('b'), 'mr-1-1.5': pairs('b'), 'mr-out-1': 'made before' };
    const run = await course({ assign: [reduce(outputs)], files });

    expect(run.files['mr-out-1']).toBe('made before');
    expect(methods(run)).toContain('complete');
  });

  test('does not go on with a file that is not whole', async () => {
    const torn = pairs('a', 'b').slice(0, 9);
    const run = await course({ assign: [reduce(outputs)], files: { 'mr-0-1.2': torn } });

    expect(run.failure).toContain('not whole');
  });
});
