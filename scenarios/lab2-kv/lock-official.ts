import { z } from 'zod';
import type { KvClerk, KvLayers, Lock } from '../../kvsrv/index.ts';
import type { Env } from '../../sim/index.ts';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import type { Tester } from '../define/tester.ts';
import { lockIsExclusive } from './checks.ts';
import { addClerk, addServer, kvLayers } from './cluster.ts';
import { lockLoopIntent } from './intents.ts';
import { addLock } from './recorded-lock.ts';

/** The key that the lock protects in the official tests, besides the lock's own. */
const PROTECTED = 'l0';

/** How long a client holds the lock, in ms. */
const HOLD_MS = 10;

function lockClients(test: string, name: string, clients: number, profile: string): Scenario {
  return defineScenario({
    name,
    lab: 2,
    test,
    description: `${clients} lock client(s) for 2 s, ${profile}: nobody else is inside`,
    params: z.object({
      clients: z.int().min(1).max(100).default(clients).describe('number of clients'),
      forMs: z.int().min(1).max(3_600_000).default(2000).describe('how long each goes on, in ms'),
    }),
    layers: kvLayers,
    checks: [lockIsExclusive],
    probes: [{ name: 'a lock was acquired', within: 1 }],
    plan: (_stream, params) => ({
      profile,
      clients: Array.from({ length: params.clients }, (_, i) => ({
        id: `c${i}`,
        settings: {},
        intents: [{ op: 'lock-loop', lock: 'l', forMs: params.forMs }],
      })),
    }),
    setup(t) {
      addServer(t);
      for (const client of t.clients) {
        const intents = t.intentsOf(client, lockLoopIntent);
        t.addClient(client.id, async (env) => {
          const clerk = addClerk(t, env);
          // Exactly one of the racing creators succeeds; the key must be there before anybody reads
          // it.
          await clerk.put(PROTECTED, '', 0);
          for (const { lock: lockName, forMs } of intents) {
            const lock = addLock(t, env, clerk, lockName);
            const until = env.now() + forMs;
            while (env.now() < until) await insideOnce(t, env, clerk, lock);
          }
        });
      }
    },
  });
}

/** Acquire, mark the protected key as one's own, hold, clear it, release. */
async function insideOnce<P>(
  t: Tester<P, KvLayers>,
  env: Env,
  clerk: KvClerk,
  lock: Lock,
): Promise<void> {
  await lock.acquire();
  const entry = await clerk.get(PROTECTED);
  t.expect('the protected key can be read', entry.err === 'OK', () => `get: "${entry.err}"`);
  t.expect('nobody else is inside', entry.value === '', () => {
    return `${env.id} entered while "${entry.value}" was inside`;
  });
  const write = async (value: string, version: number): Promise<void> => {
    const err = await clerk.put(PROTECTED, value, version);
    const isRight = err === 'OK' || err === 'ErrMaybe';
    t.expect('the holder can write the protected key', isRight, () => `put: "${err}"`);
  };
  await write(env.id, entry.version);
  await env.sleep(HOLD_MS);
  await write('', entry.version + 1);
  await lock.release();
}

const basic = defineScenario({
  name: 'lock/basic',
  lab: 2,
  test: 'TestReliableBasic',
  description: 'one client acquires and releases once',
  params: z.object({}),
  layers: kvLayers,
  checks: [lockIsExclusive],
  setup(t) {
    addServer(t);
    t.addClient('c0', async (env) => {
      const lock = addLock(t, env, addClerk(t, env), 'l');
      await lock.acquire();
      await lock.release();
    });
  },
});

const nested = defineScenario({
  name: 'lock/nested',
  lab: 2,
  test: 'TestReliableNested',
  description: 'one client holds two locks at once: locks of different names are independent',
  params: z.object({}),
  layers: kvLayers,
  checks: [lockIsExclusive],
  setup(t) {
    addServer(t);
    t.addClient('c0', async (env) => {
      const clerk = addClerk(t, env);
      const outer = addLock(t, env, clerk, 'outer');
      const inner = addLock(t, env, clerk, 'inner');
      await outer.acquire();
      await inner.acquire();
      await outer.release();
      await inner.release();
    });
  },
});

const RELIABLE = 'lab-reliable';
const UNRELIABLE = 'lab-unreliable';

/** The official lock tests, those of 2026 included. */
export const lockOfficial: readonly Scenario[] = [
  basic,
  nested,
  lockClients('TestOneClientReliable', 'lock/one-client-reliable', 1, RELIABLE),
  lockClients('TestManyClientsReliable', 'lock/many-clients-reliable', 10, RELIABLE),
  lockClients('TestOneClientUnreliable', 'lock/one-client-unreliable', 1, UNRELIABLE),
  lockClients('TestManyClientsUnreliable', 'lock/many-clients-unreliable', 10, UNRELIABLE),
];
