/**
 * @module The simulated world: kernel, randomness, nodes, network, disks, faults. It knows no
 * protocol.
 */
export { World, type RunLimits, type Selectors, type WorldOptions } from './world.ts';
export { YIELD_EVERY, type Host, type PromiseCount } from './kernel/host.ts';
export { guarded } from './guard/guard.ts';
export {
  describeFailure,
  invariant,
  InvariantViolation,
  LeakError,
  placeOf,
  type Failure,
} from './kernel/failure.ts';
export { Digest, hashString } from './kernel/digest.ts';
export { EventQueue } from './kernel/event-queue.ts';
export type { EventKindName } from './kernel/event.ts';
export { Kernel, type Monitor } from './kernel/kernel.ts';
export { describeThrown, isA, type Thrown } from './kernel/thrown.ts';
export type { Owner } from './kernel/owner.ts';
export { MAX_EVENTS_AT_ONE_INSTANT } from './kernel/step-loop.ts';
export { formatUs, msToUs, usToMs } from './kernel/time.ts';
export type {
  CallHandler,
  CallOptions,
  Env,
  Interval,
  MessageHandler,
  Peer,
  Program,
  SendOptions,
} from './node/env.ts';
export type { CallRecorder } from './node/code-point.ts';
export type { Invariant, ShownState, StateChange } from './node/state-board.ts';
export type { Timer } from './node/timer.ts';
export type { Channel, Received } from './node/channel.ts';
export { CrashSignal } from './node/crash-signal.ts';
export type { Machine, NodeOptions } from './node/machine.ts';
export type { Condition, Mutex } from './node/mutex.ts';
export type { WaitGroup } from './node/wait-group.ts';
export type { Content } from './disk/content.ts';
export type { Disk } from './disk/disk.ts';
export { DiskError, type DiskErrorCode } from './disk/disk-error.ts';
export {
  clockProfile,
  clockProfileByName,
  clockProfiles,
  type ClockProfile,
} from './clocks/clock-profile.ts';
export {
  diskProfile,
  diskProfileByName,
  diskProfiles,
  type DiskProfile,
} from './disk/disk-profile.ts';
export {
  hardwareByName,
  hardwareProfiles,
  type HardwareProfile,
} from './hardware/hardware-profile.ts';
export { bulk, type BulkReply } from './network/bulk.ts';
export { LaterReply } from './network/later-reply.ts';
export { pack, type Payload } from './network/payload.ts';
export type { Counters } from './network/counters.ts';
export { UNKNOWN } from './network/unknown.ts';
export { profileByName, profiles, type NetworkProfile } from './network/profile.ts';
export type { MessageOverride, OverrideFate } from './network/override.ts';
export { checkBudget, damagesDisks, withinBudget, type FaultBudget } from './faults/budget.ts';
export {
  bridge,
  halves,
  isolate,
  majoritiesRing,
  minority,
  rollingRestart,
  swizzleClog,
  type Groups,
  type Window,
} from './faults/draw/patterns.ts';
export { type Cast, type RecipeName } from './faults/draw/recipes.ts';
export { drawJepsen } from './faults/draw/jepsen.ts';
export { drawVopr } from './faults/draw/vopr.ts';
export { prioritySchedule } from './faults/draw/priorities.ts';
export { drawSwarm, type SwarmOptions } from './faults/draw/swarm.ts';
export { crashPointsOf, type CrashPointChoice } from './faults/crash-points.ts';
export { describeFault, faultKinds, type FaultAction } from './faults/kinds.ts';
export { describeTarget, nodesOf, type Messages, type NodeTarget } from './faults/target.ts';
export { PlanError } from './plan/plan-error.ts';
export { quietPlan, type Ties, type WorldPlan } from './plan/plan.ts';
export type { Random } from './random/random.ts';
export { Streams } from './random/streams.ts';
export { Histogram, type Bucket, type HistogramData } from './metrics/histogram.ts';
export { Series, type Fold, type SeriesData } from './metrics/series.ts';
export type { Meter, MeterSource } from './metrics/meter.ts';
export type { CounterRow, MeasureRow, MetricKey, MetricsData } from './metrics/metrics.ts';
export { RunMetrics, type FaultTime } from './metrics/run-metrics.ts';
export { Trace, type NoteKind, type TraceRecord, type TraceSink } from './trace/trace.ts';
export type { TraceColumns } from './trace/columns.ts';
export { traceLevels, type TraceLevel } from './trace/level.ts';
export { recordKinds, topicOf, topics, type Topic } from './trace/topic.ts';
