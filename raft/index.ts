/**
 * Raft (lab 3): a server, its contract, and its seams.
 *
 * @module
 */
export {
  CommandTooLarge,
  type Apply,
  type ApplyMessage,
  type Command,
  type LogView,
  type MakeRaft,
  type Persister,
  type Raft,
  type RaftLayers,
  type RaftView,
  type Role,
  type StartResult,
} from './contract.ts';
export type {
  AppendEntriesArgs,
  AppendEntriesReply,
  InstallSnapshotArgs,
  InstallSnapshotReply,
  LogEntry,
  RequestVoteArgs,
  RequestVoteReply,
} from './core/messages.ts';
export { rules as raftRules, type Rules as RaftRules, type TimerCause } from './core/rules.ts';
export { ports as raftPorts, type Ports as RaftPorts } from './ports.ts';
export { makeRaft, raftOf } from './server.ts';
export { diskPersister } from './storage/disk-persister.ts';
export { diskStorage, type StateDisk } from './storage/disk-storage.ts';
export { DamagedState } from './storage/record.ts';
export { persisterStorage } from './storage/persister-storage.ts';
