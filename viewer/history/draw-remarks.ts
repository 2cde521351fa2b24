import { AXIS_PX } from '../canvas/time-axis.ts';
import { fittedText } from '../canvas/fitted-text.ts';
import { TRACK_PX, type HistoryRow, type Remark } from './history-rows.ts';
import { topIn, xIn, type Scene } from './scene.ts';

/** A remark about a point in time is as wide as this, in px. */
const POINT_PX = 5;

/** While something of a tag lasts, everything below it is shaded. */
export function drawShades(scene: Scene): void {
  const { context, palette, rows, width, height } = scene;
  for (const row of rows) {
    if (!row.isTag) continue;
    for (const { from, until } of row.remarks) {
      const left = Math.max(0, xIn(scene, from));
      const right = Math.min(width, xIn(scene, until));
      if (right < 0 || left > width || until === from) continue;
      context.fillStyle = palette.shade;
      context.fillRect(left, AXIS_PX, Math.max(1, right - left), height);
    }
  }
}

/** The remarks of a row, each on its track. */
export function drawRemarks(scene: Scene, row: HistoryRow): void {
  for (const remark of row.remarks) drawRemark(scene, row, remark);
}

/** Where a remark is drawn. */
export function boxOf(
  scene: Scene,
  row: HistoryRow,
  { from, until, track }: Remark,
): { left: number; right: number; top: number; height: number } {
  const left = xIn(scene, from);
  return {
    left,
    right: Math.max(xIn(scene, until), left + POINT_PX),
    top: topIn(scene, row) + 3 + track * TRACK_PX,
    height: TRACK_PX - 3,
  };
}

function drawRemark(scene: Scene, row: HistoryRow, remark: Remark): void {
  const { context, palette, width } = scene;
  const { left, right, top, height } = boxOf(scene, row, remark);
  if (right < 0 || left > width) return;
  const { backgroundColor, description, textColor } = remark.annotation;
  const [from, until] = [Math.max(-2, left), Math.min(width + 2, right)];
  context.fillStyle = palette.shade;
  if (backgroundColor !== undefined) context.fillStyle = backgroundColor;
  context.fillRect(from, top, until - from, height);
  context.strokeStyle = palette.shadeEdge;
  context.lineWidth = 1;
  context.strokeRect(from + 0.5, top + 0.5, Math.max(1, until - from - 1), height - 1);
  const isPoint = remark.from === remark.until;
  context.fillStyle = palette.text;
  // A colour for a text on a background of its own, which a point does not have.
  if (textColor !== undefined && !isPoint) context.fillStyle = textColor;
  context.font = `11px ${palette.sans}`;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  const start = isPoint ? right + 4 : Math.max(from, 0) + 5;
  const room = isPoint ? Math.min(180, width - start) : until - start - 4;
  fittedText(context, description, start, top + height / 2 + 0.5, room);
}
