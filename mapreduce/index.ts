/**
 * MapReduce (lab 1): coordinator, workers, applications, contracts and seams.
 *
 * @module
 */
export type {
  Application,
  AssignArgs,
  AssignReply,
  Attempt,
  BadRecord,
  ChangesArgs,
  ChangesReply,
  CompleteArgs,
  CompleteReply,
  Coordinator,
  GaspArgs,
  Intermediate,
  Job,
  KeyValue,
  Loss,
  LostArgs,
  MakeApplication,
  MakeCoordinator,
  MakeWorker,
  MapOutput,
  MapReduceLayers,
  OutputChange,
  Split,
  TaskKind,
  WorkerHost,
} from './contract.ts';
export { coordinatorOf, makeCoordinator } from './coordinator.ts';
export { fileServer, remoteFiles, sharedFiles, type Files } from './files.ts';
export { heldFor, HeldOutputs, type FetchArgs, type FetchReply } from './held-outputs.ts';
export { encode, type Buckets } from './pairs.ts';
export { grep } from './apps/grep.ts';
export { invertedIndex } from './apps/inverted-index.ts';
export { sort } from './apps/sort.ts';
export { wordCount } from './apps/word-count.ts';
export { JobTable, type JobCounts, type Running, type Task } from './job-table.ts';
export { outputName } from './names.ts';
export { partitionOf } from './partition.ts';
export {
  coordinatorRules,
  type BackupQuestion,
  type CoordinatorRules,
  type Progress,
} from './rules.ts';
export { bytesOf, linesOf, offsetOf } from './records.ts';
export { copyable, RecordError } from './user-code.ts';
export { sequential } from './sequential.ts';
export { makeWorker, workerOf } from './worker.ts';
export { workerPorts, type Kept, type WorkerPorts } from './worker-ports.ts';
