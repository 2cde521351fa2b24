import { buildTimeline } from '../history/timeline.ts';
import type { Operation } from '../history/operation.ts';

/** Columns from one call or return to the next. */
const STEP = 2;

/**
 * One bar from call to return for each operation, `|--|`, all of one length. Time goes to the right
 * and is not to scale: calls and returns stand at equal distances. An operation that never returned
 * goes on to the end: `|---...`.
 */
export function drawIntervals(operations: readonly Operation<unknown, unknown>[]): string[] {
  const { entries, callAt, returnAt } = buildTimeline(operations);
  const width = (entries.length - 1) * STEP + 1;
  return operations.map(({ return: end }, index) => {
    const from = callAt[index]! * STEP;
    const bar =
      end === undefined
        ? `|${'-'.repeat(Math.max(width - from - 4, 0))}...`
        : `|${'-'.repeat((returnAt[index]! - callAt[index]!) * STEP - 1)}|`;
    return (' '.repeat(from) + bar).padEnd(width);
  });
}
