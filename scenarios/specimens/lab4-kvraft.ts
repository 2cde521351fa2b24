import {
  kvMachine,
  type KvMachineRules,
  kvMachineRules,
  replicatedClerkPorts,
  type ReplicatedClerkRules,
  replicatedClerkRules,
  replicatedKvClerk,
  type ReplicatedKvLayers,
  replicatedKvServer,
  type ReplicatedServerPorts,
  replicatedServerPorts,
  throughTheLog,
} from '../../kvsrv/index.ts';
import {
  rsmOf,
  type RsmPorts,
  rsmPorts,
  type RsmRules,
  rsmRules,
  type StateMachine,
} from '../../raft/index.ts';
import { LaterReply } from '../../sim/index.ts';
import type { Specimen } from '../define/specimen.ts';

type Layers = Partial<ReplicatedKvLayers>;

const withRsmRule = (rule: Partial<RsmRules>): Layers => ({
  makeRsm: rsmOf({ rules: { ...rsmRules, ...rule }, ports: rsmPorts }),
});
const withRsmPort = (port: Partial<RsmPorts>): Layers => ({
  makeRsm: rsmOf({ rules: rsmRules, ports: { ...rsmPorts, ...port } }),
});
const withServerPort = (port: Partial<ReplicatedServerPorts>): Layers => ({
  makeReplicatedKvServer: replicatedKvServer({ ...replicatedServerPorts, ...port }),
});
const withMachineRule = (rule: Partial<KvMachineRules>): Layers =>
  withServerPort({ machine: () => kvMachine({ ...kvMachineRules, ...rule }) });
const withClerkRule = (rule: Partial<ReplicatedClerkRules>): Layers => ({
  makeReplicatedKvClerk: replicatedKvClerk(
    { ...replicatedClerkRules, ...rule },
    replicatedClerkPorts,
  ),
});

type Entry = Omit<Specimen, 'lab'>;

/** Who asked is told what became of the request. */
const answers: readonly Entry[] = [
  {
    id: 'K1',
    title: 'A request is known by its index alone',
    seam: 'rule',
    guarantee: 'a client gets the answer to its own request',
    class: 'safety',
    lesson:
      'What a deposed leader had in its log is overwritten, and another request takes the same ' +
      'index. Whoever compares nothing else gives its answer to a client that asked something ' +
      'different.',
    scenarios: ['kvraft/chaos-5'],
    layers: withRsmRule({ isSame: (waiting, applied) => waiting.index === applied.index }),
  },
  {
    id: 'K3',
    title: 'A request that the server gives up counts as not executed',
    seam: 'rule',
    guarantee: 'an error is definite only if nothing happened',
    class: 'safety',
    lesson:
      'A server that has lost its leadership does not know what its successor has in the log. ' +
      'The request may be committed later, when its client has long been told that it failed.',
    scenarios: ['kvraft/chaos-5'],
    layers: withRsmRule({ mayHappen: () => false }),
  },
  {
    id: 'K27',
    title: 'The clerk takes ErrWrongLeader for a definite answer',
    seam: 'rule',
    guarantee: 'ErrVersion says that the put was definitely not executed',
    class: 'safety',
    lesson:
      'There are two kinds of ErrWrongLeader: of a server that never started the request, and ' +
      'of one that was deposed while it waited. After the second kind a refusal may be due to ' +
      "the clerk's own first attempt.",
    scenarios: ['kvraft/chaos-5'],
    layers: withClerkRule({ mayHaveHappened: (reply) => reply === undefined }),
  },
  {
    id: 'K29',
    title: 'Whoever waits is not told that leadership is lost',
    seam: 'rule',
    guarantee: 'every request is answered once its fate is known',
    class: 'liveness',
    lesson:
      'Nothing need ever be committed at the index for which a request waits: the new log may ' +
      'be shorter for a long time. It is not enough to compare when something is applied; one ' +
      'has to look at the term, too.',
    scenarios: ['rsm/leader-partition'],
    layers: withRsmRule({ hasLostLeadership: () => false }),
  },
  {
    id: 'K19',
    title: 'The clerk goes from server to server without a pause',
    seam: 'port',
    guarantee: 'a clerk does not flood the servers',
    class: 'performance',
    lesson:
      'During an election nobody leads, and every server says so at once. A clerk that never ' +
      'pauses asks a thousand times a second, and all clerks do.',
    scenarios: ['kvraft/chaos-5', 'kvraft/lock-chaos'],
    layers: {
      makeReplicatedKvClerk: replicatedKvClerk(replicatedClerkRules, {
        ...replicatedClerkPorts,
        pause: async () => {},
      }),
    },
  },
];

