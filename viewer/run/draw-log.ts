import type { LogView } from '../../scenarios/define/view.ts';
import type { LogOverTime } from '../model/over-time.ts';
import { lowerBound } from '../model/run-data.ts';
import type { Band } from './draw-facts.ts';
import { eachInSight, type Picture } from './picture.ts';

/** Moments that are closer are drawn as one, in px: a log changes with every message. */
const MOMENT_PX = 2;
/** An entry that is higher has an edge, in px. */
const ENTRY_PX = 5;
/** What is not committed yet is paler. */
const OPEN = 0.25;
/** Of what lies below the first entry so much is seen, as a share of the rest. */
const BELOW = 0.08;
const COMMITTED = 0.62;

/** Indexes, from the first to the last that can be seen. */
interface Range {
  readonly first: number;
  readonly last: number;
}

/**
 * A log over time: indexes from the bottom to the top, coloured by group, pale where they are not
 * committed, grey where a snapshot stands for them. A line for each mark.
 */
export function drawLog(picture: Picture, log: LogOverTime, band: Band): void {
  const range = rangeIn(picture, log);
  const { top, height } = band;
  const yOf = (index: number): number =>
    top + height - ((index - range.first) / Math.max(1, range.last - range.first)) * height;
  drawEntries(picture, log, yOf, range.first);
  for (const i of log.marks.keys()) drawMark(picture, log, i, yOf);
  drawRange(picture, range, band);
}

/** For one frame. */
const ranges = new WeakMap<Picture, Map<LogView, Range>>();

/** Of all logs of the view, so that servers can be compared. */
function rangeIn(picture: Picture, { view }: LogOverTime): Range {
  let known = ranges.get(picture);
  if (known === undefined) ranges.set(picture, (known = new Map()));
  let range = known.get(view);
  if (range === undefined) known.set(view, (range = rangeOf(picture, view)));
  return range;
}

function rangeOf(picture: Picture, view: LogView): Range {
  const { window, rows } = picture;
  let [first, last] = [Infinity, 0];
  for (const row of rows) {
    if (row.kind !== 'fact' || row.fact.drawn.kind !== 'log') continue;
    const { drawn } = row.fact;
    if (drawn.view !== view) continue;
    const end = lowerBound(drawn.fromUs, window.untilUs);
    for (let i = lowerBound(drawn.untilUs, window.fromUs); i < end; i++) {
      const moment = drawn.moments[i]!;
      first = Math.min(first, moment.base);
      last = Math.max(last, moment.last);
    }
  }
  return { first: Math.max(0, Math.min(first, last) - Math.ceil((last - first) * BELOW)), last };
}

type YOf = (index: number) => number;

function drawEntries(picture: Picture, log: LogOverTime, yOf: YOf, lowest: number): void {
  const { context, palette } = picture;
  const isCoarse = yOf(0) - yOf(1) >= ENTRY_PX;
  const [committed] = log.marks;
  let lastEnd = -Infinity;
  eachInSight(
    picture,
    log,
    (i, from, end) => {
      // What was skipped between two that are drawn leaves no gap.
      const x = from - lastEnd < MOMENT_PX + 1 ? lastEnd : from;
      lastEnd = end;
      const { base, last, runs } = log.moments[i]!;
      const width = Math.max(1, end - x);
      const until = committed?.[i] ?? NaN;
      // What a snapshot stands for.
      context.fillStyle = palette.line;
      context.globalAlpha = 0.6;
      context.fillRect(x, yOf(base), width, Math.max(0, yOf(lowest) - yOf(base)));
      for (const [r, { first, group }] of runs.entries()) {
        const bottom = Math.max(base, first - 1);
        const top = Math.min(last, (runs[r + 1]?.first ?? Infinity) - 1);
        if (top <= bottom) continue;
        const split = Math.min(top, Math.max(bottom, Number.isNaN(until) ? bottom : until));
        context.fillStyle = palette.hues[group % 7] as string;
        context.globalAlpha = COMMITTED;
        context.fillRect(x, yOf(split), width, yOf(bottom) - yOf(split));
        context.globalAlpha = OPEN;
        context.fillRect(x, yOf(top), width, yOf(split) - yOf(top));
      }
      context.globalAlpha = 1;
      if (!isCoarse || width < 3) return;
      context.fillStyle = palette.page;
      for (let index = base; index <= last; index++)
        context.fillRect(x, yOf(index) - 0.5, width, 1);
    },
    MOMENT_PX,
  );
}

/** The first mark is a firm line, others are broken. */
function drawMark(picture: Picture, log: LogOverTime, mark: number, yOf: YOf): void {
  const { context, palette } = picture;
  const values = log.marks[mark]!;
  context.strokeStyle = mark === 0 ? palette.text : palette.select;
  context.lineWidth = 1.5;
  context.setLineDash(mark === 0 ? [] : [3, 3]);
  context.beginPath();
  let lastEnd = -Infinity;
  eachInSight(
    picture,
    log,
    (i, x, end) => {
      const value = values[i] as number;
      if (Number.isNaN(value)) return;
      const y = yOf(value);
      if (x - lastEnd < MOMENT_PX + 1) context.lineTo(x, y);
      else context.moveTo(x, y);
      context.lineTo(end, y);
      lastEnd = end;
    },
    MOMENT_PX,
  );
  context.stroke();
  context.setLineDash([]);
}

function drawRange({ context, palette }: Picture, { first, last }: Range, band: Band): void {
  context.font = `10px ${palette.sans}`;
  context.fillStyle = palette.dim;
  const { top, height } = band;
  for (const [text, y] of [
    [String(last), top + 5],
    [String(first), top + height - 4],
  ] as const) {
    const width = context.measureText(text).width + 4;
    context.globalAlpha = 0.8;
    context.fillStyle = palette.page;
    context.fillRect(2, y - 5, width, 11);
    context.globalAlpha = 1;
    context.fillStyle = palette.dim;
    context.fillText(text, 4, y + 0.5);
  }
}
