import type { Timeline } from '../history/timeline.ts';

/**
 * Each operation holds a **slot** from its call to its return and then leaves it to others, so that
 * there are only as many slots as operations were ever open at once. A pending operation never
 * leaves its slot.
 */
export interface Slots {
  /** How many slots are needed. */
  readonly count: number;
  /** Slot of each operation. */
  readonly of: Int32Array;
}

/** Gives each operation a slot. */
export function assignSlots({ entries, operationCount }: Timeline): Slots {
  const of = new Int32Array(operationCount);
  const free: number[] = [];
  let count = 0;
  for (const entry of entries) {
    if (entry >= operationCount) free.push(of[entry - operationCount]!);
    else of[entry] = free.pop() ?? count++;
  }
  return { count, of };
}
