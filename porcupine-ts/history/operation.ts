/**
 * One client call: what was asked, what was answered, and between which two instants.
 *
 * `call` and `return` are stamps on one common axis: sequence numbers of events, or times in any
 * unit and from any origin. Intervals are closed: an operation may take effect at its very call or
 * return stamp, so `[10, 20]` and `[20, 30]` overlap and may take effect in either order. Where two
 * events have the same stamp, a call therefore counts as earlier than a return. Strictly increasing
 * sequence numbers, where they are to be had, leave no such doubt.
 *
 * **Pending operations.** An operation without `return` is pending: its client crashed, the run
 * ended, or the answer said nothing ("maybe"). It may have taken effect at any instant from `call`
 * on, or never; the checker considers both. It must not carry an `output`. Dropping a pending
 * operation from a history instead would be wrong: its effect may have been read by others.
 *
 * A returned operation whose answer is not known has a `return` and no `output`: it took effect
 * within its interval, and any output goes.
 */
export interface Operation<I, O> {
  /** Who called. A client calls one operation at a time; see {@link validateHistory}. */
  readonly clientId: string | number;
  readonly input: I;
  /** Stamp of the call, a finite number. */
  readonly call: number;
  /** What was answered; absent if nobody knows. */
  readonly output?: O | undefined;
  /** Stamp of the return, a finite number, not below `call`. Absent = pending. */
  readonly return?: number | undefined;
  /** Anything the caller wants to find again; the checker does not look at it. */
  readonly metadata?: unknown;
}

/** Is the operation pending, that is, did it never return? */
export function isPending(operation: Operation<unknown, unknown>): boolean {
  return operation.return === undefined;
}
