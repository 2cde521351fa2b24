import { z } from 'zod';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import { kvIsLinearizable } from './checks.ts';
import { addRecordedClerk, addServer, kvLayers } from './cluster.ts';
import { loopIntent } from './intents.ts';
import { keysOf, readBack } from './read-back.ts';

export const reliablePut: Scenario = defineScenario({
  name: 'kv/reliable-put',
  lab: 2,
  test: 'TestReliablePut',
  description: 'one client, reliable network: each answer that the contract names',
  params: z.object({}),
  layers: kvLayers,
  checks: [kvIsLinearizable],
  setup(t) {
    addServer(t);
    t.addClient('c0', async (env) => {
      const clerk = addRecordedClerk(t, env);
      const put = async (key: string, version: number, expected: string): Promise<void> => {
        const err = await clerk.put(key, '6.5840', version);
        t.expect('put answers as the contract says', err === expected, () => {
          return `put at version ${version} answered "${err}", not "${expected}"`;
        });
      };
      await put('k', 0, 'OK');
      const got = await clerk.get('k');
      const isRight = got.value === '6.5840' && got.version === 1 && got.err === 'OK';
      t.expect('get answers as the contract says', isRight, () => {
        return `after one put get answered ${JSON.stringify(got)}`;
      });
      await put('k', 0, 'ErrVersion');
      await put('y', 1, 'ErrNoKey');
      const { err } = await clerk.get('y');
      t.expect('get answers as the contract says', err === 'ErrNoKey', () => {
        return `get of a key that never was answered "${err}"`;
      });
    });
  },
});

export const putConcurrentReliable: Scenario = defineScenario({
  name: 'kv/put-concurrent-reliable',
  lab: 2,
  test: 'TestPutConcurrentReliable',
  description: 'many clients race to put to the same key; the version counts the successes',
  params: z.object({
    clients: z.int().min(1).max(100).default(10).describe('number of clients'),
    forMs: z.int().min(1).max(3_600_000).default(1000).describe('how long each goes on, in ms'),
  }),
  layers: kvLayers,
  checks: [kvIsLinearizable],
  atLeast: { operations: 5000 },
  plan: (_stream, { clients, forMs }) => ({
    clients: Array.from({ length: clients }, (_, i) => ({
      id: `c${i}`,
      settings: {},
      intents: [{ op: 'put-then-get', key: 'k', forMs }],
    })),
  }),
  setup(t) {
    addServer(t);
    for (const client of t.clients) {
      const intents = t.intentsOf(client, loopIntent);
      t.addClient(client.id, async (env) => {
        const clerk = addRecordedClerk(t, env);
        for (const { key, forMs } of intents) {
          const until = env.now() + forMs;
          let version = 0;
          for (let i = 0; env.now() < until; i++) {
            await clerk.put(key, `${client.id}.${i}`, version);
            version = (await clerk.get(key)).version;
          }
        }
      });
    }
  },
  async run(t) {
    await t.clientsDone();
    const successes = t.history.lines.filter((line) => {
      const { op } = line.input as { op: string };
      return op === 'put' && (line.output as { err: string }).err === 'OK';
    }).length;
    const [key = 'k'] = keysOf(t.history.lines);
    const version = (await readBack(t, [key], (env) => addRecordedClerk(t, env))).get(key)?.version;
    t.expect('the version counts the successful puts', version === successes, () => {
      return `${successes} puts succeeded, and the final version is ${version}`;
    });
  },
});

export const unreliableNet: Scenario = defineScenario({
  name: 'kv/unreliable-net',
  lab: 2,
  test: 'TestUnreliableNet',
  description: 'one client, unreliable network: ErrMaybe exactly when the clerk cannot know',
  params: z.object({
    rounds: z.int().min(1).default(100).describe('puts, each tried until it is not ErrMaybe'),
  }),
  layers: kvLayers,
  checks: [kvIsLinearizable],
  probes: [{ name: 'a put answered ErrMaybe', within: 2 }],
  plan: () => ({ profile: 'lab-unreliable' }),
  setup(t) {
    addServer(t);
    t.addClient('c0', async (env) => {
      const clerk = addRecordedClerk(t, env);
      for (let round = 0; round < t.params.rounds; round++) {
        let err = await clerk.put('k', String(round), round);
        const wasMaybe = err === 'ErrMaybe';
        while (err === 'ErrMaybe') err = await clerk.put('k', String(round), round);
        t.expect('a put happens once', err === (wasMaybe ? 'ErrVersion' : 'OK'), () => {
          const before = wasMaybe ? 'after ErrMaybe' : 'at the right version';
          return `a put ${before} answered "${err}"`;
        });
        const { version, value } = await clerk.get('k');
        const isRight = version === round + 1 && value === String(round);
        t.expect('each round adds one version', isRight, () => {
          return `in round ${round} get answered version ${version} and value "${value}"`;
        });
      }
    });
  },
});
