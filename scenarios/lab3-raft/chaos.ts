import { z } from 'zod';
import { logModel } from '../../porcupine-ts/index.ts';
import type { RaftLayers } from '../../raft/index.ts';
import { linearizable } from '../checks/linearizable.ts';
import type { Check } from '../define/check.ts';
import { NO_ANSWER, NO_EFFECT } from '../define/history.ts';
import { phaseFields, settableMs, throughPhases } from '../define/phases.ts';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import type { ClientPlan } from '../define/plan.ts';
import type { Tester } from '../define/tester.ts';
import { drawChaos, type ChaosParams, type Storage } from './chaos-plan.ts';
import { Cluster, clusterOf, raftLayers } from './cluster.ts';

const intent = z.object({ op: z.literal('append'), thinkMs: z.int().min(0) });

/** Settings of a run of clients who start commands, and of servers that apply them. */
export interface RunParams extends Omit<ChaosParams, 'storage'> {
  readonly snapshotEvery: number;
  readonly applyMs: number;
  readonly pumpMs: number;
  readonly view: boolean;
}

type Run = Tester<RunParams, RaftLayers>;

/** How often a client looks whether its command was applied, in ms. */
const POLL_MS = 10;
/** How long it waits for that before it gives up. */
const PATIENCE_MS = 4000;
const LOOK_FOR_LEADER_MS = 50;

/** What clients started and saw applied is the history of one log. */
export const logIsLinearizable: Check = linearizable(logModel, {
  description: 'commands that were started and applied are those of one log, in real time',
});

/** Free chaos on a cluster of so many servers, which keep their state there by default. */
export function raftChaos(servers: number, storage: Storage = 'persister'): Scenario {
  const who = `${servers} servers${storage === 'disk' ? ' with disks' : ''}`;
  return defineScenario({
    name: `raft/chaos-${storage === 'disk' ? 'disk-' : ''}${servers}`,
    lab: 3,
    description: `${who} under all faults at once; then the world heals, and all agree`,
    params: z.object({
      servers: z.int().min(1).max(9).default(servers).describe('number of servers'),
      storage: z
        .enum(['persister', 'disk'])
        .default(storage)
        .describe('where servers keep their state: persister, or disk (with fsync)'),
      clients: z.int().min(1).max(50).default(4).describe('number of clients'),
      operations: z.int().min(1).max(10_000).default(30).describe('commands of each client'),
      thinkMs: settableMs(0, 150, 'longest pause between two commands'),
      snapshotEvery: z.int().min(0).default(20).describe('entries between snapshots; 0 = none'),
      applyMs: settableMs(0, 3, 'longest time of the service for one entry'),
      pumpMs: settableMs(0, 40, 'longest pause between commands to all who believe to lead'),
      view: z
        .boolean()
        .default(true)
        .describe('look into the servers; false = judge them from outside only'),
      ...phaseFields,
      warmUpMs: settableMs(0, 800, 'time before the first fault'),
      chaosMs: settableMs(1, 6000, 'length of the faulty phase'),
    }),
    layers: raftLayers,
    checks: [logIsLinearizable],
    atLeast: { operations: 40, 'under faults': 15, crashes: 2, leaders: 2, truncations: 1 },
    probes: [
      {
        name: 'a snapshot was installed',
        within: 20,
        when: ({ params }) => params['snapshotEvery'] !== 0,
      },
      { name: 'a server crashed', within: 5 },
      { name: 'an entry was overwritten', within: 10 },
    ],
    sizes: ['servers'],
    selectors: { leader: (t) => clusterOf(t).leader() },
    plan: (stream, params) => drawChaos(stream, params),
    setup(t) {
      const { servers: count, snapshotEvery, applyMs, storage: where, view } = t.params;
      Cluster.build(t, {
        servers: count,
        storage: where,
        snapshotEvery: snapshotEvery === 0 ? undefined : snapshotEvery,
        applyMs,
        view,
      });
    },
    run: (t) => throughChaos(t),
  });
}

/**
 * Clients work through all phases; then the servers must agree.
 * @param remaining the servers of which that can be asked, by then. Default: all
 * @param workers the clients that start commands. Default: all
 */
