/**
 * Raft (lab 3) and the replicated state machine on top of it (lab 4A): contracts and seams.
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
  type ServerState,
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
export { applier, type ApplierOptions } from './applier.ts';
export { ports as raftPorts, type Ports as RaftPorts } from './ports.ts';
export { makeRaft, raftOf } from './server.ts';
export { diskPersister } from './storage/disk-persister.ts';
export { diskStorage, type StateDisk } from './storage/disk-storage.ts';
export { DamagedState, seal } from './storage/record.ts';
export { persisterStorage } from './storage/persister-storage.ts';
export { snapshotOn, stateSizeOn } from './storage/state-files.ts';
export type {
  MakeRsm,
  Rsm,
  RsmHost,
  RsmLayers,
  StateMachine,
  SubmitResult,
} from './rsm/contract.ts';
export { perfectRsm } from './rsm/perfect-rsm.ts';
export { carryOut, StateMachineError } from './rsm/replica.ts';
export { makeRsm, rsmOf, rsmPorts, type RsmParts, type RsmPorts } from './rsm/rsm.ts';
export { rsmRules, type RsmRules, type Waiting } from './rsm/rules.ts';
