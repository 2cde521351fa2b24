import { buildTimeline } from '../history/timeline.ts';
import type { Operation } from '../history/operation.ts';

/** Columns from one call or return to the next: wide for few operations, narrow for many. */
const STEP_WIDE = 3;
const STEP_NARROW = 2;
const WIDE_MAX = 4;

/**
 * One bar from call to return for each operation, `|--|`, all of one length. Time goes to the right
 * and is not to scale: calls and returns stand at equal distances. An operation that never returned
 * goes on to the end: `|---...`.
 */
export function drawIntervals(operations: readonly Operation<unknown, unknown>[]): string[] {
  const { entries, callAt, returnAt } = buildTimeline(operations);
  const step = operations.length > WIDE_MAX ? STEP_NARROW : STEP_WIDE;
  const width = (entries.length - 1) * step + 1;
  return operations.map(({ return: end }, index) => {
    const from = callAt[index]! * step;
    const bar =
      end === undefined
        ? `|${'-'.repeat(Math.max(width - from - 4, 0))}...`
        : `|${'-'.repeat((returnAt[index]! - callAt[index]!) * step - 1)}|`;
    return (' '.repeat(from) + bar).padEnd(width);
  });
}
