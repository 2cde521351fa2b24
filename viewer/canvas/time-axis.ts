import { momentText, ticksOf } from '../time/ticks.ts';
import { toX, type TimeWindow } from '../time/time-window.ts';
import type { Palette } from './palette.ts';

/** Room for the label of a mark, in px. */
const LABEL_PX = 104;

/** An axis with its labels, which tell the time unless something else is said. */
export function drawAxis(
  context: CanvasRenderingContext2D,
  window: TimeWindow,
  { width, height }: { readonly width: number; readonly height: number },
  palette: Palette,
  label: (us: number, stepUs: number) => string = momentText,
): void {
  const { stepUs, majors, minors } = ticksOf(window, width, LABEL_PX);
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.beginPath();
  for (const us of minors) tick(context, toX(us, window, width), height - 4, height);
  for (const us of majors) tick(context, toX(us, window, width), height - 9, height);
  context.stroke();
  context.fillStyle = palette.dim;
  context.font = `11px ${palette.sans}`;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  for (const us of majors) {
    context.fillText(label(us, stepUs), toX(us, window, width) + 4, height / 2 - 1);
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

function tick(context: CanvasRenderingContext2D, x: number, from: number, until: number): void {
  const crisp = Math.round(x) + 0.5;
  context.moveTo(crisp, from);
  context.lineTo(crisp, until);
}
