import { describe, expect, test } from 'vitest';
import { nodeHost } from '../scenarios/runner/node-host.ts';
import { World, type Env, type WorldPlan } from '../sim/index.ts';
import { fileServer, remoteFiles, sharedFiles, type Files } from './index.ts';

type Kind = 'shared' | 'remote';

/** Runs workers on one file system; all of a crash comes to at most what was durable. */
async function together(
  kind: Kind,
  programs: Readonly<Record<string, (files: Files, env: Env) => Promise<void>>>,
  plan: Partial<WorldPlan> = {},
): Promise<World> {
  const world = new World(1, { host: nodeHost(), plan: { disk: 'lossy', ...plan } });
  const at = { disk: 'files' };
  if (kind === 'remote') world.addNode('server', (env) => env.serve(fileServer(env)), at);
  for (const [id, program] of Object.entries(programs)) {
    const files = (env: Env): Files =>
      kind === 'shared' ? sharedFiles(env) : remoteFiles(env, env.peer('server'));
    world.addNode(id, (env) => program(files(env), env), kind === 'shared' ? at : {});
  }
  await world.run({ untilMs: 60_000 });
  expect(world.failure).toBeUndefined();
  return world;
}

const outputOf = (world: World): unknown =>
  world.disk(world.nodeIds()[0]!).files.get('out')?.content;

describe.each<Kind>(['shared', 'remote'])('%s files', (kind) => {
  test('of two who commit one name the first one has it', async () => {
    const got: string[] = [];
    const commit =
      (what: string, afterMs: number) =>
      async (files: Files, env: Env): Promise<void> => {
        await files.write(`tmp-${what}`, what);
        await env.sleep(afterMs);
        if (await files.commit(`tmp-${what}`, 'out')) got.push(what);
      };
    const world = await together(kind, { a: commit('late', 20), b: commit('early', 10) });

    expect(got).toEqual(['early']);
    expect(outputOf(world)).toBe('early');
  });

  test('a file that is not there has no content', async () => {
    const read: unknown[] = [];
    await together(kind, {
      a: async (files) => {
        read.push(await files.read('out'));
        await files.write('tmp', '');
        await files.commit('tmp', 'out');
        read.push(await files.read('out'), await files.read('tmp'));
      },
    });

    expect(read).toEqual([undefined, '', undefined]);
  });

  test('whoever sees a committed file sees it for ever, crash or no crash', async () => {
    const seen: unknown[] = [];
    await together(
      kind,
      {
        a: async (files, env) => {
          if (env.incarnation > 1) return;
          await files.write('tmp', 'whole');
          await files.commit('tmp', 'out');
          env.point('committed');
          await env.sleep(1000);
        },
        b: async (files, env) => {
          for (let i = 0; i < 30; i++) {
            seen.push(await files.read('out'));
            await env.sleep(2);
          }
        },
      },
      {
        faults: [
          { id: 'c', kind: 'crash-point', atMs: 0, node: 'a', point: 'committed', downMs: 5 },
        ],
      },
    );
    const first = seen.indexOf('whole');

    expect(first).toBeGreaterThan(-1);
    expect(new Set(seen.slice(first))).toEqual(new Set(['whole']));
  });
});

test('a commit whose answer is lost is still known to be the first, and happens once', async () => {
  let answers: boolean[] = [];
  const override = { link: 'server>a', type: 'commit.reply', n: 0, fate: 'drop' } as const;
  const world = await together(
    'remote',
    {
      a: async (files) => {
        await files.write('tmp', 'whole');
        answers = [await files.commit('tmp', 'out')];
      },
    },
    { overrides: [override] },
  );

  expect(world.network.overrides.unmatched).toBe(0);
  expect(answers).toEqual([true]);
  expect(outputOf(world)).toBe('whole');
});
