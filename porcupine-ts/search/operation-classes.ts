import type { Operation } from '../history/operation.ts';
import { NEVER, type Timeline } from '../history/timeline.ts';
import { contentKeyIfAny } from './content-key.ts';

/** The operation has no predecessor. */
export const NO_PREDECESSOR = -1;

/**
 * The operations of a part by what they look like to the model: two of one **class** have equal
 * input and equal output, so that `step` treats them alike in every state.
 *
 * Two of one class are interchangeable: let a and b be such and both be candidates, and let a
 * return first (a pending operation returns after all others; of two pending ones let a be called
 * first). Then b need not be tried before a. For take a linearization of the rest that begins with
 * b. If a is in it, swap the two; if it is not, then both are pending, and put a in the place of b.
 * The answers stay legal, since the model cannot tell the two apart. Real time is respected: a may
 * come first, as it is a candidate. At the former place of a, no operation before it was called
 * after the return of b: it was not called after that of a, which is earlier. And none after it
 * returned before the call of b, or b would not have been a candidate.
 */
export interface OperationClasses {
  /** Number of classes. */
  readonly count: number;
  /** Class of each operation. */
  readonly of: Int32Array;
  /** For each operation, the one of its class that returns last before it. */
  readonly predecessor: Int32Array;
}

/** Sorts the operations into classes, in time of the order of the size of inputs and outputs. */
export function classify(
  operations: readonly Operation<unknown, unknown>[],
  { byReturn, entries, operationCount, returnAt }: Timeline,
): OperationClasses {
  const of = new Int32Array(operationCount);
  const predecessor = new Int32Array(operationCount).fill(NO_PREDECESSOR);
  const numbers = new Map<unknown, number>();
  /** The last operation met of each class. */
  const last: number[] = [];
  const meet = (operation: number): void => {
    const key = keyOf(operations[operation]!);
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    of[operation] = number;
    predecessor[operation] = last[number] ?? NO_PREDECESSOR;
    last[number] = operation;
  };
  byReturn.forEach(meet);
  for (const entry of entries) if (entry < operationCount && returnAt[entry] === NEVER) meet(entry);
  return { count: numbers.size, of, predecessor };
}

/** Equal for operations of one class; what has no visible content is in a class of its own. */
function keyOf({ input, output }: Operation<unknown, unknown>): unknown {
  return contentKeyIfAny([input, output]) ?? {};
}
