import type { Operation } from '../operation.ts';

/**
 * The order of one part's calls and returns, as integers.
 *
 * Operations are numbered 0..n-1 as given. An **entry** is a call or a return: the call of
 * operation k is entry k, its return is entry n+k.
 *
 * Each operation holds a **slot** from its call to its return and then leaves it to others, so that
 * there are only as many slots as operations were ever open at once. A pending operation never
 * leaves its slot.
 */
export interface Timeline {
  /** n, the number of operations. */
  readonly operationCount: number;
  /** How many of them returned. */
  readonly returnedCount: number;
  /** How many slots are needed. */
  readonly slotCount: number;
  /** Entries by time; among equal stamps calls come first, since intervals are closed. */
  readonly entries: Int32Array;
  /** Slot of each operation. */
  readonly slotOf: Int32Array;
  /** Operations that returned, by return. */
  readonly byReturn: Int32Array;
}

/** Orders the operations of one part. Stamps must be valid. */
export function buildTimeline(operations: readonly Operation<unknown, unknown>[]): Timeline {
  const operationCount = operations.length;
  const byCall = Int32Array.from(operations.keys());
  byCall.sort((a, b) => operations[a]!.call - operations[b]!.call || a - b);
  const byReturn = byCall.filter((operation) => operations[operation]!.return !== undefined);
  byReturn.sort((a, b) => operations[a]!.return! - operations[b]!.return! || a - b);

  const entries = new Int32Array(byCall.length + byReturn.length);
  let calls = 0;
  let returns = 0;
  for (let position = 0; position < entries.length; position++) {
    const call = operations[byCall[calls] ?? -1]?.call ?? Infinity;
    const nextReturn = operations[byReturn[returns] ?? -1]?.return ?? Infinity;
    entries[position] =
      call <= nextReturn ? byCall[calls++]! : operationCount + byReturn[returns++]!;
  }
  const { slotOf, slotCount } = assignSlots(entries, operationCount);
  return {
    operationCount,
    returnedCount: byReturn.length,
    slotCount,
    entries,
    slotOf,
    byReturn,
  };
}

function assignSlots(
  entries: Int32Array,
  operationCount: number,
): Pick<Timeline, 'slotOf' | 'slotCount'> {
  const slotOf = new Int32Array(operationCount);
  const free: number[] = [];
  let slotCount = 0;
  for (const entry of entries) {
    if (entry >= operationCount) free.push(slotOf[entry - operationCount]!);
    else slotOf[entry] = free.pop() ?? slotCount++;
  }
  return { slotOf, slotCount };
}
