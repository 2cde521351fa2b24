import { z } from 'zod';
import { openMaybe, versionedKvModel } from '../../porcupine-ts/index.ts';
import { linearizable } from '../checks/linearizable.ts';
import type { Check } from '../define/check.ts';
import { settableMs } from '../define/phases.ts';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import { drawGetsAndPuts, getAndPut } from '../lab2-kv/get-and-put.ts';
import { clientSettings, kvIntent } from '../lab2-kv/intents.ts';
import { canGiveUp } from '../lab2-kv/patience.ts';
import { keysOf } from '../lab2-kv/read-back.ts';
import { drawChaos } from './chaos-plan.ts';
import {
  addServers,
  chaosFields,
  chaosProbes,
  finishAndAgree,
  isOver,
  leader,
} from './chaos-run.ts';
import { addRecordedClerk, replicatedKvLayers } from './cluster.ts';

/**
 * ErrMaybe is read strictly, with the put carried out or refused before its clerk returned, however
 * late requests arrive. For a clerk that does not give up was told of a refusal, so that the key
 * had another version; and since clients put at versions that the key has, or had before, it was a
 * later one, at which no other attempt can write any more. Of a clerk that gave up nobody knows.
 */
export const chaosIsLinearizable: Check = linearizable(versionedKvModel, {
  name: 'linearizable',
  description: 'all answers are those of one versioned map, each at one instant of its call',
  reading({ plan }) {
    const open = new Set(plan.clients.filter(canGiveUp).map(({ id }) => id));
    return (operation) =>
      open.has(String(operation.clientId)) ? (openMaybe([operation])[0] ?? operation) : operation;
  },
});

/** One hot key, a few, or many. */
const KEYS = [1, 3, 30];

/** Free chaos on a key/value service of so many servers. */
export function kvRaftChaos(servers: number): Scenario {
  return defineScenario({
    name: `kvraft/chaos-${servers}`,
    lab: 4,
    description: `gets and puts on ${servers} servers, all faults; then all must end, and agree`,
    params: z.object({
      servers: z.int().min(1).max(9).default(servers).describe('number of servers'),
      clients: z.int().min(1).max(50).default(5).describe('number of clients'),
      keys: z.int().min(0).default(0).describe('number of keys; 0 = drawn: 1, 3 or 30'),
      operations: z
        .int()
        .min(1)
        .max(10_000)
        .default(600)
        .describe('most gets and puts of each client'),
      thinkMs: settableMs(0, 20, 'longest pause between two operations'),
      ...chaosFields,
    }),
    layers: replicatedKvLayers,
    checks: [chaosIsLinearizable],
    atLeast: {
      operations: 300,
      'under faults': 150,
      leaders: 3,
      crashes: 2,
      'snapshots taken': 20,
      'snapshots installed': 1,
      ErrMaybe: 3,
    },
    probes: [...chaosProbes, { name: 'a put answered ErrMaybe', within: 10 }],
    sizes: ['servers'],
    selectors: { leader },
    plan(stream, params) {
      const drawn = stream('keys').pick(KEYS);
      const what = { ...params, keys: params.keys === 0 ? drawn : params.keys };
      return drawChaos(stream, params, (random) => drawGetsAndPuts(random, what));
    },
    setup(t) {
      const { ids } = addServers(t);
      for (const client of t.clients) {
        const intents = t.intentsOf(client, kvIntent);
        const settings = t.settingsOf(client, clientSettings);
        t.addClient(client.id, async (env) => {
          await getAndPut(env, addRecordedClerk(t, env, ids, settings), intents, isOver(t));
        });
      }
    },
    run: (t) => finishAndAgree(t, () => keysOf(t.history.lines), addRecordedClerk),
  });
}
