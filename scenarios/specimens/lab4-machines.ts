import {
  kvMachine,
  kvMachineRules,
  replicatedKvServer,
  replicatedServerPorts,
  throughTheLog,
  type GetReply,
  type KvRequest,
  type MakeReplicatedKvServer,
} from '../../kvsrv/index.ts';
import type { Rsm, StateMachine } from '../../raft/index.ts';
import type { Env } from '../../sim/index.ts';
import { type Entry, withRsmPort, withRsmRule, withServerPort } from './lab4-parts.ts';

/** Keys live so long without a write, in ms. */
const LIFETIME_MS = 500;

/** A machine that forgets keys, by the clock of its server. */
function forgetful(env: Env): StateMachine {
  const machine = kvMachine(kvMachineRules);
  const writtenAt = new Map<string, number>();
  return {
    ...machine,
    doOp(request, index) {
      const { op, key } = request as KvRequest;
      const isOld = env.now() - (writtenAt.get(key) ?? Infinity) > LIFETIME_MS;
      if (op === 'get' && isOld) return kvMachineRules.answerGet(undefined);
      if (op === 'put') writtenAt.set(key, env.now());
      return machine.doOp(request, index);
    },
  };
}

const withClock: MakeReplicatedKvServer = (env, host) =>
  replicatedKvServer({ ...replicatedServerPorts, machine: () => forgetful(env) })(env, host);

/** A machine that remembers what it has read until it is written: also where a snapshot writes. */
function cached(): StateMachine {
  const machine = kvMachine(kvMachineRules);
  const cache = new Map<string, unknown>();
  return {
    ...machine,
    doOp(request, index) {
      const { op, key } = request as KvRequest;
      if (op === 'put') cache.delete(key);
      else if (cache.has(key)) return cache.get(key);
      const answer = machine.doOp(request, index);
      if (op === 'get') cache.set(key, answer);
      return answer;
    },
  };
}

/** What this server has applied, whatever the others have done since. */
function readLocally(rsm: Rsm, key: string): GetReply {
  let answer: unknown;
  rsm.readAt!(0, key, (found) => (answer = found));
  return answer as GetReply;
}

