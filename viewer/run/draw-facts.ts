import type { MembersOverTime, NumberOverTime, WordsOverTime } from '../model/over-time.ts';
import { lowerBound } from '../model/run-data.ts';
import { spanKinds } from './draw-spans.ts';
import { drawLog } from './draw-log.ts';
import { eachInSight, fitted, topOf, type Picture } from './picture.ts';
import type { Row } from './rows.ts';

type FactRow = Extract<Row, { kind: 'fact' }>;

/** A stretch that is narrower says nothing. */
const TEXT_PX = 14;

/** Where something is drawn: below the upper edge of its row, and above the lower one. */
export interface Band {
  readonly top: number;
  readonly height: number;
}

/** What is known in one respect, over time. */
export function drawFact(picture: Picture, row: FactRow): void {
  const { context, palette, width } = picture;
  const band = { top: topOf(picture, row) + 3, height: row.height - 6 };
  // Messages pass below: they are about the lanes.
  context.globalAlpha = 0.88;
  context.fillStyle = row.isInner ? palette.page : palette.card;
  context.fillRect(0, band.top - 3, width, row.height);
  context.globalAlpha = 1;
  context.fillStyle = palette.grid;
  context.fillRect(0, band.top - 3 + row.height - 1, width, 1);
  const { drawn } = row.fact;
  context.font = `11px ${palette.sans}`;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  switch (drawn.kind) {
    case 'words':
      return drawWords(picture, drawn, band);
    case 'number':
      return drawNumber(picture, drawn, band);
    case 'members':
      return drawMembers(picture, drawn, band, row.title);
    case 'log':
      return drawLog(picture, drawn, band);
  }
}

function drawWords(picture: Picture, words: WordsOverTime, { top, height }: Band): void {
  const { context, palette } = picture;
  eachInSight(picture, words, (i, x, end) => {
    const hue = words.hues[i] as number;
    const width = Math.max(1.5, end - x - 0.75);
    const colour = hue < 0 ? palette.raised : (palette.hues[hue] as string);
    context.globalAlpha = hue < 0 ? 1 : 0.28;
    context.fillStyle = colour;
    context.fillRect(x, top, width, height);
    context.globalAlpha = 1;
    if (hue >= 0) context.fillRect(x, top, Math.min(2.5, width / 3), height);
    if (width < TEXT_PX) return;
    context.fillStyle = hue < 0 ? palette.dim : palette.text;
    const left = Math.max(x, 0) + 6;
    const room = end - left - 3;
    const texts = words.texts[i]!;
    const text = texts.find((each) => context.measureText(each).width <= room) ?? texts.at(-1);
    fitted(picture, text ?? '', left, top + height / 2 + 0.5, room);
  });
}

/** A line of steps, between the least and the most in sight; with numbers where they fit. */
function drawNumber(picture: Picture, number: NumberOverTime, { top, height }: Band): void {
  const { context, palette } = picture;
  const [least, most] = rangeIn(picture, number);
  const yOf = (value: number): number => {
    const share = most === least ? 0.35 : (value - least) / (most - least);
    return top + height - 2 - share * (height - 5);
  };
  let [lastEnd, lastY] = [-Infinity, 0];
  context.fillStyle = palette.hues[0] as string;
  eachInSight(picture, number, (i, x, end) => {
    const y = yOf(number.values[i] as number);
    const width = Math.max(1, end - x);
    context.globalAlpha = 0.16;
    context.fillRect(x, y, width, top + height - y);
    context.globalAlpha = 1;
    context.fillRect(x, y - 1, width, 2);
    const isNext = x - lastEnd < 1.5;
    if (isNext) context.fillRect(x - 0.75, Math.min(y, lastY) - 1, 1.5, Math.abs(y - lastY) + 2);
    [lastEnd, lastY] = [end, y];
  });
  context.fillStyle = palette.text;
  eachInSight(picture, number, (i, x, end) => {
    const left = Math.max(x, 0) + 4;
    const text = String(number.values[i]);
    if (end - left < TEXT_PX || context.measureText(text).width > end - left - 2) return;
    const y = yOf(number.values[i] as number);
    context.fillText(text, left, y - top > 8.5 ? y - 7 : y + 8);
  });
}

/** The least and the most value of those in the window. */
function rangeIn(
  { window }: Picture,
  { fromUs, untilUs, values }: NumberOverTime,
): [number, number] {
  let [least, most] = [Infinity, -Infinity];
  const end = lowerBound(fromUs, window.untilUs);
  for (let i = lowerBound(untilUs, window.fromUs); i < end; i++) {
    least = Math.min(least, values[i] as number);
    most = Math.max(most, values[i] as number);
  }
  return [least, most];
}

/** A line for each that can be had, broken where it was not had. */
function drawMembers(
  picture: Picture,
  members: MembersOverTime,
  { top, height }: Band,
  owner: string,
): void {
  const { context, palette, model } = picture;
  const places = new Map(members.members.map((member, i) => [member, i]));
  const linePx = height / Math.max(1, places.size);
  const hue = spanKinds(model).get(owner) ?? 0;
  eachInSight(picture, members, (i, x, end) => {
    context.fillStyle = palette.hues[hue % palette.hues.length] as string;
    context.globalAlpha = 0.75;
    for (const member of members.sets[i]!) {
      const y = top + (places.get(member) ?? 0) * linePx;
      context.fillRect(x, y, Math.max(1.5, end - x - 1), Math.max(1, linePx - 1));
    }
    context.globalAlpha = 1;
    const had = members.members.filter((member) => members.sets[i]!.has(member));
    if (had.length === 0) return;
    label(picture, `${had.length}: ${had.map(shortName).join(' ')}`, x, end, top + height / 2);
  });
}

/** A text on a ground of its own, where it has room. */
function label(picture: Picture, text: string, x: number, end: number, y: number): void {
  const { context, palette } = picture;
  const left = Math.max(x, 0) + 4;
  const room = end - left - 8;
  if (room < 40) return;
  context.globalAlpha = 0.85;
  context.fillStyle = palette.card;
  context.fillRect(left, y - 7, Math.min(room, context.measureText(text).width) + 6, 14);
  context.globalAlpha = 1;
  context.fillStyle = palette.text;
  fitted(picture, text, left + 3, y + 0.5, room + 1);
}

/** `shard 11` is `11` among its like. */
function shortName(member: string): string {
  return /\d+$/.exec(member)?.[0] ?? member;
}
