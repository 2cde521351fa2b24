import type { Operation } from '../history/operation.ts';

/** What the user calls an operation by. */
export type OperationId = string | number;

/**
 * An operation that is being watched. Its stamps are numbers of events, so no two are equal.
 * Without `return` it is pending, for all that is known; `open` tells whether that may change.
 */
export interface OnlineOperation<I, O> extends Operation<I, O> {
  readonly id: OperationId;
  /** How many operations were called before it. */
  readonly index: number;
  /** Can it still return? */
  open: boolean;
  output: O | undefined;
  return: number | undefined;
}
