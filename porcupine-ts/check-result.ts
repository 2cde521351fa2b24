import type { Operation } from './history/operation.ts';

/**
 * - `ok`: linearizable; there is a linearization.
 * - `illegal`: not linearizable; there is a violation.
 * - `unknown`: undecided within the budget. Never to be taken for ok.
 */
export type CheckVerdict = 'ok' | 'illegal' | 'unknown';

/**
 * Why a history is undecided: the budget in steps or that in milliseconds was used up, the signal
 * was aborted, or the search would have needed more memory than it may take.
 */
export type UnknownReason = 'steps' | 'time' | 'aborted' | 'memory';

/** What a check found. */
export interface CheckResult<I, O> {
  readonly verdict: CheckVerdict;
  /**
   * Steps of the general search over all partitions: applications of the model to a state and an
   * operation. 0 if exact algorithms decided all of them.
   */
  readonly steps: number;
  /** Number of independent parts. */
  readonly partitions: number;
  /** Number of operations, pending ones included. */
  readonly operations: number;
  /** Exactly if the verdict is `unknown`. */
  readonly reason?: UnknownReason;
  /** Why not; exactly if the verdict is `illegal`. The first found. */
  readonly violation?: Violation<I, O>;
  /**
   * Exactly if the verdict is `ok`: for each partition, in order of first appearance, the indices
   * of its operations in an order in which a single-threaded object would have given their answers.
   * Pending operations are in it only if the linearization needs their effect.
   */
  readonly linearization?: readonly (readonly number[])[];
  /** Each part by itself, in order of first appearance; exactly if `verbose` was asked for. */
  readonly parts?: readonly PartResult<I, O>[];
}

/** What a verbose check found about one part. */
export interface PartResult<I, O> {
  /** The part's key; undefined if the model does not partition. */
  readonly key: string | undefined;
  readonly verdict: CheckVerdict;
  /** Indices of the part's operations, ascending. */
  readonly operations: readonly number[];
  /** Why not; exactly if the verdict is `illegal`. */
  readonly violation?: Violation<I, O>;
  /**
   * If the part is ok: its linearization, alone. If not: for each operation the longest legal
   * beginning of a linearization that was found to contain it, the longest first and each once. An
   * operation that is in none of them was found to fit nowhere. Each is a list of indices.
   *
   * The search tries one of several operations that look the same, and leaves out ways that lead
   * nowhere; so there may be longer ones.
   */
  readonly partialLinearizations: readonly (readonly number[])[];
}

/** Why a history is not linearizable. */
export interface Violation<I, O> {
  /** Key of the illegal part; undefined if the model does not partition. */
  readonly partition: string | undefined;
  /** Number of operations of that part. */
  readonly partitionOperations: number;
  /** Index of the operation to look at first. */
  readonly index: number;
  readonly operation: Operation<I, O>;
  /** Indices of the operations that the reason is about, that one among them. */
  readonly operations: readonly number[];
  /**
   * The class of the reason, without keys, values, versions or clients, so that violations of one
   * cause can be grouped.
   */
  readonly kind: string;
  /** The smallest reason known, in one line. */
  readonly reason: string;
  /** How far the general search came; absent if an exact algorithm decided. */
  readonly attempt?: Attempt;
}

/**
 * Where every attempt breaks off. The operations that returned up to `operation`, it included,
 * cannot be put in order, whatever is made of those that were open at its return. Without it they
 * can, unless the model knows dead states. So look at this operation first, and at what was open
 * then.
 */
export interface Attempt {
  /** Indices of the longest linearization found, in order; it lacks the operation. */
  readonly prefix: readonly number[];
  /** The state after it, in words. */
  readonly state: string;
  /** Indices of the returned operations that could come next and are illegal there, by return. */
  readonly candidates: readonly number[];
}
