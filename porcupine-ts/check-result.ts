import type { Operation } from './operation.ts';

/**
 * - `ok`: linearizable; there is a linearization.
 * - `illegal`: not linearizable; there is a violation.
 * - `unknown`: undecided within the budget. Never to be taken for ok.
 */
export type CheckVerdict = 'ok' | 'illegal' | 'unknown';

/** What {@link checkOperations} found. */
export interface CheckResult<I, O> {
  readonly verdict: CheckVerdict;
  /** Search steps over all partitions: applications of the model to a state and an operation. */
  readonly steps: number;
  /** Number of independent parts. */
  readonly partitions: number;
  /** Number of operations, pending ones included. */
  readonly operations: number;
  /** Why not; exactly if the verdict is `illegal`. */
  readonly violation?: Violation<I, O>;
  /**
   * Exactly if the verdict is `ok`: for each partition, in order of first appearance, the indices
   * of its operations in an order in which a single-threaded object would have given their answers.
   * Pending operations are in it only if the linearization needs their effect.
   */
  readonly linearization?: readonly (readonly number[])[];
}

/**
 * Where every attempt breaks off. The operations that returned before `operation` can be put in
 * order, and together with `operation` they cannot, whatever is made of those that were open at its
 * return. So look at this operation first, and at what was open then.
 */
export interface Violation<I, O> {
  /** Key of the illegal part; undefined if the model does not partition. */
  readonly partition: string | undefined;
  /** Number of operations of that part. */
  readonly partitionOperations: number;
  /** Index of the first operation, by return, up to which no order leads. */
  readonly index: number;
  readonly operation: Operation<I, O>;
  /** Indices of the longest linearization found that lacks this operation, in order. */
  readonly prefix: readonly number[];
  /** The state after it, in words. */
  readonly state: string;
  /** Indices of the returned operations that could come next, by return; each is illegal there. */
  readonly candidates: readonly number[];
  /** All that in one line. */
  readonly reason: string;
}
