import { z } from 'zod';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import { kvIsLinearizable } from './checks.ts';
import { phaseFields, settableMs } from '../define/phases.ts';
import { BUDGET, drawChaos } from './chaos-plan.ts';
import { addRecordedClerk, addServer, kvLayers } from './cluster.ts';
import { drawGetsAndPuts, getAndPut } from './get-and-put.ts';
import { clientSettings, kvIntent } from './intents.ts';
import { keysOf, readBack } from './read-back.ts';
import { chaosProbes, finishAfterHealing } from './chaos-run.ts';

/**
 * Beyond the official tests: clients with think time on a few keys, while the server crashes and
 * recovers from its disk, clients are cut off, and requests arrive after their clerk has given up.
 */
export const kvChaos: Scenario = defineScenario({
  name: 'kv/chaos',
  lab: 2,
  description: 'server crashes, partitions, late requests; then the world heals, and all must end',
  params: z.object({
    clients: z.int().min(1).max(50).default(5).describe('number of clients'),
    keys: z.int().min(1).default(3).describe('number of keys'),
    operations: z.int().min(1).default(40).describe('gets and puts of each client'),
    thinkMs: settableMs(0, 60, 'longest pause between two operations'),
    ...phaseFields,
  }),
  layers: kvLayers,
  budget: ({ safetyOnly }) => (safetyOnly ? undefined : BUDGET),
  checks: [kvIsLinearizable],
  atLeast: { operations: 150, 'under faults': 10, crashes: 1 },
  probes: [...chaosProbes, { name: 'a put answered ErrMaybe', within: 20 }],
  plan: (stream, params) => drawChaos(stream, params, (random) => drawGetsAndPuts(random, params)),
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
