import type { OnlineOperation } from './online-operation.ts';

/**
 * The judge of one part of a history while it happens.
 *
 * It is told of calls, and of operations that settle, in the order of time. It must find a
 * violation at the latest when all operations that were open at the event that made it certain have
 * settled: there is no further event at the end of a run but that the open calls are abandoned.
 */
export interface OnlinePart<I, O> {
  /** What has been found out; only `open` is ever left, and then no event needs to be told. */
  readonly outcome: OnlineOutcome<I, O>;
  /** How many operations it holds in memory. */
  readonly held: number;
  /** The operation was called. */
  call(operation: OnlineOperation<I, O>): void;
  /** The operation returned, or will never return: it is not `open` any more. */
  settle(operation: OnlineOperation<I, O>): void;
}

/**
 * `steps`, `memory`: that budget is used up, and nothing more will be found out about this part.
 */
export type OnlineOutcome<I, O> = 'open' | 'steps' | 'memory' | OnlineEvidence<I, O>;

/** Why a part is illegal. */
export interface OnlineEvidence<I, O> {
  /** The class of the reason, without keys, values, versions or clients. */
  readonly kind: string;
  /** The smallest reason known, in one line. */
  readonly reason: string;
  /** The operation to look at first. */
  readonly culprit: OnlineOperation<I, O>;
  /** The operations that the reason is about, the culprit among them. */
  readonly operations: readonly OnlineOperation<I, O>[];
}

/** What the general judges of all parts may use. */
export interface OnlineBudget {
  /** Applications of the model so far, over all parts. */
  steps: number;
  readonly maxSteps: number;
  /** How many configurations one part may hold at a time. */
  readonly maxConfigurations: number;
}
