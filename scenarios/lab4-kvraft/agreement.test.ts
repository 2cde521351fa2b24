import { expect, test } from 'vitest';
import { z } from 'zod';
import type { ReplicatedKvLayers } from '../../kvsrv/index.ts';
import { defineScenario } from '../define/scenario.ts';
import type { Tester } from '../define/tester.ts';
import { userModules } from '../node-catalogue.ts';
import { loadUserCode, packageFile } from '../runner/node-user-code.ts';
import { runScenario } from '../testing/run-scenario.ts';
import { addServers, chaosFields, finishAndAgree, leader, type RunParams } from './chaos-run.ts';
import { addRecordedClerk, replicatedKvLayers } from './cluster.ts';

const DOWN_MS = 500;

type Run = Tester<RunParams, ReplicatedKvLayers>;

/**
 * The leader crashes when it has answered the first read, before anybody else knows that the read
 * is committed. Its successor commits it only with an entry of its own term (§5.4.2).
 */
const overTheLastRead = defineScenario({
  name: 'test/over-the-last-read',
  description: 'the leader changes over the last read',
  params: z.object({ ...chaosFields, servers: z.int().default(3), clients: z.int().default(0) }),
  layers: replicatedKvLayers,
  setup: (t) => void addServers(t),
  async run(t: Run) {
    const stage = { isDown: false };
    const agreed = finishAndAgree(
      t,
      () => ['k'],
      (tester, env, servers) => {
        const clerk = addRecordedClerk(tester, env, servers);
        if (env.id !== 'reader0') return clerk;
        return {
          ...clerk,
          async get(key) {
            const reply = await clerk.get(key);
            const atMs = t.world.now();
            t.world.begin({ id: 'crash', kind: 'crash', atMs, node: leader(t)! });
            stage.isDown = true;
            return reply;
          },
        };
      },
    );
    while (!stage.isDown) await t.sleep(10);
    await t.sleep(DOWN_MS);
    t.world.lift('crash');
    await agreed;
  },
});

test.each([
  { whose: 'our service', file: undefined },
  { whose: 'the independent service', file: 'examples/kvraft-async.ts' },
])('a leader that changes over the last read is no disagreement: $whose', async ({ file }) => {
  const layers =
    file === undefined ? {} : (await loadUserCode(packageFile(file), userModules)).evaluate();
  for (let seed = 1; seed <= 5; seed++) {
    const { result, history } = await runScenario(overTheLastRead, seed, { layers });

    expect(result).toMatchObject({ verdict: 'pass', activity: { crashes: 1 } });
    // One read is not enough.
    expect(new Set(history.map(({ client }) => client)).size).toBeGreaterThan(1);
  }
});
