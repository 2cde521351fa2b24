import { AXIS_PX } from '../canvas/time-axis.ts';
import { lowerBound } from '../model/run-data.ts';
import { boxOf } from './draw-remarks.ts';
import { rowAt, type HistoryRow, type Remark } from './history-rows.ts';
import { barsIn, xIn, type Scene } from './scene.ts';

/** What lies below the pointer. */
export type HistoryHit =
  | { readonly kind: 'operation'; readonly operation: number }
  | { readonly kind: 'remark'; readonly remark: Remark };

/** The pointer may be beside a thing by so much, in px. */
const NEAR_PX = 3;

export function hitIn(scene: Scene, x: number, y: number): HistoryHit | undefined {
  if (y < AXIS_PX) return undefined;
  const row = rowAt(scene.rows, y - AXIS_PX + scene.state.scroll);
  if (row === undefined) return undefined;
  const remark = row.remarks.find((each) => {
    const { left, right, top, height } = boxOf(scene, row, each);
    return x >= left - NEAR_PX && x <= right + NEAR_PX && y >= top && y <= top + height;
  });
  if (remark !== undefined) return { kind: 'remark', remark };
  if (y < barsIn(scene, row).top - 8) return undefined;
  const operation = operationAt(scene, row, x);
  return operation === undefined ? undefined : { kind: 'operation', operation };
}

/** The one below the pointer; else what must not be overlooked, else what is next to it. */
function operationAt(scene: Scene, row: HistoryRow, x: number): number | undefined {
  const { window, width } = scene;
  const unitAt = (px: number): number =>
    window.fromUs + (px / width) * (window.untilUs - window.fromUs);
  const first = lowerBound(row.until, unitAt(x - NEAR_PX - 2));
  const last = lowerBound(row.from, unitAt(x + NEAR_PX));
  let best: number | undefined;
  let least = Infinity;
  for (let i = first; i < Math.min(last, first + 200); i++) {
    const operation = row.operations[i] as number;
    const left = xIn(scene, row.from[i] as number);
    const right = Math.max(left, xIn(scene, row.until[i] as number));
    const away = x < left ? left - x : x > right ? x - right : 0;
    const isSpecial = operation === scene.culprit || scene.stuck.has(operation);
    // Of several on one pixel what is wrong is meant.
    const distance = isSpecial && away <= NEAR_PX + 2 ? -1 : away;
    if (distance < least) [best, least] = [operation, distance];
  }
  return best;
}