export async function throughChaos(
  t: Run,
  remaining: () => readonly number[] = () => [...clusterOf(t).ids.keys()],
  workers: readonly ClientPlan[] = t.clients,
): Promise<void> {
  const cluster = clusterOf(t);
  const busy = new Set(workers.map(({ id }) => id));
  const clients = Promise.all(
    workers.map(async (client) => {
      await carryOut(t, client);
      busy.delete(client.id);
    }),
  );
  const pumping = pump(t);
  const isDone = await throughPhases(t, async () => {
    await Promise.all([clients, pumping]);
    await agreeOnAll(t, remaining);
  });
  t.expectInTime('all servers agree once the world has healed', isDone, () => {
    const applied = cluster.ids.map((id, i) => `${id} ${cluster.server(i)?.service.lastApplied}`);
    const when = `${t.params.convergeMs} ms after healing`;
    const others = busy.size === 0 ? '' : `; not finished: ${[...busy].join(', ')}`;
    return `${when} they have applied: ${applied.join(', ')}${others}`;
  });
  if (t.world.crashes > 0) t.probe('a server crashed');
}

/** What a client means to do. It stops when half of the time to converge is over. */
async function carryOut(t: Run, client: ClientPlan): Promise<void> {
  const { warmUpMs, chaosMs, convergeMs } = t.params;
  const endMs = warmUpMs + chaosMs + convergeMs / 2;
  for (const [i, { thinkMs }] of t.intentsOf(client, intent).entries()) {
    if (t.world.now() >= endMs) return;
    const value = `${client.id}.${i}`;
    await t.record(client, { op: 'append', value }, () => append(t, value));
    await t.sleep(Math.min(thinkMs, Math.max(0, endMs - t.world.now())));
  }
}

/**
 * While the faults last, start commands on everybody who believes to lead, and ask no further:
 * whatever is left in the logs of deposed leaders is what Figure 8 is about.
 */
async function pump(t: Run): Promise<void> {
  const { warmUpMs, chaosMs, pumpMs } = t.params;
  const cluster = clusterOf(t);
  const random = t.world.streams.stream('pump');
  if (pumpMs === 0) return;
  for (let n = 0; t.world.now() < warmUpMs + chaosMs; n++) {
    for (const i of cluster.ids.keys()) {
      await startUnasked(t, 'pump', i, `${cluster.ids[i]}.${n}`);
    }
    await t.sleep(random.between(1, pumpMs));
  }
}

/** Start a command on a server, whatever it is, and do not ask what becomes of it. */
export async function startUnasked(
  t: Tester<unknown, RaftLayers>,
  by: string,
  i: number,
  value: string,
): Promise<void> {
  const cluster = clusterOf(t);
  await t.record({ id: by }, { op: 'append', value }, async () => {
    const isUp = cluster.server(i) !== undefined;
    const started = await cluster.start(i, value);
    const isDropped = started === undefined ? !isUp : !started.isLeader;
    return isDropped ? NO_EFFECT : NO_ANSWER;
  });
}

/** Start a command with whoever leads, and see what becomes of it. */
async function append(
  t: Tester<unknown, RaftLayers>,
  value: string,
): Promise<{ readonly index: number } | typeof NO_EFFECT | typeof NO_ANSWER> {
  const cluster = clusterOf(t);
  for (;;) {
    for (const i of cluster.ids.keys()) {
      const isUp = cluster.server(i) !== undefined;
      const started = await cluster.start(i, value);
      // It crashed over it, and may have the command on its disk.
      if (isUp && started === undefined) return NO_ANSWER;
      if (started?.isLeader !== true) continue;
      const { index } = started;
      for (let waited = 0; waited < PATIENCE_MS; waited += POLL_MS) {
        const chosen = cluster.chosen.commands[index];
        // Somebody else's entry took the place: this one will never be committed.
        if (chosen !== undefined) return chosen === JSON.stringify(value) ? { index } : NO_EFFECT;
        await t.sleep(POLL_MS);
      }
      return NO_ANSWER;
    }
    await t.sleep(LOOK_FOR_LEADER_MS);
  }
}

/**
 * One more command, which every server has to apply; and another one if that takes long. A leader
 * that was elected since commits what it finds only with an entry of its own (§5.4.2).
 */
export async function agreeOnAll(
  t: Tester<unknown, RaftLayers>,
  remaining: () => readonly number[] = () => [...clusterOf(t).ids.keys()],
): Promise<void> {
  const cluster = clusterOf(t);
  for (;;) {
    const result = await append(t, 'the end');
    if (typeof result === 'symbol') continue;
    for (let waited = 0; waited < PATIENCE_MS; waited += POLL_MS) {
      const applied = remaining().map((i) => cluster.server(i)?.service.lastApplied ?? 0);
      if (Math.min(...applied) >= result.index) return;
      await t.sleep(POLL_MS);
    }
  }
}