/** The state machine, its snapshots, and what is answered without it. */
export const machines: readonly Entry[] = [
  {
    id: 'K11',
    title: 'A leader reads from its own state',
    seam: 'port',
    guarantee: 'a get sees every put that was answered before',
    class: 'safety',
    lesson:
      'A leader that was deposed does not know it, and one that was just elected has not ' +
      'applied what its predecessor answered. Reads go through the log, or ask a majority.',
    scenarios: ['kvraft/first-after-restart', 'kvraft/chaos-3'],
    layers: withServerPort({
      submit(rsm, request) {
        const { op, key } = request;
        return op === 'get' && rsm.getState().isLeader
          ? readLocally(rsm, key)
          : throughTheLog(rsm, request);
      },
    }),
  },
  {
    id: 'K31',
    title: 'A leader refuses puts by its own state',
    seam: 'port',
    guarantee: 'ErrVersion says that the key had another version during the put',
    class: 'safety',
    lesson:
      'To save the log a put that must fail is a read like any other: by a state that is old. ' +
      'What is judged before the log decides is judged too early.',
    scenarios: ['kvraft/first-after-restart', 'kvraft/chaos-3'],
    layers: withServerPort({
      submit(rsm, request) {
        if (request.op !== 'put' || !rsm.getState().isLeader) return throughTheLog(rsm, request);
        const { version } = readLocally(rsm, request.key);
        return version === request.version ? throughTheLog(rsm, request) : { err: 'ErrVersion' };
      },
    }),
  },
  {
    id: 'K33',
    title: 'A put is answered when it is started',
    seam: 'port',
    guarantee: 'a put that was answered is not lost',
    class: 'safety',
    lesson:
      'The log of a leader is a plan. Only what is committed has happened, and only what is ' +
      'applied has an answer.',
    scenarios: ['kvraft/basic', 'kvraft/chaos-3'],
    layers: withServerPort({
      submit(rsm, request) {
        if (request.op !== 'put' || !rsm.getState().isLeader) return throughTheLog(rsm, request);
        throughTheLog(rsm, request);
        return { err: 'OK' };
      },
    }),
  },
  {
    id: 'K13',
    title: 'Versions are not in the snapshot',
    seam: 'rule',
    guarantee: 'a snapshot is the whole state',
    class: 'safety',
    lesson:
      'What decides over requests is state as much as what they read: versions, tables of ' +
      'duplicates, the index applied last. A restart from a snapshot without them executes ' +
      'what must be refused.',
    scenarios: ['kvraft/snapshot-recover', 'kvraft/chaos-3'],
    layers: withServerPort({
      machine: () =>
        kvMachine({
          ...kvMachineRules,
          snapshotOf: (entries) =>
            JSON.stringify([...entries].map(([key, { value }]) => [key, value, 1])),
        }),
    }),
  },
  {
    id: 'K35',
    title: 'A snapshot holds one request more than it says',
    seam: 'port',
    guarantee: 'every request is carried out exactly once',
    class: 'safety',
    lesson:
      'State and index of a snapshot belong together. Taken one after the other, while ' +
      'requests are carried out, the state is ahead, and after a restart its last requests are ' +
      'carried out once more.',
    scenarios: ['rsm/snapshot', 'kvraft/chaos-3'],
    layers: withRsmPort({
      compact: (raft, replica) => raft.snapshot(replica.lastApplied - 1, replica.snapshot()),
    }),
  },
  {
    id: 'K21',
    title: 'Keys expire by the clock of each server',
    seam: 'port',
    guarantee: 'all replicas answer alike',
    class: 'safety',
    lesson:
      'A replica knows nothing but the log. Its clock, its random numbers and the order of its ' +
      'maps are its own, and what follows from them differs from server to server. Time that ' +
      'matters is put into the request.',
    scenarios: ['kvraft/one-partition', 'kvraft/chaos-3'],
    layers: { makeReplicatedKvServer: Object.assign(withClock, { isSynchronous: true }) },
  },
  {
    id: 'K43',
    title: 'Answers come from a cache beside the state',
    seam: 'port',
    guarantee: 'all replicas answer alike',
    class: 'safety',
    lesson:
      'Whatever a server remembers beside the state differs between one that carried out every ' +
      'request and one that took over a snapshot. A snapshot replaces everything, caches and ' +
      'indices with it.',
    scenarios: ['kvraft/snapshot-unreliable-recover-partition', 'kvraft/chaos-5'],
    layers: withServerPort({ machine: cached }),
  },
  {
    id: 'K23',
    title: 'A kind of request is not registered',
    seam: 'port',
    guarantee: 'a request that is carried out is answered',
    class: 'liveness',
    lesson:
      'What the decoder does not know arrives as nothing, and nothing is what is done. The ' +
      'client asks for ever; in Go the only trace is a line on the console.',
    scenarios: ['kvraft/basic', 'kvraft/chaos-3'],
    layers: withServerPort({
      machine() {
        const machine = kvMachine(kvMachineRules);
        return {
          ...machine,
          doOp: (request, index) =>
            (request as KvRequest).op === 'get' ? undefined : machine.doOp(request, index),
        };
      },
    }),
  },
  {
    id: 'K17',
    title: 'Every request costs a snapshot',
    seam: 'rule',
    guarantee: 'a snapshot is taken when the log has grown long',
    class: 'performance',
    lesson:
      'A snapshot writes the whole state, an entry only itself. Taken for each request it makes ' +
      'every put as dear as all keys together; taken at a size it is paid for by the log that ' +
      'it removes.',
    scenarios: ['kvraft/snapshot-speed', 'kvraft/chaos-3'],
    layers: withRsmRule({ needsSnapshot: () => true }),
  },
  {
    id: 'K37',
    title: 'A restarted server does not read its snapshot',
    seam: 'port',
    guarantee: 'a server comes back with all that it has applied',
    class: 'safety',
    lesson:
      'After a restart Raft hands over what follows the snapshot, and nothing else: the log ' +
      'begins there. Whoever waits for the rest has lost it; the service reads its snapshot ' +
      'before the first entry comes.',
    scenarios: ['kvraft/snapshot-recover', 'kvraft/chaos-3'],
    layers: withServerPort({
      machine: () => ({ ...kvMachine(kvMachineRules), restore: () => {} }),
    }),
  },
];
