import { z } from 'zod';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import { kvIsLinearizable } from './checks.ts';
import { phaseFields, settableMs } from '../define/phases.ts';
import { BUDGET, drawChaos, drawCrashPoints } from './chaos-plan.ts';
import { addRecordedClerk, addServer, kvLayers } from './cluster.ts';
import { drawGetsAndPuts, getAndPut } from './get-and-put.ts';
import { clientSettings, kvIntent } from './intents.ts';
import { keysOf, readBack } from './read-back.ts';
import { chaosProbes, finishAfterHealing } from './chaos-run.ts';

const params = z.object({
  clients: z.int().min(1).max(50).default(5).describe('number of clients'),
  keys: z.int().min(1).default(3).describe('number of keys'),
  operations: z.int().min(1).default(40).describe('gets and puts of each client'),
  thinkMs: settableMs(0, 60, 'longest pause between two operations'),
  ...phaseFields,
});

/** What tells one chaos of this service from another. */
type Own = Pick<Scenario, 'name' | 'description' | 'probes' | 'atLeast'> & {
  readonly draw: typeof drawChaos;
};

function kvScenario({ draw, ...own }: Own): Scenario {
  return defineScenario({
    ...own,
    lab: 2,
    params,
    layers: kvLayers,
    budget: ({ safetyOnly }) => (safetyOnly ? undefined : BUDGET),
    checks: [kvIsLinearizable],
    plan: (stream, drawn) => draw(stream, drawn, (random) => drawGetsAndPuts(random, drawn)),
    setup(t) {
      addServer(t);
      for (const client of t.clients) {
        const intents = t.intentsOf(client, kvIntent);
        const settings = t.settingsOf(client, clientSettings);
        t.addClient(client.id, async (env) => {
          const clerk = addRecordedClerk(t, env, settings);
          await getAndPut(env, clerk, intents);
        });
      }
    },
    async run(t) {
      await finishAfterHealing(t);
      if (!t.params.safetyOnly)
        await readBack(t, keysOf(t.history.lines), (env) => addRecordedClerk(t, env));
    },
  });
}

/**
 * Beyond the official tests: clients with think time on a few keys, while the server crashes and
 * recovers from its disk, clients are cut off, and requests arrive after their clerk has given up.
 */
export const kvChaos: Scenario = kvScenario({
  name: 'kv/chaos',
  description: 'server crashes, partitions, late requests; then the world heals, and all must end',
  atLeast: { operations: 150, 'under faults': 10, crashes: 1 },
  probes: [...chaosProbes, { name: 'a put answered ErrMaybe', within: 20 }],
  draw: drawChaos,
});

/**
 * Nothing but crashes, each life of the server ending at some step of its code: what is answered
 * before it is kept, or kept in two steps, is found out.
 */
export const kvCrashPoints: Scenario = kvScenario({
  name: 'kv/crash-points',
  description: 'the server crashes again and again, before or after some step of its code',
  atLeast: { operations: 150, 'under faults': 10, crashes: 5 },
  probes: [{ name: 'a crash point was reached', within: 5 }],
  draw: drawCrashPoints,
});
