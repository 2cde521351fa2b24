import type { CheckResult, Violation } from '../check-result.ts';
import type { OperationId } from './online-operation.ts';

/**
 * What is known while the history goes on.
 *
 * - `ok so far`: no violation is certain yet.
 * - `illegal`: there is a violation, and nothing that happens later can mend it.
 * - `unknown`: a budget was used up, so a violation may have been missed.
 */
export type OnlineVerdict = 'ok so far' | 'illegal' | 'unknown';

/**
 * Why the history is not linearizable. Operations are numbered in the order of their calls; their
 * stamps are the numbers of their events.
 */
export interface OnlineViolation<I, O> extends Omit<Violation<I, O>, 'attempt'> {
  /** What the user called the operation to look at first. */
  readonly id: OperationId;
  /** What the user called the operations that the reason is about, in the order of `operations`. */
  readonly ids: readonly OperationId[];
}

/**
 * What an online check came to. There are no linearizations: what they were has been forgotten. The
 * reason `memory` means that `maxConfigurations` was reached.
 */
export interface OnlineResult<I, O> extends Omit<
  CheckResult<I, O>,
  'linearization' | 'parts' | 'violation'
> {
  /** Why not; exactly if the verdict is `illegal`. */
  readonly violation?: OnlineViolation<I, O>;
}
