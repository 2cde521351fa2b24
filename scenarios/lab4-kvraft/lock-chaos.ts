import { z } from 'zod';
import { lockRules } from '../../kvsrv/index.ts';
import { settableMs } from '../define/phases.ts';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import { lockIsExclusive } from '../lab2-kv/checks.ts';
import { drawHolderPauses, drawHolds, holdInTurn } from '../lab2-kv/hold-in-turn.ts';
import { clientSettings, holdIntent } from '../lab2-kv/intents.ts';
import { countedClerk } from '../lab2-kv/recorded-clerk.ts';
import { holder } from '../lab2-kv/recorded-lock.ts';
import { drawChaos } from './chaos-plan.ts';
import {
  addServers,
  chaosFields,
  chaosProbes,
  finishAndAgree,
  isOver,
  leader,
} from './chaos-run.ts';
import { addClerk, replicatedKvLayers } from './cluster.ts';

/** The locks of lab 2, kept by a replicated service: leaders change while they are held. */
export const replicatedLockChaos: Scenario = defineScenario({
  name: 'kvraft/lock-chaos',
  lab: 4,
  description: 'nested locks on a replicated service, under all faults, and clerks that give up',
  params: z.object({
    servers: z.int().min(1).max(9).default(5).describe('number of servers'),
    clients: z.int().min(1).max(50).default(6).describe('number of clients'),
    locks: z.int().min(1).default(2).describe('number of lock names'),
    rounds: z
      .int()
      .min(1)
      .max(10_000)
      .default(100)
      .describe('how often each client takes locks at most'),
    holdMs: settableMs(0, 20, 'longest time inside'),
    ...chaosFields,
    convergeMs: settableMs(1, 60_000, 'time to finish after healing'),
  }),
  layers: replicatedKvLayers,
  checks: [lockIsExclusive],
  atLeast: { operations: 80, 'under faults': 40, crashes: 2, leaders: 3, acquired: 40 },
  probes: [
    ...chaosProbes,
    { name: 'a lock was acquired', within: 1 },
    { name: 'a put answered ErrMaybe', within: 10 },
  ],
  sizes: ['servers'],
  selectors: { leader, holder },
  plan(stream, params) {
    const drawn = drawChaos(stream, params, (random) => drawHolds(random, params));
    return { ...drawn, faults: [...(drawn.faults ?? []), ...drawHolderPauses(stream, params)] };
  },
  setup(t) {
    const { ids } = addServers(t);
    for (const client of t.clients) {
      const intents = t.intentsOf(client, holdIntent);
      const settings = t.settingsOf(client, clientSettings);
      t.addClient(client.id, async (env) => {
        const clerk = countedClerk(t, addClerk(t, env, ids, settings));
        await holdInTurn(t, env, clerk, intents, isOver(t));
      });
    }
  },
  async run(t) {
    const locks = Array.from({ length: t.params.locks }, (_, i) => lockRules.keyOf(`l${i}`));
    await finishAndAgree(t, () => locks, addClerk);
  },
});
