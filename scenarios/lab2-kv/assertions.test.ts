import { describe, expect, test } from 'vitest';
import {
  clerkPorts,
  clerkRules,
  kvClerk,
  kvServer,
  lock,
  lockPorts,
  lockRules,
  serverPorts,
  serverRules,
  type ClerkRules,
  type GetReply,
  type KvLayers,
  type KvServer,
  type LockRules,
  type ServerRules,
} from '../../kvsrv/index.ts';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import { objections, titled, type Guard } from '../testing/guard.ts';

const registry = new Registry(packs);

const server = (rules: Partial<ServerRules>): Partial<KvLayers> => ({
  makeKvServer: kvServer({ ...serverRules, ...rules }, serverPorts),
});
const clerk = (rules: Partial<ClerkRules>): Partial<KvLayers> => ({
  makeKvClerk: kvClerk({ ...clerkRules, ...rules }, clerkPorts),
});
const locks = (rules: Partial<LockRules>): Partial<KvLayers> => ({
  makeLock: lock({ ...lockRules, ...rules }, lockPorts),
});

/** Our server, its answers to gets changed; `n` counts them. */
function gets(change: (reply: GetReply, key: string, n: number) => GetReply): Partial<KvLayers> {
  return {
    makeKvServer(env): KvServer {
      const { handlers } = kvServer(serverRules, serverPorts)(env);
      let n = 0;
      const get = async (args: { key: string }): Promise<GetReply> =>
        change(await handlers.get(args), args.key, n++);
      return { handlers: { ...handlers, get } };
    },
  };
}

/** Writes entries, but never sees to it that they are durable. */
const unsynced: Partial<KvLayers> = {
  makeKvServer: kvServer(serverRules, {
    ...serverPorts,
    persist: (env, key, entry) => env.disk.write(`kv/${key}`, JSON.stringify(entry)),
    recover(env) {
      try {
        return serverPorts.recover(env);
      } catch {
        // A file was cut off in the middle.
        return new Map();
      }
    },
  }),
};
const never = new Promise<never>(() => {});
const noLock: Partial<KvLayers> = {
  makeLock: () => ({ acquire: async () => {}, release: async () => {} }),
};
/** The same, but not all clients enter at once: some find another one inside. */
const lateNoLock: Partial<KvLayers> = {
  makeLock: (env) => ({
    acquire: () => env.sleep(env.random.below(100)),
    release: async () => {},
  }),
};
/** Gives up at the first failed attempt, whatever patience it was told to have. */
const hasty: Partial<KvLayers> = {
  makeKvClerk: (env, peer) => kvClerk(clerkRules, clerkPorts)(env, peer, { patienceMs: 0 }),
};
/** Waits for ever if its first request fails. */
const patient: Partial<KvLayers> = {
  makeKvClerk: kvClerk(clerkRules, { ...clerkPorts, pause: () => never }),
};
const impatient: Partial<KvLayers> = {
  makeKvClerk: kvClerk(clerkRules, { ...clerkPorts, pause: async () => {} }),
};

const PUT = 'put answers as the contract says';
const GET = 'get answers as the contract says';
const HOLDER = 'the holder can write the protected key';
const END = 'the run comes to an end';
const HEALED = 'clients finish once the world has healed';

