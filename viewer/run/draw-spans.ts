import type { Operation } from '../model/operations.ts';
import type { Spent, Tracks, Row } from './rows.ts';
import { TRACK_PX } from './rows.ts';
import { eachInSight, fitted, topOf, type Picture } from './picture.ts';

/** A bar that is narrower has no text, and no edges. */
const TEXT_PX = 22;
const BAR_PX = TRACK_PX - 3;

/** Calls for each thing on each track that can be seen, at its place. */
function eachBar<T>(
  picture: Picture,
  tracks: Tracks<T>,
  top: number,
  draw: (item: T, x: number, y: number, width: number) => void,
): void {
  for (const [track, items] of tracks.items.entries()) {
    const y = top + track * TRACK_PX;
    const stretches = { fromUs: tracks.fromUs[track]!, untilUs: tracks.untilUs[track]! };
    eachInSight(picture, stretches, (i, x, end) => {
      draw(items[i] as T, x, y, Math.max(1.5, end - x));
    });
  }
}

export function drawFaultRow(picture: Picture, row: Extract<Row, { kind: 'faults' }>): void {
  const { context, palette } = picture;
  context.font = `11px ${palette.sans}`;
  context.textBaseline = 'middle';
  eachBar(picture, row.tracks, topOf(picture, row) + 3, (fault, x, y, width) => {
    context.fillStyle = palette.shade;
    context.fillRect(x, y, width, BAR_PX);
    context.strokeStyle = palette.shadeEdge;
    context.lineWidth = 1;
    context.strokeRect(x + 0.5, y + 0.5, Math.max(1, width - 1), BAR_PX - 1);
    if (width < TEXT_PX) return;
    context.fillStyle = palette.text;
    const left = Math.max(x, 0);
    fitted(picture, fault.text, left + 5, y + BAR_PX / 2 + 0.5, x + width - left - 8);
  });
}

export function drawOperationRow(
  picture: Picture,
  row: Extract<Row, { kind: 'operations' }>,
): void {
  const { context, palette, state } = picture;
  context.font = `11px ${palette.sans}`;
  context.textBaseline = 'middle';
  eachBar(picture, row.tracks, topOf(picture, row) + 2, (operation, x, y, width) => {
    drawOperation(picture, operation, x, y, width);
    if (operation.id !== state.operation) return;
    context.strokeStyle = palette.select;
    context.lineWidth = 2;
    context.strokeRect(x - 1, y - 1, width + 2, BAR_PX + 2);
  });
}

function drawOperation(
  picture: Picture,
  operation: Operation,
  x: number,
  y: number,
  width: number,
): void {
  const { context, palette } = picture;
  const { status, judged } = operation;
  const blame = judged?.blame;
  const hue = blame === 'culprit' ? palette.bad : blame === 'involved' ? palette.odd : palette.good;
  const tint = status === 'ok' || blame !== undefined ? hue : palette.grey;
  context.globalAlpha = blame === 'culprit' ? 0.85 : blame === 'involved' ? 0.4 : 0.18;
  context.fillStyle = tint;
  context.fillRect(x, y, width, BAR_PX);
  context.globalAlpha = 1;
  if (width >= 4) {
    context.strokeStyle = tint;
    context.lineWidth = 1;
    // What never returned, or had no effect, has no firm edge.
    context.setLineDash(status === 'ok' ? [] : [3, 3]);
    context.strokeRect(x + 0.5, y + 0.5, width - 1, BAR_PX - 1);
    context.setLineDash([]);
  }
  if (width < TEXT_PX) return;
  context.fillStyle = blame === 'culprit' ? palette.card : palette.text;
  const left = Math.max(x, 0);
  const result = operation.result === '' ? (status === 'ok' ? '' : `  (${status})`) : '';
  const arrow = operation.result === '' ? result : `  → ${operation.result}`;
  const mark = blame === 'culprit' ? '✗ ' : '';
  const text = `${mark}${operation.text}${arrow}`;
  fitted(picture, text, left + 5, y + BAR_PX / 2 + 0.5, x + width - left - 8);
}

export function drawSpanRow(picture: Picture, row: Extract<Row, { kind: 'spans' }>): void {
  const { context, palette } = picture;
  context.font = `11px ${palette.sans}`;
  context.textBaseline = 'middle';
  const top = topOf(picture, row) + 1;
  eachBar(picture, row.tracks, top, ({ span }: Spent, x, y, width) => {
    if (row.isNumbers) {
      context.fillStyle = palette.dim;
      context.fillRect(Math.round(x), y, 1, BAR_PX + 2);
      const text = span.label ?? span.what;
      if (width >= TEXT_PX / 2 + 4) fitted(picture, text, x + 4, y + BAR_PX / 2 + 1, width - 5);
      return;
    }
    const hue = hueOfSpan(picture, span.what);
    context.globalAlpha = 0.28;
    context.fillStyle = hue;
    context.fillRect(x, y, width, BAR_PX);
    context.globalAlpha = 1;
    if (width < 3) return;
    context.fillStyle = hue;
    context.fillRect(x, y, Math.min(2.5, width), BAR_PX);
    if (width < 10) return;
    context.fillStyle = palette.text;
    const left = Math.max(x, 0);
    const room = x + width - left - 6;
    const words = span.label ?? span.what;
    const text = context.measureText(words).width <= room ? words : span.mark;
    fitted(picture, text, left + 5, y + BAR_PX / 2 + 0.5, Math.max(room, 14));
  });
}

const hues = new WeakMap<Picture['model'], Map<string, number>>();

/** What spans say, in the order in which they say it first. */
export function spanKinds(model: Picture['model']): Map<string, number> {
  let kinds = hues.get(model);
  if (kinds === undefined) {
    const marks = new Map(model.data.about.spans.map(({ what, mark }) => [what, mark]));
    // By mark, so that group 1 comes before group 2 whoever serves first.
    const sorted = [...marks].toSorted(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0));
    hues.set(model, (kinds = new Map(sorted.map(([what], i) => [what, i]))));
  }
  return kinds;
}

function hueOfSpan({ model, palette }: Picture, what: string): string {
  const place = spanKinds(model).get(what) ?? 0;
  return palette.hues[place % palette.hues.length] as string;
}
