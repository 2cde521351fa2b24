/** A stretch of virtual time that is looked at, in µs. */
export interface TimeWindow {
  readonly fromUs: number;
  readonly untilUs: number;
}

/** The shortest stretch that a window shows: a microsecond is then wider than a finger. */
export const SHORTEST_US = 10;

/** Room left of the first event and right of the last, as a share of the whole. */
const MARGIN = 0.02;

/** The whole of a run, with a margin. */
export function wholeOf(endUs: number): TimeWindow {
  const margin = Math.max(SHORTEST_US / 2, endUs * MARGIN);
  return { fromUs: -margin, untilUs: endUs + margin };
}

/** A window of a length, around a moment. */
export function around(momentUs: number, lengthUs: number, bounds: TimeWindow): TimeWindow {
  const half = lengthUs / 2;
  return within({ fromUs: momentUs - half, untilUs: momentUs + half }, bounds);
}

/** Larger by a factor above 1, or smaller; the moment stays where it is on the screen. */
export function zoomed(
  window: TimeWindow,
  factor: number,
  momentUs: number,
  bounds: TimeWindow,
): TimeWindow {
  const { fromUs, untilUs } = window;
  const longest = bounds.untilUs - bounds.fromUs;
  const length = clamp((untilUs - fromUs) * factor, Math.min(SHORTEST_US, longest), longest);
  const share = (momentUs - fromUs) / (untilUs - fromUs);
  const from = momentUs - share * length;
  return within({ fromUs: from, untilUs: from + length }, bounds);
}

/** Later by so many µs, as far as there is something. */
export function panned(window: TimeWindow, byUs: number, bounds: TimeWindow): TimeWindow {
  return within({ fromUs: window.fromUs + byUs, untilUs: window.untilUs + byUs }, bounds);
}

/** As long as it is, and moved inside the bounds; no shorter than can be looked at. */
export function within({ fromUs, untilUs }: TimeWindow, bounds: TimeWindow): TimeWindow {
  const longest = bounds.untilUs - bounds.fromUs;
  const length = clamp(untilUs - fromUs, Math.min(SHORTEST_US, longest), longest);
  const from = clamp(fromUs, bounds.fromUs, bounds.untilUs - length);
  return { fromUs: from, untilUs: from + length };
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

/** Where a moment lies in a picture that is so many pixels wide. */
export function toX(us: number, { fromUs, untilUs }: TimeWindow, width: number): number {
  return ((us - fromUs) / (untilUs - fromUs)) * width;
}

/** The moment at a place in it. */
export function toUs(x: number, { fromUs, untilUs }: TimeWindow, width: number): number {
  return fromUs + (x / width) * (untilUs - fromUs);
}
