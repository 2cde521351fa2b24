import type { Tone } from '../../scenarios/define/view.ts';
import { lowerBound } from '../model/run-data.ts';
import type { Stretch } from '../model/states.ts';
import { fitted, topOf, xOf, type Picture } from './picture.ts';
import { STRIP_PX, type Row } from './rows.ts';

type LaneRow = Extract<Row, { kind: 'lane' }>;

/** The line of a node. */
export function drawLine({ context, palette, width, laneY }: Picture, row: LaneRow): void {
  const y = Math.round(laneY[row.lane] as number) + 0.5;
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(0, y);
  context.lineTo(width, y);
  context.stroke();
}

/** What a node is over time, and when it is away; above the messages, so that it can be read. */
export function drawLane(picture: Picture, row: LaneRow): void {
  const strip = picture.model.strips[row.lane]!;
  if (row.stripHeight > 0) drawStrip(picture, strip, topOf(picture, row) + 4);
  drawOutages(picture, row);
}

function drawStrip(picture: Picture, strip: readonly Stretch[], y: number): void {
  const { context, palette, window, model } = picture;
  const { tones, beside } = model.fields?.strip ?? {};
  const short = beside?.title ?? beside?.name ?? '';
  context.textBaseline = 'middle';
  let first = strip.findIndex(({ untilUs }) => untilUs >= window.fromUs);
  if (first < 0) first = strip.length;
  let last = -Infinity;
  for (const stretch of strip.slice(first)) {
    if (stretch.fromUs > window.untilUs) break;
    const x = Math.max(0, xOf(picture, stretch.fromUs));
    const end = Math.min(picture.width, xOf(picture, stretch.untilUs));
    if (end - x < 1 && x < last) continue;
    last = end;
    const { fill, text, weight } = coloursOf(picture, stretch.value, tones);
    context.fillStyle = fill;
    context.fillRect(x, y, Math.max(1, end - x - 0.75), STRIP_PX - 2);
    if (end - x < 16) continue;
    context.fillStyle = text;
    context.font = `${weight} 10.5px ${palette.sans}`;
    const words =
      stretch.beside === '' ? stretch.value : `${stretch.value}, ${short} ${stretch.beside}`;
    const isWide = words.length * 6.2 < end - x - 8;
    const shown = isWide ? words : stretch.beside === '' ? stretch.value : stretch.beside;
    fitted(picture, shown, x + 4, y + (STRIP_PX - 2) / 2 + 0.5, end - x - 6);
  }
}

interface Colours {
  readonly fill: string;
  readonly text: string;
  readonly weight: number;
}

function coloursOf(
  { palette }: Picture,
  value: string,
  tones: Readonly<Record<string, Tone>> | undefined,
): Colours {
  const tone = tones?.[value];
  switch (tone) {
    case 'strong':
      return { fill: palette.hues[0] as string, text: palette.card, weight: 600 };
    case 'warn':
      return { fill: palette.hues[1] as string, text: palette.card, weight: 600 };
    case 'good':
      return { fill: palette.good, text: palette.card, weight: 600 };
    case 'bad':
      return { fill: palette.bad, text: palette.card, weight: 600 };
    case 'quiet':
    case undefined:
      return { fill: palette.raised, text: palette.dim, weight: 400 };
  }
}

function drawOutages(picture: Picture, row: LaneRow): void {
  const { context, palette, model, window } = picture;
  const { id } = model.lanes[row.lane]!;
  const outages = model.histories.get(id)?.outages(model.data) ?? [];
  const top = topOf(picture, row) + 3;
  const height = row.height - 5;
  for (const { fromUs, untilUs, status } of outages) {
    if (untilUs < window.fromUs || fromUs > window.untilUs) continue;
    const x = Math.max(-2, xOf(picture, fromUs));
    const width = Math.max(2, Math.min(picture.width + 2, xOf(picture, untilUs)) - x);
    context.fillStyle = palette.raised;
    context.fillRect(x, top, width, height);
    hatch(context, x, top, width, height, status === 'down' ? palette.bad : palette.odd);
    if (width < 40) continue;
    context.font = `600 11px ${palette.sans}`;
    context.textBaseline = 'middle';
    const text = status === 'down' ? '✕ down' : '‖ paused';
    const left = Math.max(0, x) + 6;
    const box = context.measureText(text).width + 8;
    context.fillStyle = palette.raised;
    context.fillRect(left - 4, top + height / 2 - 7, box, 14);
    context.fillStyle = status === 'down' ? palette.bad : palette.odd;
    context.fillText(text, left, top + height / 2 + 0.5);
  }
}

/** Slanted lines: what is away can be told from what is there without its colour. */
function hatch(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  colour: string,
): void {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.strokeStyle = colour;
  context.globalAlpha = 0.35;
  context.lineWidth = 1;
  context.beginPath();
  const from = Math.floor((Math.max(x, 0) - height) / 7) * 7;
  for (let at = from; at < Math.min(x + width, 6000); at += 7) {
    context.moveTo(at, y + height);
    context.lineTo(at + height, y);
  }
  context.stroke();
  context.restore();
  context.strokeStyle = colour;
  context.globalAlpha = 0.7;
  context.lineWidth = 1;
  context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  context.globalAlpha = 1;
}

/** So many marks a pixel, and no more, are drawn one by one. */
const MARKS_A_PIXEL = 0.35;

const QUIET: ReadonlySet<string> = new Set(['timer', 'wake', 'start', 'invoke']);