const kvCases: readonly Guard<Partial<KvLayers>>[] = [
  {
    broken: 'a server that refuses to create a key',
    scenario: 'kv/reliable-put',
    layers: server({ judgePut: (entry) => (entry === undefined ? 'ErrNoKey' : 'OK') }),
    check: PUT,
    says: /version 0 answered "ErrNoKey", not "OK"/,
  },
  {
    broken: 'a server that takes a put at an old version',
    scenario: 'kv/reliable-put',
    layers: server({
      judgePut: (entry, { version }) => (entry || version === 0 ? 'OK' : 'ErrNoKey'),
    }),
    check: PUT,
    says: /version 0 answered "OK", not "ErrVersion"/,
  },
  {
    broken: 'a server that creates a key at any version',
    scenario: 'kv/reliable-put',
    layers: server({
      judgePut: (entry, { version }) =>
        entry === undefined || entry.version === version ? 'OK' : 'ErrVersion',
    }),
    check: PUT,
    says: /version 1 answered "OK", not "ErrNoKey"/,
  },
  {
    broken: 'a server that says ErrVersion where there is no key',
    scenario: 'kv/reliable-put',
    layers: server({
      judgePut: (entry, { version }) => ((entry?.version ?? 0) === version ? 'OK' : 'ErrVersion'),
    }),
    check: PUT,
    says: /version 1 answered "ErrVersion", not "ErrNoKey"/,
  },
  {
    broken: 'a get with another value',
    scenario: 'kv/reliable-put',
    layers: gets((reply) => ({ ...reply, value: `${reply.value}!` })),
    check: GET,
    says: /after one put get answered .*6\.5840!/,
  },
  {
    broken: 'a get with another version',
    scenario: 'kv/reliable-put',
    layers: gets((reply) => ({ ...reply, version: reply.version + 1 })),
    check: GET,
    says: /"version":2/,
  },
  {
    broken: 'a get that says ErrNoKey of a key that is there',
    scenario: 'kv/reliable-put',
    layers: gets((reply) => ({ ...reply, err: 'ErrNoKey' })),
    check: GET,
  },
  {
    broken: 'a get that takes ErrNoKey for an empty value',
    scenario: 'kv/reliable-put',
    layers: gets((reply) => ({ ...reply, err: 'OK' })),
    check: GET,
    says: /a key that never was answered "OK"/,
  },
  {
    broken: 'a get that invents a value for a key that is not there',
    scenario: 'kv/reliable-put',
    layers: gets((reply) => (reply.err === 'OK' ? reply : { ...reply, value: 'ghost' })),
    check: 'linearizable',
  },
  {
    broken: 'a put that does not move the version',
    scenario: 'kv/put-concurrent-reliable',
    layers: server({ written: (_entry, { value, version }) => ({ value, version }) }),
    check: 'the version counts the successful puts',
  },
  {
    broken: 'a put that moves the version by two',
    scenario: 'kv/put-concurrent-reliable',
    layers: server({ written: (_entry, { value, version }) => ({ value, version: version + 2 }) }),
    check: 'the version counts the successful puts',
  },
  {
    broken: 'one get with an old version and the present value',
    scenario: 'kv/put-concurrent-reliable',
    layers: gets((reply, _key, n) =>
      n === 400 ? { ...reply, version: reply.version - 1 } : reply,
    ),
    check: 'linearizable',
    says: /^client \S+ read value .* at version \d+ of key "k", but /,
  },
  {
    broken: 'gets with the wrong error and the right value',
    scenario: 'kv/unreliable-net',
    layers: gets((reply) => ({ ...reply, err: 'ErrNoKey' })),
    check: 'linearizable',
  },
  {
    broken: 'a clerk that never says ErrMaybe',
    scenario: 'kv/unreliable-net',
    layers: clerk({ outcome: (err) => err }),
    check: 'a put happens once',
    says: /at the right version answered "ErrVersion"/,
  },
  {
    broken: 'a clerk that says ErrMaybe and never tried again',
    scenario: 'kv/unreliable-net',
    layers: hasty,
    check: 'a put happens once',
    says: /after ErrMaybe answered "OK"/,
  },
  {
    broken: 'a server that writes another value',
    scenario: 'kv/unreliable-net',
    layers: server({ written: (entry) => ({ value: '0', version: (entry?.version ?? 0) + 1 }) }),
    check: 'each round adds one version',
    says: /in round 1 get answered version 2 and value "0"/,
  },
  {
    broken: 'a get with a version too high',
    scenario: 'kv/unreliable-net',
    layers: gets((reply) => ({ ...reply, version: reply.version + 1 })),
    check: 'each round adds one version',
  },
  {
    broken: 'a server that refuses one put of many',
    scenario: 'kv/memory-many-clerks',
    params: { clerks: 100 },
    layers: server({
      judgePut: (entry, args) =>
        args.version === 2050 ? 'ErrVersion' : serverRules.judgePut(entry, args),
    }),
    check: 'every put succeeds',
    says: /put 2050 answered "ErrVersion"/,
  },
  {
    broken: 'a server that takes ErrNoKey for an empty value',
    scenario: 'kv/chaos',
    layers: gets((reply) => ({ ...reply, err: 'OK' })),
    check: 'linearizable',
    says: /answered OK with value "" and version 0, which is never right/,
  },
  {
    broken: 'a server that forgets a key when it crashes',
    scenario: 'kv/chaos',
    layers: {
      makeKvServer: kvServer(serverRules, { ...serverPorts, recover: () => new Map() }),
    },
    check: 'linearizable',
    seeds: 20,
  },
  {
    broken: 'a server that answers before it has written',
    scenario: 'kv/chaos',
    layers: { makeKvServer: kvServer(serverRules, { ...serverPorts, persist: () => {} }) },
    check: 'linearizable',
    seeds: 20,
  },
  {
    broken: 'a server that answers before it has written',
    scenario: 'kv/crash-points',
    layers: { makeKvServer: kvServer(serverRules, { ...serverPorts, persist: () => {} }) },
    check: 'linearizable',
    seeds: 20,
  },
  {
    broken: 'a clerk that waits for ever for a lost reply',
    scenario: 'kv/chaos',
    layers: patient,
    check: HEALED,
    class: 'liveness',
    says: /\d+ operations are still pending 30000 ms after healing/,
  },
  {
    broken: 'a server that writes and does not sync',
    scenario: 'kv/chaos',
    layers: unsynced,
    check: 'linearizable',
    seeds: 40,
  },
  {
    broken: 'a clerk that tries again without a pause',
    scenario: 'kv/chaos',
    layers: impatient,
    check: 'no request storm',
    class: 'performance',
    seeds: 20,
    says: /more requests for one operation than 20 in 100 ms/,
  },
  {
    broken: 'a server that never answers',
    scenario: 'kv/reliable-put',
    layers: { makeKvServer: () => ({ handlers: { get: () => never, put: () => never } }) },
    check: END,
    class: 'liveness',
  },
];

