/**
 * @module Lab 2: the versioned key/value server, its clerk, and the lock on top of it.
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
