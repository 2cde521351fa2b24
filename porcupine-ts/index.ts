/**
 * The linearizability checker, usable by itself on any history.
 *
 * @module
 */
export type { Annotation } from './annotation.ts';
export { checkOperations, checkOperationsAsync } from './check.ts';
export { checkEvents, checkEventsAsync } from './check-events.ts';
export type { CancelSignal, CheckOptions } from './check-options.ts';
export type {
  Attempt,
  CheckResult,
  CheckVerdict,
  PartResult,
  UnknownReason,
  Violation,
} from './check-result.ts';
export { describeMinimal, type DescribeMinimalOptions } from './explain/core-text.ts';
export { describeMetadata, describeOperation, describeState } from './explain/describe.ts';
export { minimise, type MinimalHistory, type MinimiseOptions } from './explain/minimise.ts';
export { type CallEvent, type Event, operationsOf, type ReturnEvent } from './history/events.ts';
export {
  annotate,
  linearizationInfo,
  type DescribedLinearization,
  type DescribedOperation,
  type DescribedPart,
  type DescribedViolation,
  type InfoLimits,
  type LinearizationInfo,
} from './linearization-info.ts';
export { HistoryError, type HistoryErrorPlace } from './history/history-error.ts';
export { ILLEGAL, type AnyModel, type DeadStates, type Model } from './model.ts';
export { toModel, type NondeterministicModel } from './nondeterministic-model.ts';
export { ModelError } from './model-error.ts';
export { isPending, type Operation } from './history/operation.ts';
export { validateHistory } from './history/validate-history.ts';

export { OnlineChecker, type OnlineOptions } from './online/online-checker.ts';
export type { OnlineOperation, OperationId } from './online/online-operation.ts';
export type { OnlineEvidence, OnlineOutcome, OnlinePart } from './online/online-part.ts';
export type { OnlineResult, OnlineVerdict, OnlineViolation } from './online/online-result.ts';

export { parseJepsenLog } from './formats/jepsen.ts';
export type { HistoryLineMetadata } from './formats/history-line.ts';
export { HISTORY_FORMAT_VERSION, parseJsonl } from './formats/jsonl.ts';
export {
  historyFormats,
  parseAnnotatedHistory,
  parseHistory,
  type AnnotatedHistory,
  type HistoryFormat,
} from './formats/parse-history.ts';
export { parsePorcupineKv } from './formats/porcupine-kv.ts';

export { byKey, type Keyed } from './models/by-key.ts';
export {
  appendListModel,
  type AppendListInput,
  type AppendListOutput,
} from './models/append-list.ts';
export { appendModel, type AppendInput, type AppendOutput } from './models/append.ts';
export {
  casRegisterModel,
  type CasRegisterInput,
  type CasRegisterOutput,
} from './models/cas-register.ts';
export { counterModel, type CounterInput, type CounterOutput } from './models/counter.ts';
export { models } from './models/index.ts';
export { lockModel, type LockInput, type LockOutput, type LockState } from './models/lock.ts';
export {
  createLogModel,
  logModel,
  type LogInput,
  type LogOptions,
  type LogOutput,
} from './models/log.ts';
export { openMaybe } from './models/open-maybe.ts';
export { queueModel, type QueueInput, type QueueOutput } from './models/queue.ts';
export {
  registerModel,
  type RegisterInput,
  type RegisterOutput,
  type RegisterValue,
} from './models/register.ts';
export type { Element, Sequence } from './models/sequence.ts';
export { setModel, type SetInput, type SetOutput } from './models/set.ts';
export { versionedKvLabModel } from './models/versioned-kv-lab.ts';
export type {
  VersionedGet,
  VersionedGetOutput,
  VersionedKvInput,
  VersionedKvOperation,
  VersionedKvOutput,
  VersionedKvState,
  VersionedPut,
  VersionedPutOutput,
} from './models/versioned-kv-operation.ts';
export { versionedKvModel } from './models/versioned-kv.ts';
export {
  writeOnceRegisterModel,
  type WriteOnceInput,
  type WriteOnceOutput,
} from './models/write-once-register.ts';
