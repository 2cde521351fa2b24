import type { Operation } from './operation.ts';
import { ascending } from './stamp-order.ts';

/** Position of the return of a pending operation: after everything. */
export const NEVER = 0x7fffffff;

/**
 * The order of calls and returns, as integers.
 *
 * Operations are numbered 0..n-1 as given. An **entry** is a call or a return: the call of
 * operation k is entry k, its return is entry n+k. A **position** is the place of an entry in time;
 * no two entries share one, so that equal stamps raise no question any more. An operation takes
 * effect in one of the **gaps** between its call and its return: gap g lies between the positions g
 * and g+1, so the gaps of an operation are those from `callAt` to `returnAt - 1`.
 */
export interface Timeline {
  /** n, the number of operations. */
  readonly operationCount: number;
  /** How many of them returned. */
  readonly returnedCount: number;
  /** Entries by time; among equal stamps calls come first, since intervals are closed. */
  readonly entries: Int32Array;
  /** Position of each operation's call. */
  readonly callAt: Int32Array;
  /** Position of each operation's return; {@link NEVER} if it is pending. */
  readonly returnAt: Int32Array;
  /** Operations that returned, by return. */
  readonly byReturn: Int32Array;
}

/** Orders the operations. Stamps must be valid. */
export function buildTimeline(operations: readonly Operation<unknown, unknown>[]): Timeline {
  const operationCount = operations.length;
  // Calls before returns, so that they come first among equals.
  const stamps = new Float64Array(2 * operationCount);
  let returnedCount = 0;
  for (let index = 0; index < operationCount; index++) {
    const { call, return: end } = operations[index]!;
    stamps[index] = call;
    stamps[operationCount + index] = end ?? Infinity;
    if (end !== undefined) returnedCount++;
  }
  // Returns that never were are at infinity, at the end, and cut off.
  const entries = ascending(stamps).subarray(0, operationCount + returnedCount);
  return timelineOf(entries, operationCount);
}

/** The timeline of entries that are in order already. */
export function timelineOf(entries: Int32Array, operationCount: number): Timeline {
  const callAt = new Int32Array(operationCount);
  const returnAt = new Int32Array(operationCount).fill(NEVER);
  const byReturn = new Int32Array(entries.length - operationCount);
  let returnedCount = 0;
  for (let position = 0; position < entries.length; position++) {
    const entry = entries[position]!;
    if (entry < operationCount) {
      callAt[entry] = position;
    } else {
      returnAt[entry - operationCount] = position;
      byReturn[returnedCount++] = entry - operationCount;
    }
  }
  return { operationCount, returnedCount, entries, callAt, returnAt, byReturn };
}
