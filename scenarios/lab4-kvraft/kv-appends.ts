import { z } from 'zod';
import type { KvClerk, ReplicatedKvLayers } from '../../kvsrv/index.ts';
import type { Env } from '../../sim/index.ts';
import type { ClientPlan } from '../define/plan.ts';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import type { Tester } from '../define/tester.ts';
import { kvIsLinearizable } from '../lab2-kv/checks.ts';
import { addKvServers, addRecordedClerk, type KvReplicas, replicatedKvLayers } from './cluster.ts';
import { PerRun } from './per-run.ts';
import { type Stage, throughTroubles, type Troubles } from './troubles.ts';

/** The key to which everybody appends. */
const KEY = 'k';

/** What is appended, once each, by client: how many. */
type Appended = Map<string, number>;

interface AppendParams extends Troubles {
  readonly clients: number;
  readonly servers: number;
  readonly maxRaftState: number;
  readonly unreliable: boolean;
  readonly thinkMs: number;
}

type Run = Tester<AppendParams, ReplicatedKvLayers>;

/** Append or read, by a coin, until the run is over. */
const intent: z.ZodType<{ op: 'append-or-get'; thinkMs: number }> = z.strictObject({
  op: z.literal('append-or-get'),
  thinkMs: z.int().min(0),
});

const servers: PerRun<KvReplicas<AppendParams>> = new PerRun();

/**
 * The idea of the tests of 2024: half of the operations are appends, which are here a get and a put
 * at its version. Each client's appends must all be there, once, and in the client's order.
 */
export const kvAppends: Scenario = defineScenario({
  name: 'kvraft/appends',
  lab: 4,
  description: 'clients append to one key, as in 2024: nothing is lost, doubled or out of order',
  params: z.object({
    clients: z.int().min(1).max(50).default(5).describe('number of clients'),
    servers: z.int().min(1).max(9).default(5).describe('number of servers'),
    partitions: z.boolean().default(true).describe('servers are split again and again'),
    crashes: z.boolean().default(true).describe('all servers crash and restart'),
    unreliable: z.boolean().default(true).describe('requests and replies are lost and late'),
    maxRaftState: z.int().min(-1).default(-1).describe('bytes between snapshots; -1 = none'),
    thinkMs: z.int().min(0).default(20).describe('longest pause of a client, in ms'),
  }),
  layers: replicatedKvLayers,
  checks: [kvIsLinearizable],
  atLeast: { operations: 250, 'under faults': 120, appends: 40 },
  probes: [{ name: 'a put answered ErrMaybe', within: 5 }],
  sizes: ['servers'],
  plan: (_stream, { clients, unreliable, thinkMs }) => ({
    profile: unreliable ? 'lab-unreliable' : 'lab-reliable',
    clients: Array.from({ length: clients }, (_, i) => ({
      id: `c${i}`,
      settings: {},
      intents: [{ op: 'append-or-get', thinkMs }],
    })),
  }),
  setup: (t) => void servers.set(t, addKvServers(t, t.params)),
  run: appendUnderTroubles,
});

async function appendUnderTroubles(t: Run): Promise<void> {
  const replicas = servers.of(t);
  const stage: Stage = { isOver: false };
  const appended: Appended = new Map();
  for (const client of t.clients) addAppender(t, client, stage, appended);
  const done = t.clientsDone();
  await throughTroubles(t, replicas, t.params, () => {});
  stage.isOver = true;
  await done;
  const final = { value: '' };
  t.addClient('reader', async (env) => {
    final.value = (await addRecordedClerk(t, env, replicas.ids).get(KEY)).value;
  });
  await t.clientsDone();
  for (const [client, count] of appended) {
    t.count('appends', count);
    const expected = Array.from({ length: count }, (_, n) => tokenOf(client, n)).join('');
    const own = final.value.match(/\([^)]*\)/g)?.filter((token) => isOf(client, token)) ?? [];
    t.expect('every append is there once and in order', own.join('') === expected, () => {
      const first = own.findIndex((token, n) => token !== tokenOf(client, n));
      const n = first < 0 ? own.length : first;
      return `${client} appended ${count}; number ${n + 1} in the end is ${own[n] ?? 'missing'}`;
    });
  }
}

function addAppender(t: Run, client: ClientPlan, stage: Stage, appended: Appended): void {
  const intents = t.intentsOf(client, intent);
  const { id } = client;
  appended.set(id, 0);
  t.addClient(id, async (env) => {
    const clerk = addRecordedClerk(t, env, servers.of(t).ids);
    for (const { thinkMs } of intents) {
      while (!stage.isOver) {
        await appendOrGet(t, env, clerk, id, appended);
        await env.sleep(env.random.below(thinkMs + 1));
      }
    }
  });
}

async function appendOrGet(
  t: Run,
  env: Env,
  clerk: KvClerk,
  client: string,
  appended: Appended,
): Promise<void> {
  const count = appended.get(client)!;
  if (env.random.chance(1, 2)) {
    await append(t, clerk, tokenOf(client, count));
    appended.set(client, count + 1);
    return;
  }
  const { value } = await clerk.get(KEY);
  const isThere = count === 0 || value.includes(tokenOf(client, count - 1));
  t.expect("a get holds the client's own last append", isThere, () => {
    return `${client} appended ${tokenOf(client, count - 1)}, and does not read it`;
  });
}

/** Until it is in. After ErrMaybe only the value tells; after ErrVersion it cannot be. */
async function append(t: Run, clerk: KvClerk, token: string): Promise<void> {
  let isMaybe = false;
  for (;;) {
    const { value, version } = await clerk.get(KEY);
    if (value.includes(token)) {
      t.expect('a put that was refused has written nothing', isMaybe, () => {
        return `every put of ${token} answered ErrVersion, and it is there`;
      });
      return;
    }
    const outcome = await clerk.put(KEY, value + token, version);
    if (outcome === 'OK') return;
    isMaybe ||= outcome === 'ErrMaybe';
  }
}

function tokenOf(client: string, n: number): string {
  return `(${client}.${n})`;
}

function isOf(client: string, token: string): boolean {
  return token.slice(1, token.lastIndexOf('.')) === client;
}
