import { z } from 'zod';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import { phaseFields, settableMs } from '../define/phases.ts';
import { BUDGET, drawChaos } from './chaos-plan.ts';
import { chaosProbes, finishAfterHealing } from './chaos-run.ts';
import { lockIsExclusive } from './checks.ts';
import { addClerk, addServer, kvLayers } from './cluster.ts';
import { clientSettings, holdIntent } from './intents.ts';
import { drawHolderPauses, drawHolds, holdInTurn } from './hold-in-turn.ts';
import { holder } from './recorded-lock.ts';

/**
 * Locks beyond the official tests: several names, held one inside the other, through clerks that
 * sometimes give up, while the server crashes and clients are cut off.
 */
export const lockChaos: Scenario = defineScenario({
  name: 'lock/chaos',
  lab: 2,
  description: 'nested locks under server crashes, partitions and clerks that give up',
  params: z.object({
    clients: z.int().min(1).max(50).default(6).describe('number of clients'),
    locks: z.int().min(1).default(2).describe('number of lock names'),
    rounds: z.int().min(1).default(6).describe('how often each client takes locks'),
    holdMs: settableMs(0, 20, 'longest time inside'),
    ...phaseFields,
    convergeMs: settableMs(1, 60_000, 'time to finish after healing'),
  }),
  layers: kvLayers,
  budget: ({ safetyOnly }) => (safetyOnly ? undefined : BUDGET),
  checks: [lockIsExclusive],
  atLeast: { operations: 50, 'under faults': 5, crashes: 1 },
  probes: [...chaosProbes, { name: 'a lock was acquired', within: 1 }],
  selectors: { holder },
  plan(stream, params) {
    const drawn = drawChaos(stream, params, (random) => drawHolds(random, params));
    return { ...drawn, faults: [...(drawn.faults ?? []), ...drawHolderPauses(stream, params)] };
  },
  setup(t) {
    addServer(t);
    for (const client of t.clients) {
      const intents = t.intentsOf(client, holdIntent);
      const settings = t.settingsOf(client, clientSettings);
      t.addClient(client.id, async (env) => {
        const clerk = addClerk(t, env, settings);
        await holdInTurn(t, env, clerk, intents);
      });
    }
  },
  run: (t) => finishAfterHealing(t),
});
