import { z } from 'zod';
import {
  openMaybe,
  versionedKvModel,
  type VersionedKvOperation,
} from '../../porcupine-ts/index.ts';
import { profileByName } from '../../sim/index.ts';
import { linearizable } from '../checks/linearizable.ts';
import type { Check } from '../define/check.ts';
import { settableMs } from '../define/phases.ts';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import { drawGetsAndPuts, getAndPut } from '../lab2-kv/get-and-put.ts';
import { clientSettings, kvIntent } from '../lab2-kv/intents.ts';
import { canGiveUp } from '../lab2-kv/patience.ts';
import { keysOf } from '../lab2-kv/read-back.ts';
import {
  budgetOf,
  drawEverything,
  everythingFields,
  storageOf,
  zoneOf,
} from '../lab3-raft/everything-plan.ts';
import { everythingProbes, healNetwork, tellFaults } from '../lab3-raft/everything.ts';
import { Supervisor, supervisorOf } from '../lab3-raft/supervisor.ts';
import { drawClients } from './chaos-plan.ts';
import { addServers, chaosFields, finishAndAgree, isOver, leader } from './chaos-run.ts';
import { addRecordedClerk, replicatedKvLayers } from './cluster.ts';

/**
 * As in the other scenarios of lab 4; but a network that delivers requests twice also delivers the
 * refusal of a put's copy, which may come before the answer to the put itself. So a refusal says
 * nothing there of whether the put was carried out.
 */
const isLinearizable: Check = linearizable(versionedKvModel, {
  name: 'linearizable',
  description: 'all answers are those of one versioned map, each at one instant of its call',
  reading({ plan }) {
    const open = new Set(plan.clients.filter(canGiveUp).map(({ id }) => id));
    const isRepeating = profileByName(plan.profile).duplicatePpm > 0;
    return (operation) => {
      const read = isRepeating ? withoutRefusal(operation) : operation;
      const isOpen = isRepeating || open.has(String(operation.clientId));
      return isOpen ? (openMaybe([read])[0] ?? read) : read;
    };
  },
});

function withoutRefusal(operation: VersionedKvOperation): VersionedKvOperation {
  const { input, output } = operation;
  if (input.op !== 'put' || output?.err !== 'ErrVersion') return operation;
  return { ...operation, output: { ...output, err: 'ErrMaybe' } };
}

/** A replicated service under everything that the world has, within what a right one can bear. */
export const kvEverything: Scenario = defineScenario({
  name: 'kvraft/everything-5',
  lab: 4,
  description: 'gets and puts on 5 servers under all faults of network, disks and clocks',
  params: z.object({
    servers: z.int().min(1).max(9).default(5).describe('number of servers'),
    clients: z.int().min(1).max(50).default(5).describe('number of clients'),
    keys: z.int().min(0).default(3).describe('number of keys'),
    operations: z.int().min(1).default(300).describe('most gets and puts of each client'),
    thinkMs: settableMs(0, 50, 'longest pause between two operations'),
    maxRaftState: chaosFields.maxRaftState,
    ...everythingFields,
  }),
  layers: replicatedKvLayers,
  checks: [isLinearizable],
  atLeast: {
    operations: 120,
    'under faults': 50,
    crashes: 4,
    leaders: 2,
    'snapshots taken': 10,
    'snapshots installed': 1,
  },
  probes: everythingProbes,
  sizes: ['servers'],
  selectors: { leader },
  budget: budgetOf,
  plan: (stream, params) => ({
    ...drawEverything(stream, params),
    clients: drawClients(stream, params.clients, (random) => drawGetsAndPuts(random, params)),
  }),
  setup(t) {
    const { ids } = addServers(t, {
      storage: storageOf(t.params, (name) => t.world.streams.stream(name)),
      supervisor: new Supervisor(t),
      labelsOf: (server) => ({ zone: zoneOf(server) }),
    });
    for (const client of t.clients) {
      const intents = t.intentsOf(client, kvIntent);
      const settings = t.settingsOf(client, clientSettings);
      t.addClient(client.id, async (env) => {
        await getAndPut(env, addRecordedClerk(t, env, ids, settings), intents, isOver(t));
      });
    }
  },
  async run(t) {
    const supervisor = supervisorOf(t);
    void supervisor.watch();
    void healNetwork(t);
    const ids = Array.from({ length: t.params.servers }, (_, i) => `s${i}`);
    await finishAndAgree(
      t,
      () => keysOf(t.history.lines),
      addRecordedClerk,
      () => ids.filter((id) => !supervisor.hasRefused(id)),
    );
    tellFaults(t);
  },
});
