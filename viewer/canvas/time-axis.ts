import { momentText, ticksOf } from '../time/ticks.ts';
import { toX, type TimeWindow } from '../time/time-window.ts';
import type { Palette } from './palette.ts';

/** Height of the axis above the rows of a picture, in px. */
export const AXIS_PX = 24;

/** Room for the label of a mark, in px. */
const LABEL_PX = 104;

/** The head of a picture: an axis whose labels tell the time unless something else is said. */
export function drawAxis(
  context: CanvasRenderingContext2D,
  window: TimeWindow,
  width: number,
  palette: Palette,
  label: (us: number, stepUs: number) => string = momentText,
): void {
  context.fillStyle = palette.card;
  context.fillRect(0, 0, width, AXIS_PX);
  context.fillStyle = palette.line;
  context.fillRect(0, AXIS_PX - 1, width, 1);
  const { stepUs, majors, minors } = ticksOf(window, width, LABEL_PX);
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.beginPath();
  for (const us of minors) tick(context, toX(us, window, width), AXIS_PX - 4, AXIS_PX);
  for (const us of majors) tick(context, toX(us, window, width), AXIS_PX - 9, AXIS_PX);
  context.stroke();
  context.fillStyle = palette.dim;
  context.font = `11px ${palette.sans}`;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  for (const us of majors) {
    context.fillText(label(us, stepUs), toX(us, window, width) + 4, AXIS_PX / 2 - 1);
  }
}

/** Faint lines below an axis, through a whole picture. */
export function drawGrid(
  context: CanvasRenderingContext2D,
  window: TimeWindow,
  { width, height }: { readonly width: number; readonly height: number },
  palette: Palette,
): void {
  context.strokeStyle = palette.grid;
  context.lineWidth = 1;
  context.beginPath();
  for (const us of ticksOf(window, width, LABEL_PX).majors) {
    tick(context, toX(us, window, width), 0, height);
  }
  context.stroke();
}

/** A flag on the axis, at a place of the picture: what is there. */
export function drawFlag(
  context: CanvasRenderingContext2D,
  { x, width, text }: { readonly x: number; readonly width: number; readonly text: string },
  fill: string,
  palette: Palette,
): void {
  if (x < -1 || x > width + 1) return;
  context.font = `600 11px ${palette.sans}`;
  const box = context.measureText(text).width + 12;
  const left = Math.min(Math.max(0, x - box / 2), width - box);
  context.fillStyle = fill;
  context.beginPath();
  context.roundRect(left, 2, box, AXIS_PX - 6, 4);
  context.fill();
  context.fillStyle = palette.card;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillText(text, left + 6, AXIS_PX / 2 - 0.5);
}

function tick(context: CanvasRenderingContext2D, x: number, from: number, until: number): void {
  const crisp = Math.round(x) + 0.5;
  context.moveTo(crisp, from);
  context.lineTo(crisp, until);
}
