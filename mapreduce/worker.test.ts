import { describe, expect, test } from 'vitest';
import { nodeHost } from '../scenarios/runner/node-host.ts';
import { World, type Peer } from '../sim/index.ts';
import { decodeInto, encode, type Groups } from './pairs.ts';
import { makeWorker, sharedFiles, wordCount, type Application } from './index.ts';

/** What a coordinator answers to the n-th request of a kind; undefined = nothing. */
interface Script {
  readonly assign: readonly (object | undefined)[];
  readonly complete?: readonly (object | undefined)[];
  /** Answers to questions for changes; the last one for all that follow. */
  readonly changes?: readonly (object | undefined)[];
  /** Who reads this worker's disk; default: somebody who reads that of others, too. */
  readonly holder?: string;
  readonly app?: Application;
  /** Files that are there from the start. */
  readonly files?: Readonly<Record<string, string>>;
  /** What other holders answer to a fetch. */
  readonly fetch?: (holder: string, args: unknown) => unknown;
}

interface Course {
  readonly requests: { method: string; args: unknown; atMs: number }[];
  readonly files: Readonly<Record<string, string>>;
  readonly hasLeft: boolean;
  readonly failure: string | undefined;
}

/** A worker whose coordinator answers by a script, and at last that the job is done. */
async function course(script: Script): Promise<Course> {
  const { holder = 'all', app = wordCount } = script;
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
      if (method === 'changes') return script.changes?.[Math.min(n, script.changes.length - 1)];
      return method === 'complete' && script.complete !== undefined
        ? script.complete[n]
        : { isFirst: true };
    });
    await makeWorker(
      env,
      {
        coordinator,
        peer: (id) =>
          id === holder ? undefined : peer(id, (_method, args) => script.fetch?.(id, args)),
        input: () => Promise.resolve('b a b'),
        files: sharedFiles(env),
        holder,
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
const reduce = (...holders: string[]): object => {
  return { kind: 'reduce', task: 1, attempt: 9, asOf: 2, holders };
};
/** Two map tasks are done. */
const changes = {
  asOf: 2,
  changes: [
    { at: 1, output: { map: 0, attempt: 2, worker: 'w' }, counts: true },
    { at: 2, output: { map: 1, attempt: 5, worker: 'v' }, counts: true },
  ],
};
/** Throws on every line. */
const failing: Application = {
  ...wordCount,
  map(_file, content) {
    if (content === '') return [];
    throw new Error('no such word');
  },
};
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
    const groups: Groups = new Map();
    for (const name of names) decodeInto(groups, run.files[name]!);
    expect(groups).toEqual(
      new Map([
        ['a', ['1']],
        ['b', ['2']],
      ]),
    );
    expect(run.requests[1]).toMatchObject({
      method: 'complete',
      args: { kind: 'map', task: 3, attempt: 7, worker: 'w', holder: 'all' },
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
    const split = { file: 'f', from: 10, to: 20 };
    const { failure } = await course({ assign: [{ ...map, split }], app: failing });

    expect(failure).toContain('map of f, bytes 10 to 20, line 1 of it: no such word');
  });

  test('tells of the lines with its last gasp, and works on, if lines may be skipped', async () => {
    const run = await course({ assign: [{ ...map, skip: [] }], app: failing });

    expect(run.requests[1]).toMatchObject({
      method: 'gasp',
      args: { kind: 'map', task: 3, attempt: 7, records: [0] },
    });
    expect(methods(run)).toEqual(['assign', 'gasp', 'assign']);
    expect(Object.keys(run.files)).toEqual([]);
  });

  test('leaves out the lines that it is told to', async () => {
    const run = await course({ assign: [{ ...map, skip: [0] }], app: failing });

    expect(methods(run)).toEqual(['assign', 'complete', 'assign']);
    expect(run.files['mr-3-0.7']).toBe(encode([]));
  });
});

