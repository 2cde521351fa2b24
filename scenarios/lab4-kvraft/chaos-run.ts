import { z } from 'zod';
import type { ReplicatedKvLayers } from '../../kvsrv/index.ts';
import type { FaultAction } from '../../sim/index.ts';
import type { Probe } from '../define/check.ts';
import { phaseFields, settableMs, throughPhases } from '../define/phases.ts';
import type { Plan } from '../define/plan.ts';
import type { Selector } from '../define/scenario.ts';
import type { Tester } from '../define/tester.ts';
import { readBack } from '../lab2-kv/read-back.ts';
import { addKvServers, type addRecordedClerk, type KvReplicas } from './cluster.ts';
import type { ChaosParams } from './chaos-plan.ts';
import { PerRun } from './per-run.ts';

/** Settings that the chaos scenarios share. */
export interface RunParams extends ChaosParams {
  readonly maxRaftState: number;
}

/** The fields of their schema. */
export const chaosFields: typeof phaseFields & { maxRaftState: z.ZodDefault<z.ZodInt> } = {
  ...phaseFields,
  warmUpMs: settableMs(0, 800, 'time before the first fault'),
  chaosMs: settableMs(1, 6000, 'length of the faulty phase'),
  maxRaftState: z
    .int()
    .min(-1)
    .default(0)
    .describe('bytes of Raft state at which a snapshot is due; -1 = never, 0 = drawn'),
};

/** What is drawn for it: a snapshot every few requests, or every few dozen; or none at all. */
const MAX_RAFT_STATE = [-1, 500, 500, 1000, 2000, 8000];

function has(kind: FaultAction['kind']): (plan: Plan) => boolean {
  return (plan) => plan.faults.some((action) => action.kind === kind);
}

/** What a sweep of a chaos scenario must have seen. */
export const chaosProbes: readonly Probe[] = [
  { name: 'a server crashed', within: 10, when: has('crash') },
  { name: 'an entry was overwritten', within: 20 },
  { name: 'a snapshot was installed', within: 20 },
];

const servers: PerRun<KvReplicas<unknown>> = new PerRun();

/**
 * Add the servers of a run.
 * @param more what else they are to be like
 */
export function addServers(
  t: Tester<RunParams, ReplicatedKvLayers>,
  more: Partial<Parameters<typeof addKvServers>[1]> = {},
): KvReplicas<unknown> {
  const { servers: count, maxRaftState } = t.params;
  const drawn = t.world.streams.stream('max raft state').pick(MAX_RAFT_STATE);
  const options = {
    ...more,
    servers: count,
    maxRaftState: maxRaftState === 0 ? drawn : maxRaftState,
  };
  return servers.set(t, addKvServers(t, options));
}

/** How long clients go on after the world has healed, in ms. */
const AFTERWARDS_MS = 1000;

/** Tells clients when to stop: what they mean to do is enough for the fastest network. */
export function isOver({ params, world }: Tester<RunParams, unknown>): () => boolean {
  const { warmUpMs, chaosMs } = params;
  return () => world.now() >= warmUpMs + chaosMs + AFTERWARDS_MS;
}

/** Who leads, for faults that aim at the leader. */
export const leader: Selector = (t) => servers.of(t).knownLeader();

/** How often to look whether all servers are in the same state, in ms; and before reading again. */
const LOOK_MS = 50;
const LOOKS = 20;

/**
 * Chaos first: only safety counts. Then the world heals, all clients must come to their end, and
 * all servers to the same request and state.
 * @param keysOf the keys that there may be, once the clients are done
 * @param addClerk a clerk that reads them, for all to see what the run has left behind
 * @param remaining ids of the servers of which that can be asked, by then. Default: all
 */
export async function finishAndAgree(
  t: Tester<RunParams, ReplicatedKvLayers>,
  keysOf: () => readonly string[],
  addClerk: typeof addRecordedClerk,
  remaining?: () => readonly string[],
): Promise<void> {
  const replicas = servers.of(t);
  const stage: Stage = { areClientsDone: false, difference: undefined };
  const isDone = await throughPhases(t, async () => {
    await t.clientsDone();
    stage.areClientsDone = true;
    for (let round = 0; ; round++) {
      await readBack(t, keysOf(), (env) => addClerk(t, env, replicas.ids), `reader${round}`);
      if (await agree(t, () => replicas.difference(remaining?.()), stage)) return;
    }
  });
  const { convergeMs } = t.params;
  t.expectInTime('clients finish once the world has healed', isDone || stage.areClientsDone, () => {
    const waiting = t.history.lines.filter((line) => line.status === 'pending').length;
    return `${waiting} operations are still pending ${convergeMs} ms after healing`;
  });
  t.expectInTime('all servers agree once the world has healed', isDone, () => {
    return `${convergeMs} ms after healing ${stage.difference ?? 'not all keys have been read'}`;
  });
  if (t.world.crashes > 0) t.probe('a server crashed');
}

/** How far a run has come once it is healed. */
interface Stage {
  areClientsDone: boolean;
  /** What servers differed in at the last look. */
  difference: string | undefined;
}

async function agree(
  t: Tester<RunParams, ReplicatedKvLayers>,
  difference: () => Promise<string | undefined>,
  stage: Stage,
): Promise<boolean> {
  for (let look = 0; look < LOOKS; look++) {
    stage.difference = await difference();
    if (stage.difference === undefined) return true;
    await t.sleep(LOOK_MS);
  }
  return false;
}
