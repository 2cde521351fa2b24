import type { Palette } from '../canvas/palette.ts';
import { AXIS_PX } from '../canvas/time-axis.ts';
import type { Cone } from '../model/causality.ts';
import { fittedText } from '../canvas/fitted-text.ts';
import { fates } from '../model/flights.ts';
import { lowerBound } from '../model/run-data.ts';
import type { RunModel } from '../model/run-model.ts';
import { toX, type TimeWindow } from '../time/time-window.ts';
import type { Row } from './rows.ts';
import type { RunState } from './run-state.ts';

/** All that drawing needs to know, for one frame. */
export interface Picture {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  readonly palette: Palette;
  readonly model: RunModel;
  readonly state: RunState;
  readonly window: TimeWindow;
  readonly rows: readonly Row[];
  readonly cone: Cone | undefined;
  /** By lane: where its events stand, from the top; NaN if the lane is not shown. */
  readonly laneY: Float64Array;
  /** By lane: top and height of its row. */
  readonly laneTop: Float64Array;
  readonly laneHeight: Float64Array;
}

export function picture(
  given: Omit<Picture, 'laneY' | 'laneTop' | 'laneHeight' | 'window'>,
): Picture {
  const lanes = given.model.lanes.length;
  const laneY = new Float64Array(lanes).fill(NaN);
  const laneTop = new Float64Array(lanes).fill(NaN);
  const laneHeight = new Float64Array(lanes);
  for (const row of given.rows) {
    if (row.kind !== 'lane') continue;
    const top = row.y - given.state.scroll + AXIS_PX;
    laneTop[row.lane] = top;
    laneHeight[row.lane] = row.height;
    laneY[row.lane] = top + row.stripHeight + (row.height - row.stripHeight) / 2;
  }
  return { ...given, window: given.state.window, laneY, laneTop, laneHeight };
}

export function xOf({ window, width }: Picture, us: number): number {
  return toX(us, window, width);
}

/** Where a row begins on the canvas. */
export function topOf({ state }: Picture, row: Row): number {
  return row.y - state.scroll + AXIS_PX;
}

export function isVisible(picture: Picture, row: Row): boolean {
  const top = topOf(picture, row);
  return top + row.height > AXIS_PX && top < picture.height;
}

/** Stretches of time, of which none ends before one that begins before it. */
interface Ascending {
  readonly fromUs: Float64Array;
  readonly untilUs: Float64Array;
}

/**
 * Calls for each stretch that is in the window, with where it begins and ends. Of several that fall
 * on one pixel, or on so many, one is drawn: what cannot be seen costs nothing.
 */
export function eachInSight(
  picture: Picture,
  { fromUs, untilUs }: Ascending,
  draw: (i: number, x: number, end: number) => void,
  leastPx: number = 0.5,
): void {
  const { window, width } = picture;
  const usAPixel = (window.untilUs - window.fromUs) / width;
  let last = -Infinity;
  for (let i = lowerBound(untilUs, window.fromUs); i < fromUs.length; i++) {
    if ((fromUs[i] as number) > window.untilUs) break;
    const x = Math.max(-4, xOf(picture, fromUs[i] as number));
    const end = Math.min(width + 4, xOf(picture, untilUs[i] as number));
    if (end < last + leastPx) {
      // All that end on this pixel are skipped at once.
      const nextUs = window.fromUs + (last + leastPx) * usAPixel;
      i = Math.max(i, lowerBound(untilUs, nextUs) - 1);
      continue;
    }
    draw(i, x, end);
    last = Math.max(end, x + 1);
  }
}

/** The colour of a type of message; from the seventh on they share one. */
export function hueOfType({ palette }: Picture, type: number): string {
  return type >= 0 && type < 6 ? (palette.hues[type] as string) : palette.grey;
}

export const LOST: number = fates.indexOf('lost');
export const DUPLICATED: number = fates.indexOf('duplicated');
export const DELAYED: number = fates.indexOf('delayed');
export const DAMAGED: number = fates.indexOf('damaged');
export const DELIVERED: number = fates.indexOf('delivered');

/** How the line of a fate is broken: the second way to tell them apart. */
export const DASHES: readonly (readonly number[])[] = [
  [],
  [4, 3],
  [9, 2, 2, 2],
  [10, 4],
  [2, 3],
  [6, 2, 1, 2],
  [1, 3],
];

/** A text, cut where the room ends. */
export function fitted(
  { context }: Picture,
  text: string,
  x: number,
  y: number,
  room: number,
): void {
  fittedText(context, text, x, y, room);
}