/** All servers do the same. */
const machines: readonly Entry[] = [
  {
    id: 'K11',
    title: 'A leader answers reads from its own state',
    seam: 'port',
    guarantee: 'a read sees every write that was answered before it',
    class: 'safety',
    lesson:
      'A leader that is cut off still believes to lead, and a new one has not applied all that ' +
      'its predecessor answered. Only a place in the log shows that neither is the case.',
    scenarios: ['kvraft/chaos-5'],
    layers: withServerPort({
      submit(rsm, request) {
        if (request.op !== 'get' || !rsm.getState().isLeader) return throughTheLog(rsm, request);
        const reply = new LaterReply();
        rsm.readAt?.(0, request.key, (answer) => reply.answer(answer));
        return reply;
      },
    }),
  },
  {
    id: 'K21',
    title: 'Answers come from a cache beside the state',
    seam: 'port',
    guarantee: 'all servers do and answer the same',
    class: 'safety',
    lesson:
      'Answers must follow from the requests alone. Whatever else a server remembers (a cache, ' +
      'its clock, the order of a map) differs between one that carried out every request and ' +
      'one that took over a snapshot.',
    scenarios: ['kvraft/chaos-5'],
    layers: withServerPort({ machine: () => cached(kvMachine(kvMachineRules)) }),
  },
  {
    id: 'K23',
    title: 'A field of the command gets lost in the log',
    seam: 'port',
    guarantee: 'what is carried out is what the client asked for',
    class: 'safety',
    lesson:
      'An encoder that leaves out what it does not know (a type not registered, a field in ' +
      'small letters) says nothing. The command arrives, and means something else.',
    scenarios: ['kvraft/chaos-5'],
    layers: withServerPort({
      submit: (rsm, request) =>
        throughTheLog(rsm, request.op === 'get' ? request : { ...request, version: 0 }),
    }),
  },
];

const snapshots: readonly Entry[] = [
  {
    id: 'K13',
    title: 'Versions are not in the snapshot',
    seam: 'port',
    guarantee: 'a snapshot holds the whole state',
    class: 'safety',
    lesson:
      'What decides about later requests is state, whether clients see it or not: versions ' +
      'here, the table of duplicates elsewhere. A server that comes back without it lets puts ' +
      'through that all others refuse.',
    scenarios: ['kvraft/chaos-5'],
    layers: withMachineRule({
      snapshotOf: (entries) =>
        JSON.stringify([...entries].map(([key, { value }]) => [key, value, 1])),
    }),
  },
  {
    id: 'K17',
    title: 'A snapshot is taken after every request',
    seam: 'rule',
    guarantee: 'a request costs as much as it changes',
    class: 'performance',
    lesson:
      'A snapshot costs as much as the whole state. Taken only when the log has grown by as ' +
      'much as one allows it, that is spread over many requests.',
    scenarios: ['kvraft/chaos-5'],
    layers: withRsmRule({ needsSnapshot: () => true }),
  },
  {
    id: 'K31',
    title: 'The snapshot is newer than the index that it is given',
    seam: 'port',
    guarantee: 'every request is carried out once',
    class: 'safety',
    lesson:
      'Index and snapshot have to be taken together. If requests are carried out in between, a ' +
      'server that restarts carries them out once more, on a state that has them already.',
    scenarios: ['kvraft/chaos-5'],
    layers: withRsmPort({
      compact(raft, replica) {
        if (replica.lastApplied > 1) raft.snapshot(replica.lastApplied - 1, replica.snapshot());
      },
    }),
  },
];

/** The bugs of lab 4, each seen in somebody's solution, or left in by its tests. */
export const lab4Specimens: readonly Specimen[] = [...answers, ...machines, ...snapshots].map(
  (entry) => ({ lab: 4, ...entry }),
);

/** A machine that remembers what it read, and forgets it with a write: not with a snapshot. */
function cached(machine: StateMachine): StateMachine {
  const cache = new Map<string, unknown>();
  return {
    ...machine,
    doOp(request) {
      const { op, key } = request as { readonly op: 'get' | 'put'; readonly key: string };
      if (op === 'put') cache.delete(key);
      else if (cache.has(key)) return cache.get(key);
      const answer = machine.doOp(request);
      if (op === 'get') cache.set(key, answer);
      return answer;
    },
  };
}
