import { NEVER, type Timeline } from '../history/timeline.ts';

/**
 * Each operation that returns holds a **slot** from its call to its return and then leaves it to
 * others, so that there are only as many slots as operations were ever open at once. A pending
 * operation never leaves its slot; these slots come last and begin a word of their own, so that a
 * mask falls into the words of the returned and those of the pending operations.
 */
export interface Slots {
  /** Slot of each operation. */
  readonly of: Int32Array;
  /** Words of a mask with one bit for each slot. */
  readonly words: number;
  /** How many of them, from the start, are for operations that return. */
  readonly returnedWords: number;
}

/** Gives each operation a slot. */
export function assignSlots({ entries, operationCount, returnAt }: Timeline): Slots {
  const of = new Int32Array(operationCount);
  const free: number[] = [];
  const pending: number[] = [];
  let returning = 0;
  for (const entry of entries) {
    if (entry >= operationCount) free.push(of[entry - operationCount]!);
    else if (returnAt[entry] === NEVER) pending.push(entry);
    else of[entry] = free.pop() ?? returning++;
  }
  const returnedWords = (returning + 31) >>> 5;
  pending.forEach((operation, rank) => {
    of[operation] = 32 * returnedWords + rank;
  });
  return { of, words: returnedWords + ((pending.length + 31) >>> 5), returnedWords };
}
