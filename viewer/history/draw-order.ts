import { AXIS_PX } from '../canvas/time-axis.ts';
import { lowerBound } from '../model/run-data.ts';
import type { HistoryRow } from './history-rows.ts';
import { barsIn, xIn, type Scene } from './scene.ts';

/** More instants than these in sight are drawn as what they cover of each pixel. */
const EACH_MAX = 900;
/** Instants closer than this have no head, and closer than that no number, in px. */
const HEAD_ROOM_PX = 9;
const NUMBER_ROOM_PX = 30;
const RADIUS = 3.5;

/** Where each operation takes effect, and in what order. */
export function drawOrder(scene: Scene): void {
  const { shown, window, rows } = scene;
  if (shown === undefined) return;
  const { points } = shown;
  // One more on both sides, so that the line leaves the picture.
  const first = Math.max(0, lowerBound(points, window.fromUs) - 1);
  const end = Math.min(points.length, lowerBound(points, window.untilUs) + 1);
  if (end <= first) return;
  const yOf = heightsOf(scene, rows);
  if (end - first > EACH_MAX) drawDense(scene, first, end, yOf);
  else drawEach(scene, first, end, yOf);
  drawNow(scene);
}

type YOf = (operation: number) => number;

/** The heads of instants stand on the bars. */
function heightsOf(scene: Scene, rows: readonly HistoryRow[]): YOf {
  const tops = new Map(rows.map((row) => [row.key, barsIn(scene, row).top]));
  const { data } = scene;
  const byClient = new Float64Array(data.clients.length).fill(NaN);
  return (operation) => {
    const client = data.client[operation] as number;
    if (Number.isNaN(byClient[client])) byClient[client] = tops.get(`client ${client}`) ?? -99;
    return (byClient[client] as number) - 3;
  };
}

function drawEach(scene: Scene, first: number, end: number, yOf: YOf): void {
  const { context, palette, shown, state, width, window } = scene;
  const { points, order } = shown!;
  const xOf = (place: number): number => xIn(scene, points[place] as number);
  const line = (from: number, until: number, colour: string, alpha: number): void => {
    if (until - from < 1) return;
    context.globalAlpha = alpha;
    context.strokeStyle = colour;
    context.lineWidth = 1.25;
    context.lineJoin = 'round';
    context.beginPath();
    for (let place = from; place < until; place++) {
      const y = yOf(order.operations[place] as number);
      if (place === from) context.moveTo(xOf(place), y);
      else context.lineTo(xOf(place), y);
    }
    context.stroke();
    context.globalAlpha = 1;
  };
  const now = Math.min(Math.max(state.step, first), end);
  const seen = lowerBound(points, window.untilUs) - lowerBound(points, window.fromUs);
  const room = width / Math.max(1, seen);
  // Where there are many, the line hides what it leads through.
  const fade = Math.min(1, Math.max(0.25, room / 12));
  line(Math.max(first, now - 1), end, palette.dim, 0.5 * fade);
  line(first, now, palette.text, 0.75 * fade);
  for (let place = first; place < end; place++) {
    const operation = order.operations[place] as number;
    drawInstant(scene, place, xOf(place), yOf(operation), room);
  }
}

/** A pin through the bar, with its head on it: full where it has happened. */
function drawInstant(scene: Scene, place: number, x: number, y: number, room: number): void {
  const { context, palette, state } = scene;
  const isDone = place < state.step;
  const isNow = place === state.step - 1;
  if (room < 2.5 && !isNow) return;
  const colour = isNow ? palette.select : isDone ? palette.text : palette.dim;
  context.fillStyle = colour;
  context.globalAlpha = isNow ? 1 : isDone ? 0.6 : 0.35;
  context.fillRect(x - (isNow ? 1 : 0.5), y, isNow ? 2 : 1, 16);
  context.globalAlpha = 1;
  if (room < HEAD_ROOM_PX && !isNow) return;
  context.beginPath();
  context.arc(x, y, isNow ? RADIUS + 1.5 : RADIUS, 0, 2 * Math.PI);
  context.fillStyle = isDone ? colour : palette.card;
  context.fill();
  context.strokeStyle = colour;
  context.lineWidth = 1.25;
  context.stroke();
  if (room < NUMBER_ROOM_PX && !isNow) return;
  context.fillStyle = isNow ? palette.select : palette.dim;
  context.font = `${isNow ? '600 ' : ''}10px ${palette.sans}`;
  context.textAlign = 'left';
  context.textBaseline = 'alphabetic';
  context.fillText(String(place + 1), x + RADIUS + 3, y + 3);
}

/** By pixel, from the highest to the lowest row that the order touches there. */
function drawDense(scene: Scene, first: number, end: number, yOf: YOf): void {
  const { context, palette, shown, state } = scene;
  const { points, order } = shown!;
  const column = (x: number, low: number, high: number, isDone: boolean): void => {
    context.globalAlpha = isDone ? 0.22 : 0.12;
    context.fillStyle = isDone ? palette.text : palette.dim;
    context.fillRect(x, low, 0.6, Math.max(2, high - low));
  };
  let [pixel, low, high] = [-Infinity, 0, 0];
  for (let place = first; place < end; place++) {
    const x = Math.round(xIn(scene, points[place] as number));
    const y = yOf(order.operations[place] as number);
    if (x === pixel) {
      low = Math.min(low, y);
      high = Math.max(high, y);
      continue;
    }
    if (pixel > -Infinity) column(pixel, low, high, place <= state.step);
    [pixel, low, high] = [x, y, y];
  }
  column(pixel, low, high, end <= state.step);
  context.globalAlpha = 1;
}

/** A line through all rows at the step. */
function drawNow(scene: Scene): void {
  const { context, palette, shown, state, height } = scene;
  const point = shown?.points[state.step - 1];
  if (point === undefined) return;
  context.globalAlpha = 0.8;
  context.fillStyle = palette.select;
  context.fillRect(Math.round(xIn(scene, point)) - 0.5, AXIS_PX, 1, height);
  context.globalAlpha = 1;
}
