import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { makeRaft, type MakeRaft, type Raft, type RaftLayers } from '../../raft/index.ts';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import type { Tester } from '../define/tester.ts';
import { runScenario } from '../testing/run-scenario.ts';
import { Cluster, raftLayers } from './cluster.ts';

type Run = Tester<unknown, RaftLayers>;

/** A cluster at whose end somebody looks. */
function lookingAt(look: (t: Run, cluster: Cluster<unknown>) => Promise<void> | void): Scenario {
  let cluster: Cluster<unknown>;
  return defineScenario({
    name: 'test/cluster',
    description: 'three servers for a moment',
    params: z.object({}),
    layers: raftLayers,
    setup: (t) => void (cluster = new Cluster<unknown>(t, { servers: 3 })),
    run: (t) => Promise.resolve(look(t, cluster)),
  });
}

/** Ours, but it may leave promises behind, and says so by saying nothing. */
const promising: MakeRaft = (...args) => makeRaft(...args);

describe('whether servers are synchronous', () => {
  const whose = [
    { who: 'ours', layers: undefined, isSynchronous: true },
    { who: 'one that declares nothing', layers: { makeRaft: promising }, isSynchronous: false },
    {
      who: 'one that declares it',
      layers: { makeRaft: Object.assign(promising.bind(undefined), { isSynchronous: true }) },
      isSynchronous: true,
    },
    { who: 'a file without this layer', layers: { makeKvServer: 1 }, isSynchronous: true },
  ];

  test.each(whose)('is for $who to say', async ({ layers, isSynchronous }) => {
    const seen: unknown[] = [];
    const scenario = lookingAt((t, { ids }) => {
      for (const id of ids) seen.push(t.world.machine(id).life?.synchronous);
    });
    const { result } = await runScenario(scenario, 1, { layers });

    expect(result.verdict).toBe('pass');
    expect(seen).toEqual([isSynchronous, isSynchronous, isSynchronous]);
  });
});

test('what an implementation declares is evaluated once, beside those of its nodes', async () => {
  let evaluated = 0;
  const evaluate = (): RaftLayers => {
    evaluated++;
    return { makeRaft: promising };
  };
  const scenario = lookingAt(async (t, cluster) => {
    await t.sleep(1);
    cluster.crash(0);
    cluster.restart(0);
    await t.sleep(1);
    expect(t.declaredLayers()).toBe(t.declaredLayers());
  });
  const { result } = await runScenario(scenario, 1, {
    implementation: { name: 'counted', evaluate },
  });

  expect(result.verdict).toBe('pass');
  // Once for all, and once for each of four lives.
  expect(evaluated).toBe(5);
});

describe('an implementation that is no Raft is told what it lacks', () => {
  const ofRaft = (change: (own: Raft) => unknown): RaftLayers => ({
    makeRaft: ((...args) => change(makeRaft(...args))) as MakeRaft,
  });
  const wanted = 'makeRaft must return {start, getState, snapshot, handlers}';

  test.each([
    ['nothing', ofRaft(() => undefined), `${wanted}, not undefined`],
    ['a promise', ofRaft(async (own) => own), `${wanted}: no start`],
    ['no getState', ofRaft(({ start }) => ({ start })), `${wanted}: no getState`],
    ['no handlers', ofRaft((own) => ({ ...own, handlers: undefined })), `${wanted}: no handlers`],
    [
      'no state',
      ofRaft((own) => ({ ...own, getState: () => undefined })),
      'getState() must return {term, isLeader}, not undefined',
    ],
  ])('%s', async (_, layers, message) => {
    const scenario = lookingAt(async (t, cluster) => {
      await t.sleep(1000);
      await cluster.state(0);
    });
    const { result } = await runScenario(scenario, 1, { layers });

    expect([result.verdict, result.reason]).toEqual(['crash', `TypeError: ${message}`]);
  });
});