describe('a reduce task', () => {
  const pairs = (...keys: string[]): string => encode(keys.map((key) => [key, ['1']]));

  test('sorts and joins what the map tasks have for it, from the shared disk', async () => {
    const files = { 'mr-0-1.2': pairs('b', 'a'), 'mr-1-1.5': pairs('b'), 'mr-1-1.4': pairs('c') };
    const run = await course({ assign: [reduce('all')], changes: [changes], files });

    expect(run.files['mr-out-1']).toBe('a 1\nb 2\n');
    expect(methods(run)).toEqual(['assign', 'changes', 'complete', 'assign']);
    expect(run.requests[2]).toMatchObject({ args: { kind: 'reduce', attempt: 9 } });
  });

  test('asks once for what has changed, and only for that the next time', async () => {
    const later = { at: 3, output: { map: 1, attempt: 5, worker: 'v' }, counts: false };
    const again = { at: 4, output: { map: 1, attempt: 6, worker: 'v' }, counts: true };
    const next = { ...reduce('all'), task: 0, attempt: 10, asOf: 4 };
    const files = { 'mr-0-1.2': pairs('b'), 'mr-1-1.5': pairs('a'), 'mr-0-0.2': pairs('c') };
    const run = await course({
      assign: [reduce('all'), reduce('all'), next],
      changes: [changes, { asOf: 4, changes: [later, again] }],
      files: { ...files, 'mr-1-0.6': pairs('d') },
    });

    const asked = run.requests.filter(({ method }) => method === 'changes');
    expect(asked.map(({ args }) => args)).toEqual([
      { holder: 'all', known: 0 },
      { holder: 'all', known: 2 },
    ]);
    expect(run.files['mr-out-0']).toBe('c 1\nd 1\n');
  });

  test('is left to others if the coordinator does not say what counts', async () => {
    const run = await course({ assign: [reduce('all')], changes: [undefined] });

    expect(methods(run)).toEqual(['assign', 'changes', 'assign']);
  });

  test('fetches it from other holders, each once', async () => {
    const run = await course({
      holder: 'w',
      assign: [reduce('w', 'other')],
      changes: [{ asOf: 2, changes: changes.changes.slice(0, 1) }],
      files: { 'mr-0-1.2': pairs('b') },
      fetch: () => ({ contents: [pairs('a', 'b'), pairs('a')] }),
    });

    expect(run.files['mr-out-1']).toBe('a 2\nb 2\n');
    const fetches = run.requests.filter(({ method }) => method === 'other.fetch');
    expect(fetches.map(({ args }) => args)).toEqual([{ reduce: 1, asOf: 2 }]);
  });

  test.each([
    ['answers no more', undefined, 5, {}],
    ['cannot tell what it holds', {}, 5, {}],
    ['has lost it', { gone: [5] }, 1, { gone: [5] }],
  ])('tells the coordinator if another holder %s', async (_why, answer, fetches, told) => {
    const run = await course({ holder: 'w', assign: [reduce('other')], fetch: () => answer });

    expect(methods(run).filter((method) => method === 'other.fetch')).toHaveLength(fetches);
    const lost = run.requests.filter(({ method }) => method === 'lost');
    const losses = [{ holder: 'other', ...told }];
    const args = { kind: 'reduce', task: 1, attempt: 9, asOf: 2, losses };
    expect(lost.map((request) => request.args)).toEqual([args]);
    expect(methods(run)).not.toContain('complete');
    expect(Object.keys(run.files)).not.toContain('mr-out-1');
  });

  test('tells the coordinator of all that is gone at once', async () => {
    const fetch = (holder: string): unknown =>
      holder === 'u' ? { contents: [] } : { gone: [holder.length] };
    const run = await course({ holder: 'w', assign: [reduce('x', 'u', 'yy')], fetch });

    const lost = run.requests.filter(({ method }) => method === 'lost');
    const { losses } = lost[0]!.args as { losses: unknown };
    const both = [
      { holder: 'x', gone: [1] },
      { holder: 'yy', gone: [2] },
    ];
    expect(losses).toEqual(expect.arrayContaining(both));
    expect(lost).toHaveLength(1);
  });

  test('tells the coordinator if its own disk has lost something', async () => {
    const files = { 'mr-0-1.2': pairs('b') };
    const run = await course({ assign: [reduce('all')], changes: [changes], files });

    const lost = run.requests.filter(({ method }) => method === 'lost');
    expect(lost.map(({ args }) => args)).toMatchObject([
      { losses: [{ holder: 'all', gone: [5] }] },
    ]);
  });

  test('leaves an output alone that somebody has made before, and reports it', async () => {
    const files = { 'mr-0-1.2': pairs('b'), 'mr-1-1.5': pairs('b'), 'mr-out-1': 'made before' };
    const run = await course({ assign: [reduce('all')], changes: [changes], files });

    expect(run.files['mr-out-1']).toBe('made before');
    expect(methods(run)).toContain('complete');
  });

  test('does not go on with a file that is not whole', async () => {
    const torn = pairs('a', 'b').slice(0, 9);
    const files = { 'mr-0-1.2': torn, 'mr-1-1.5': pairs('a') };
    const run = await course({ assign: [reduce('all')], changes: [changes], files });

    expect(run.failure).toContain('not whole');
  });
});

describe('a worker with a disk of its own', () => {
  test('hands out what it holds, what is gone, or nothing while it does not know', async () => {
    const world = new World(1, { host: nodeHost() });
    let isAnswering = false;
    world.addNode('coordinator', (env) => {
      env.serve({
        assign: () => ({ kind: 'wait' }),
        changes: async () => {
          if (isAnswering) return changes;
          return await new Promise(() => undefined);
        },
      });
    });
    world.addNode('w', async (env) => {
      env.disk.save('mr-0-1.2', encode([]));
      env.disk.save('mr-1-1.5', encode([]));
      env.disk.save('mr-0-0.2', encode([]));
      const coordinator: Peer = {
        ...env.peer('coordinator'),
        id: 'coordinator',
        call: (method, args) => env.call('coordinator', method, args, { timeoutMs: 20 }),
      };
      const host = { coordinator, peer: (id: string) => env.peer(id), holder: 'w' };
      const input = (): Promise<string> => Promise.resolve('');
      await makeWorker(env, { ...host, input, files: sharedFiles(env) }, wordCount);
    });
    const replies: unknown[] = [];
    world.addNode('reader', async (env) => {
      const fetch = (reduce: number): Promise<unknown> =>
        env.call('w', 'fetch', { reduce, asOf: 2 });
      // Two at a time: one question of theirs goes to the coordinator.
      replies.push(...(await Promise.all([fetch(1), fetch(1)])));
      isAnswering = true;
      replies.push(await fetch(1), await fetch(0));
    });
    await world.run({ untilMs: 2000 });

    const whole = { contents: [encode([]), encode([])] };
    expect(replies).toEqual([{}, {}, whole, { gone: [5] }]);
    expect(world.network.counters.byType.get('changes')).toBe(2);
  });
});