/** The events of a lane: one by one, or where they are dense how many there are. */
export function drawMarks(picture: Picture, row: LaneRow): void {
  const { model, window, width } = picture;
  const times = model.markTimes[row.lane]!;
  const first = lowerBound(times, window.fromUs);
  const end = lowerBound(times, window.untilUs);
  if (end - first <= width * MARKS_A_PIXEL) {
    return drawEach(picture, row, model.marks[row.lane]!.subarray(first, end));
  }
  drawDensity(picture, row, times);
  drawEach(picture, row, model.befalls[row.lane]!);
}

function drawDensity(
  { context, palette, window, width, laneY }: Picture,
  row: LaneRow,
  times: Float64Array,
): void {
  const y = laneY[row.lane] as number;
  const usAPixel = (window.untilUs - window.fromUs) / width;
  const columnPx = 2;
  context.fillStyle = palette.dim;
  context.globalAlpha = 0.75;
  let before = lowerBound(times, window.fromUs);
  for (let x = 0; x < width; x += columnPx) {
    const next = lowerBound(times, window.fromUs + (x + columnPx) * usAPixel);
    const count = next - before;
    before = next;
    if (count === 0) continue;
    // Twice as many are one pixel more: a lone event is seen beside a thousand.
    const half = Math.min(row.height / 2 - 7, 1 + Math.log2(count) * 0.9);
    context.fillRect(x, y - half, columnPx - 0.5, 2 * half);
  }
  context.globalAlpha = 1;
}

function drawEach(picture: Picture, row: LaneRow, records: Uint32Array): void {
  const { model, state, cone } = picture;
  const { data } = model;
  for (const record of records) {
    const kind = data.kindAt(record);
    const isQuiet = QUIET.has(kind);
    if (isQuiet && !state.hasTimers) continue;
    const isApart = cone !== undefined && cone.of[data.event[record] as number] === 0;
    drawMark(picture, row.lane, record, kind, isQuiet, isApart);
  }
}

function drawMark(
  picture: Picture,
  lane: number,
  record: number,
  kind: string,
  isQuiet: boolean,
  isApart: boolean,
): void {
  const { context, palette, model, laneY } = picture;
  const x = xOf(picture, model.data.timeUs[record] as number);
  const y = laneY[lane] as number;
  context.globalAlpha = isApart ? 0.25 : 1;
  if (isQuiet) {
    context.fillStyle = palette.grey;
    context.fillRect(Math.round(x), y - 3.5, 1, 7);
  } else if (kind === 'crash') cross(context, x, y, 5, palette.bad);
  else if (kind === 'restart') triangle(context, x, y, palette.good);
  else if (kind === 'probe') diamond(context, x, y, palette.hues[3] as string);
  else if (kind === 'message' || kind === 'answer') {
    const type = model.typeOf[model.data.label[record] as number] ?? -1;
    context.fillStyle = type >= 0 && type < 6 ? (palette.hues[type] as string) : palette.grey;
    context.beginPath();
    context.arc(x, y, 3, 0, 2 * Math.PI);
    context.fill();
  } else {
    context.fillStyle = palette.text;
    context.fillRect(x - 1, y - 5, 2, 10);
  }
  context.globalAlpha = 1;
}

export function cross(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  size: number,
  colour: string,
): void {
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x - size, y - size);
  context.lineTo(x + size, y + size);
  context.moveTo(x + size, y - size);
  context.lineTo(x - size, y + size);
  context.stroke();
}

function triangle(context: CanvasRenderingContext2D, x: number, y: number, colour: string): void {
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(x - 4, y - 5);
  context.lineTo(x + 5, y);
  context.lineTo(x - 4, y + 5);
  context.fill();
}

function diamond(context: CanvasRenderingContext2D, x: number, y: number, colour: string): void {
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(x, y - 5);
  context.lineTo(x + 5, y);
  context.lineTo(x, y + 5);
  context.lineTo(x - 5, y);
  context.fill();
}

/** When some fault was about a node. */
export function drawFaultShades(picture: Picture): void {
  const { context, palette, model, window, laneTop, laneHeight } = picture;
  context.fillStyle = palette.shade;
  for (const [lane, times] of model.troubled.entries()) {
    const top = laneTop[lane] as number;
    if (Number.isNaN(top) || top > picture.height) continue;
    for (let i = 0; i < times.length; i += 2) {
      const [fromUs, untilUs] = [times[i] as number, times[i + 1] as number];
      if (untilUs < window.fromUs || fromUs > window.untilUs) continue;
      const x = Math.max(-1, xOf(picture, fromUs));
      const end = Math.min(picture.width + 1, xOf(picture, Math.min(untilUs, model.data.endUs)));
      context.fillRect(x, top, Math.max(1, end - x), laneHeight[lane] as number);
    }
  }
}

/** What is neither past nor future of the selected event lies behind a veil. */
export function drawVeil(picture: Picture): void {
  const { context, palette, cone, model, laneTop, laneHeight, width } = picture;
  if (cone === undefined) return;
  context.fillStyle = palette.veil;
  for (const [lane] of model.lanes.entries()) {
    const top = laneTop[lane] as number;
    if (Number.isNaN(top)) continue;
    const from = Math.max(-1, xOf(picture, cone.pastUntilUs[lane] as number));
    const until = Math.min(width + 1, xOf(picture, cone.futureFromUs[lane] as number));
    if (until > from) context.fillRect(from, top, until - from, laneHeight[lane] as number);
  }
}
