/**
 * @module The versioned key/value service: one server, its clerk and the lock (lab 2); and the same
 *   on a replicated state machine (lab 4).
 */
export type {
  ClerkOptions,
  GetArgs,
  GetReply,
  KvClerk,
  KvLayers,
  KvServer,
  Lock,
  MakeKvClerk,
  MakeKvServer,
  MakeLock,
  PutArgs,
  PutErr,
  PutOutcome,
  PutReply,
  Version,
} from './contract.ts';
export { handlersOf } from './contract.ts';
export { clerkPorts, kvClerk, makeKvClerk, type ClerkPorts } from './clerk.ts';
export { clerkRules, type ClerkRules, type PutAttempts } from './clerk-rules.ts';
export { lock, lockPorts, makeLock, type LockPorts } from './lock.ts';
export { FREE, lockRules, type LockRules } from './lock-rules.ts';
export { kvServer, makeKvServer, serverPorts, type ServerPorts } from './server.ts';
export { serverRules, type Entry, type ServerRules } from './server-rules.ts';
export type {
  MakeReplicatedKvClerk,
  MakeReplicatedKvServer,
  ReplicatedGetReply,
  ReplicatedKvHost,
  ReplicatedKvLayers,
  ReplicatedKvServer,
  ReplicatedPutReply,
  TooLarge,
  WrongLeader,
} from './replicated/contract.ts';
export {
  makeReplicatedKvClerk,
  replicatedClerkPorts,
  replicatedClerkRules,
  replicatedKvClerk,
  type ReplicatedClerkPorts,
  type ReplicatedClerkRules,
} from './replicated/clerk.ts';
export {
  kvMachine,
  kvMachineRules,
  type KvMachineRules,
  type KvRequest,
} from './replicated/kv-machine.ts';
export {
  makeReplicatedKvServer,
  replicatedKvServer,
  replicatedServerPorts,
  throughTheLog,
  type ReplicatedServerPorts,
} from './replicated/server.ts';
