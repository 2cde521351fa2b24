import { AXIS_PX } from '../canvas/time-axis.ts';
import { lowerBound } from '../model/run-data.ts';
import type { FaultSpan } from '../../scenarios/report/fault-spans.ts';
import type { Fact } from '../model/over-time.ts';
import type { Operation } from '../model/operations.ts';
import { arrowOf, isShown } from './draw-flights.ts';
import { topOf, xOf, type Picture } from './picture.ts';
import { TRACK_PX, type Row, type Spent, type Tracks } from './rows.ts';

/** What is at a place. */
export type Hit =
  | { readonly kind: 'record'; readonly record: number }
  | { readonly kind: 'flight'; readonly flight: number }
  | { readonly kind: 'operation'; readonly operation: Operation }
  | { readonly kind: 'fault'; readonly fault: FaultSpan }
  | { readonly kind: 'fact'; readonly fact: Fact; readonly at: number }
  | { readonly kind: 'span'; readonly spent: Spent };

/** How near a pointer must be, in px. */
const NEAR_PX = 7;
/** In a picture as dense as this nobody means one message. */
const MOST_FLIGHTS = 20_000;

export function hitAt(picture: Picture, x: number, y: number): Hit | undefined {
  const row = picture.rows.find((candidate) => {
    const top = topOf(picture, candidate);
    return y >= Math.max(AXIS_PX, top) && y < top + candidate.height;
  });
  if (row?.kind === 'operations') {
    const operation = barAt(picture, row, row.tracks, x, y - 2);
    return operation && { kind: 'operation', operation };
  }
  if (row?.kind === 'faults') {
    const fault = barAt(picture, row, row.tracks, x, y - 3);
    return fault && { kind: 'fault', fault };
  }
  if (row?.kind === 'spans') {
    const spent = barAt(picture, row, row.tracks, x, y - 1);
    return spent && { kind: 'span', spent };
  }
  if (row?.kind === 'fact') return factAt(picture, row.fact, x);
  return markAt(picture, x, y) ?? flightAt(picture, x, y);
}

function barAt<T>(
  picture: Picture,
  row: Row,
  tracks: Tracks<T>,
  x: number,
  y: number,
): T | undefined {
  const track = Math.floor((y - topOf(picture, row)) / TRACK_PX);
  const items = tracks.items[track];
  if (items === undefined) return undefined;
  const us = usAt(picture, x - 2);
  const i = lowerBound(tracks.untilUs[track]!, us);
  const from = tracks.fromUs[track]![i];
  return from !== undefined && from <= usAt(picture, x + 2) ? items[i] : undefined;
}

function factAt(picture: Picture, fact: Fact, x: number): Hit | undefined {
  const { fromUs, untilUs } = fact.drawn;
  const at = lowerBound(untilUs, usAt(picture, x));
  const from = fromUs[at];
  return from !== undefined && from <= usAt(picture, x + 2)
    ? { kind: 'fact', fact, at }
    : undefined;
}

function usAt({ window, width }: Picture, x: number): number {
  return window.fromUs + (x / width) * (window.untilUs - window.fromUs);
}

function markAt(picture: Picture, x: number, y: number): Hit | undefined {
  const { model, laneY, state } = picture;
  let nearest: { record: number; distance: number } | undefined;
  for (const [lane, at] of laneY.entries()) {
    if (Number.isNaN(at) || Math.abs(at - y) > NEAR_PX) continue;
    const times = model.markTimes[lane]!;
    const records = model.marks[lane]!;
    const end = lowerBound(times, usAt(picture, x + NEAR_PX));
    for (let i = lowerBound(times, usAt(picture, x - NEAR_PX)); i < end; i++) {
      const record = records[i] as number;
      const isQuiet = QUIET.has(model.data.kindAt(record));
      if (isQuiet && !state.hasTimers) continue;
      const dx = xOf(picture, times[i] as number) - x;
      // A message at the same place is meant rather than a timer.
      const distance = Math.hypot(dx, at - y) + (isQuiet ? 2 : 0);
      if (nearest === undefined || distance < nearest.distance) nearest = { record, distance };
    }
  }
  return nearest && { kind: 'record', record: nearest.record };
}

const QUIET: ReadonlySet<string> = new Set(['timer', 'wake', 'start', 'invoke']);

function flightAt(picture: Picture, x: number, y: number): Hit | undefined {
  const { flights } = picture.model;
  const slack = (picture.window.untilUs - picture.window.fromUs) / 50;
  const [first, end] = flights.during(usAt(picture, x) - slack, usAt(picture, x) + slack);
  if (end - first > MOST_FLIGHTS) return undefined;
  let best: number | undefined;
  let least = NEAR_PX - 2;
  for (let i = first; i < end; i++) {
    if (!isShown(picture, i)) continue;
    const arrow = arrowOf(picture, i);
    if (arrow === undefined) continue;
    const distance = toSegment(x, y, arrow.x, arrow.y, arrow.toX, arrow.toY);
    if (distance < least) [best, least] = [i, distance];
  }
  return best === undefined ? undefined : { kind: 'flight', flight: best };
}

/** From a place to the nearest point of a line between two others. */
export function toSegment(
  x: number,
  y: number,
  ax: number,
  ay: number,
  bx: number,
  by: number,
): number {
  const [dx, dy] = [bx - ax, by - ay];
  const squared = dx * dx + dy * dy;
  const share = squared === 0 ? 0 : ((x - ax) * dx + (y - ay) * dy) / squared;
  const at = Math.min(1, Math.max(0, share));
  return Math.hypot(x - ax - at * dx, y - ay - at * dy);
}
