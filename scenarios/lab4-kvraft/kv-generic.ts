import { z } from 'zod';
import type { ReplicatedKvLayers } from '../../kvsrv/index.ts';
import type { Env } from '../../sim/index.ts';
import type { ClientPlan } from '../define/plan.ts';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import type { Tester } from '../define/tester.ts';
import { viewField } from '../define/view-field.ts';
import { kvIsLinearizable } from '../lab2-kv/checks.ts';
import { addKvServers, addRecordedClerk, type KvReplicas, replicatedKvLayers } from './cluster.ts';
import { PerRun } from './per-run.ts';
import { checkSizes } from './sizes.ts';
import { type Stage, throughTroubles } from './troubles.ts';
import { checkVersions } from './versions.ts';

/** A row of the matrix of official tests of 4B and 4C (labs.md §5.2). */
export interface GenericTest {
  /** `kvraft/persist-concurrent`. */
  readonly name: string;
  readonly test: string;
  readonly description: string;
  readonly clients: number;
  readonly servers: number;
  readonly isUnreliable?: boolean;
  /** All servers crash and restart in each round. */
  readonly crashes?: boolean;
  /** Servers are split at random again and again in each round. */
  readonly partitions?: boolean;
  readonly maxRaftState: number;
  /** How many keys the clients choose from at random; 1 = all use the same one. */
  readonly keys?: number;
}

const ROUNDS = 3;

/**
 * Longest pause of a client between two puts, for each of the clients, in ms: some hundred
 * operations a second in all, however many clients there are.
 */
const THINK_MS = 30;

/** Put and get in turn, on keys drawn from so many, until the round is over. */
const intent: z.ZodType<{ op: 'put-then-get'; keys: number; thinkMs: number }> = z.strictObject({
  op: z.literal('put-then-get'),
  keys: z.int().min(1),
  thinkMs: z.int().min(0),
});

const servers: PerRun<KvReplicas<unknown>> = new PerRun();

type KvTester = Tester<unknown, ReplicatedKvLayers>;

/**
 * GenericTest: in each of three rounds clients put and get; partitions come and go meanwhile, and
 * all servers crash. In the official one clients stop before either begins.
 */
export function genericScenario(row: GenericTest): Scenario {
  const { name, test, description, clients, isUnreliable = false, keys = 1 } = row;
  return defineScenario({
    name,
    lab: 4,
    test,
    description,
    params: z.object({ view: viewField }),
    layers: replicatedKvLayers,
    checks: [kvIsLinearizable],
    plan: () => ({
      profile: isUnreliable ? 'lab-unreliable' : 'lab-reliable',
      clients: Array.from({ length: clients }, (_, i) => ({
        id: `c${i}`,
        settings: {},
        intents: [{ op: 'put-then-get', keys, thinkMs: THINK_MS * clients }],
      })),
    }),
    setup: (t) => void servers.set(t, addKvServers(t, { ...row, view: t.params.view })),
    async run(t) {
      for (let round = 0; round < ROUNDS; round++) await goRound(t, row, round);
    },
  });
}

async function goRound(t: KvTester, row: GenericTest, round: number): Promise<void> {
  const { maxRaftState, isUnreliable = false, crashes = false, partitions = false } = row;
  const replicas = servers.of(t);
  const stage: Stage = { isOver: false };
  for (const client of t.clients) addWorker(t, client, round, stage);
  const done = t.clientsDone();
  await throughTroubles(t, replicas, { crashes, partitions }, () => {
    checkSizes(t, replicas, maxRaftState);
  });
  stage.isOver = true;
  await done;
  checkSizes(t, replicas, maxRaftState);
  const isQuiet = !isUnreliable && !crashes && !partitions;
  await checkVersions(t, replicas, { round, isQuiet });
}

/** A client of one round, with a clerk of its own. */
function addWorker(t: KvTester, client: ClientPlan, round: number, stage: Stage): void {
  const intents = t.intentsOf(client, intent);
  const { ids } = servers.of(t);
  t.addClient(`${client.id}.${round}`, async (env) => {
    const clerk = addRecordedClerk(t, env, ids);
    const versions = new Map<string, number>();
    for (const { keys, thinkMs } of intents) {
      for (let n = 0; !stage.isOver; n++) {
        const key = someKey(env, keys);
        await clerk.put(key, `${env.id}.${n}`, versions.get(key) ?? 0);
        versions.set(key, (await clerk.get(key)).version);
        await env.sleep(env.random.below(thinkMs + 1));
      }
    }
  });
}

function someKey(env: Env, keys: number): string {
  return keys === 1 ? 'k' : `k${env.random.below(keys)}`;
}