const lockCases: readonly Guard<Partial<KvLayers>>[] = [
  {
    broken: 'an acquire that never returns',
    scenario: 'lock/basic',
    layers: { makeLock: () => ({ acquire: () => never, release: async () => {} }) },
    check: END,
    class: 'liveness',
    says: /1 operations are pending/,
  },
  {
    broken: 'a release that never returns',
    scenario: 'lock/basic',
    layers: { makeLock: () => ({ acquire: async () => {}, release: () => never }) },
    check: END,
    class: 'liveness',
  },
  {
    broken: 'a lock that lives in one key for all names',
    scenario: 'lock/nested',
    layers: locks({ keyOf: () => 'lock' }),
    check: END,
    class: 'liveness',
    says: /not finished after 120000 ms/,
  },
  ...['lock/one-client-reliable', 'lock/one-client-unreliable'].flatMap(
    (scenario): Guard<Partial<KvLayers>>[] => [
      {
        broken: 'a server that loses the protected key',
        scenario,
        layers: gets((reply, key) => (key === 'l0' ? { ...reply, err: 'ErrNoKey' } : reply)),
        check: 'the protected key can be read',
        says: /get: "ErrNoKey"/,
      },
      {
        broken: 'a server that refuses the holder',
        scenario,
        layers: server({
          judgePut: (entry, args) =>
            args.value === 'c0' ? 'ErrVersion' : serverRules.judgePut(entry, args),
        }),
        check: HOLDER,
      },
    ],
  ),
  {
    broken: 'a clerk that denies its own writes',
    scenario: 'lock/one-client-unreliable',
    layers: clerk({ outcome: (err) => err }),
    check: HOLDER,
    seeds: 10,
    says: /put: "ErrVersion"/,
  },
  ...['lock/many-clients-reliable', 'lock/many-clients-unreliable'].map((scenario) => ({
    broken: 'a lock that locks nothing',
    scenario,
    layers: lateNoLock,
    check: 'nobody else is inside',
    seeds: 10,
    says: /entered while "c\d" was inside/,
  })),
  {
    broken: 'a lock that locks nothing',
    scenario: 'lock/chaos',
    layers: noLock,
    check: 'mutual exclusion',
  },
  {
    broken: 'a release that leaves the lock taken',
    scenario: 'lock/chaos',
    layers: {
      makeLock: (env, own, name) => {
        const { acquire } = lock(lockRules, lockPorts)(env, own, name);
        return { acquire, release: async () => {} };
      },
    },
    check: HEALED,
    class: 'liveness',
  },
  {
    broken: 'a clerk that tries again without a pause',
    scenario: 'lock/chaos',
    layers: impatient,
    check: 'no request storm',
    class: 'performance',
    seeds: 40,
  },
];

describe.each([
  { part: 'key/value', cases: kvCases },
  { part: 'lock', cases: lockCases },
])('what the assertions guard: $part', ({ cases }) => {
  test.each(titled(cases))('%s', async (_title, guard) => {
    expect(await objections(registry.scenario(guard.scenario), guard)).toEqual([]);
  });
});

test('every scenario of lab 2 has such a case', () => {
  const guarded = new Set([...kvCases, ...lockCases].map(({ scenario }) => scenario));
  const lab2 = registry.scenarios.filter(({ lab }) => lab === 2).map(({ name }) => name);

  // The two tests of memory differ in their figures only.
  expect(lab2.filter((name) => !guarded.has(name))).toEqual(['kv/memory-many-clerks-2025']);
});
