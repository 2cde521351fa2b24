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
  type KvLayers,
  type LockRules,
  type ServerRules,
} from '../../kvsrv/index.ts';
import type { Specimen } from '../define/specimen.ts';

const withServer = (rule: Partial<ServerRules>): Partial<KvLayers> => ({
  makeKvServer: kvServer({ ...serverRules, ...rule }, serverPorts),
});
const withClerk = (rule: Partial<ClerkRules>): Partial<KvLayers> => ({
  makeKvClerk: kvClerk({ ...clerkRules, ...rule }, clerkPorts),
});
const withLock = (rule: Partial<LockRules>): Partial<KvLayers> => ({
  makeLock: lock({ ...lockRules, ...rule }, lockPorts),
});

const KV_SCENARIOS = ['kv/unreliable-net', 'kv/chaos'];

/** The bugs of lab 2, each seen in somebody's solution or warned of by the course. */
export const lab2Specimens: readonly Specimen[] = [
  {
    id: 'KV1',
    lab: 2,
    title: 'ErrMaybe is never returned',
    seam: 'rule',
    guarantee: 'ErrVersion says that the put was definitely not executed',
    class: 'safety',
    lesson:
      'A retransmitted put may be refused because its first transmission was executed and ' +
      'only the answer got lost. To pass the ErrVersion on is to deny a write that happened.',
    scenarios: KV_SCENARIOS,
    layers: withClerk({ outcome: (err) => err }),
  },
  {
    id: 'KV3',
    lab: 2,
    title: 'The first failed transmission is forgotten',
    seam: 'rule',
    guarantee: 'ErrVersion says that the put was definitely not executed',
    class: 'safety',
    lesson:
      'The flag "this is a retransmission" must be set when a request was sent, not when a ' +
      'later one fails. A single lost answer is the common case, and the one in which this ' +
      'flag is missing.',
    scenarios: KV_SCENARIOS,
    layers: withClerk({
      outcome: (err, { failed }) => (err !== 'OK' && failed > 1 ? 'ErrMaybe' : err),
    }),
  },
  {
    id: 'KV5',
    lab: 2,
    title: 'The version is set to the argument of the put',
    seam: 'rule',
    guarantee: 'the version of a key counts its writes',
    class: 'safety',
    lesson:
      'The argument is the version that the put expects, not the one it makes. A version that ' +
      'does not move lets every later put at it succeed, and updates are lost.',
    scenarios: ['kv/reliable-put', 'kv/put-concurrent-reliable', 'kv/chaos'],
    layers: withServer({ written: (_entry, { value, version }) => ({ value, version }) }),
  },
  {
    id: 'KV7',
    lab: 2,
    title: 'The mutex is released between the test and the write',
    seam: 'contract',
    guarantee: 'of two puts at one version at most one succeeds',
    class: 'safety',
    lesson:
      'Test and write are one step only if nothing can come between them. Between two ' +
      'critical sections everything can, and what the first has seen no longer holds in the ' +
      'second.',
    scenarios: ['kv/put-concurrent-reliable', 'kv/chaos'],
    edit: {
      file: 'examples/kv-async.ts',
      find: '      // The test above and the write below stand under one lock.\n',
      replace: '      this.mutex.unlock();\n      await this.mutex.lock();\n',
    },
  },
  {
    id: 'KV9',
    lab: 2,
    title: 'The clerk tries again without a pause',
    seam: 'port',
    guarantee: 'a clerk does not flood the server',
    class: 'performance',
    lesson:
      'Where failure is quick, a loop without a pause sends as fast as the network answers. ' +
      'All clerks do so at once, and exactly when the server comes back and has the most to ' +
      'do.',
    scenarios: ['kv/chaos', 'lock/chaos'],
    layers: { makeKvClerk: kvClerk(clerkRules, { ...clerkPorts, pause: async () => {} }) },
  },
  {
    id: 'LK1',
    lab: 2,
    title: 'Acquire takes ErrMaybe for success',
    seam: 'rule',
    guarantee: 'at most one client holds a lock',
    class: 'safety',
    lesson:
      'ErrMaybe says only that nobody knows. The refused put may be refused because somebody ' +
      'else took the lock; only reading the key tells whose id stands there.',
    scenarios: ['lock/many-clients-unreliable', 'lock/chaos'],
    layers: withLock({ hasAcquired: (outcome) => outcome === 'OK' || outcome === 'ErrMaybe' }),
  },
  {
    id: 'LK3',
    lab: 2,
    title: 'Release takes ErrMaybe for success',
    seam: 'rule',
    guarantee: 'a lock that is released can be acquired again',
    class: 'liveness',
    lesson:
      'A release that was given up may never have been executed. Its client believes the lock ' +
      'free, the server knows it is taken, and everybody waits for ever.',
    scenarios: ['lock/chaos'],
    layers: withLock({ hasReleased: (outcome) => outcome === 'OK' || outcome === 'ErrMaybe' }),
  },
  {
    id: 'LK5',
    lab: 2,
    title: 'All clients have the same id',
    seam: 'rule',
    guarantee: 'at most one client holds a lock',
    class: 'safety',
    lesson:
      'The id in the key is the only trace of who holds the lock. If two clients write the ' +
      'same, each takes the lock of the other for its own.',
    scenarios: ['lock/many-clients-reliable', 'lock/chaos'],
    layers: withLock({ holderId: () => 'client' }),
  },
  {
    id: 'LK7',
    lab: 2,
    title: 'All locks live in one key',
    seam: 'rule',
    guarantee: 'locks of different names are independent',
    class: 'liveness',
    lesson:
      'A key that does not depend on the name makes one lock of all. Whoever holds one lock ' +
      'and wants another then waits for itself.',
    scenarios: ['lock/nested', 'lock/chaos'],
    layers: withLock({ keyOf: () => 'lock' }),
  },
];
