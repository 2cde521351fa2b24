import { buildTimeline } from '../../porcupine-ts/history/timeline.ts';
import { lowerBound } from '../model/run-data.ts';
import { momentText, lengthText } from '../time/ticks.ts';
import type { TimeWindow } from '../time/time-window.ts';
import type { HistoryData } from './history-data.ts';

/** `time`: to scale. `rank`: calls and returns at equal distances, in their order. */
export type AxisKind = 'time' | 'rank';

/** Where calls and returns lie, in units of which a window shows ten at least. */
export interface Axis {
  readonly kind: AxisKind;
  /** By position in the order of all calls and returns, ascending. */
  readonly events: Float64Array;
  /** By operation. */
  readonly from: Float64Array;
  /** NaN if it never returned. */
  readonly until: Float64Array;
  readonly bounds: TimeWindow;
  /** A place in words; `step` tells how exact. */
  label(unit: number, step: number): string;
  /** A distance in words. */
  distance(units: number): string;
}

/** The axes of a history, and how to get from one to the other. */
export interface Axes {
  readonly time: Axis;
  readonly rank: Axis;
  /** By operation: positions of call and return; the latter past the end if there is none. */
  readonly callAt: Int32Array;
  readonly returnAt: Int32Array;
  /** Number of calls and returns. */
  readonly count: number;
  /** Position of a stamp of the file; between two if it is none of theirs. */
  positionOf(stamp: number): number;
}

const RANK_UNITS = 10;
/** Stamps from here on are counted from the first. */
const STAMP_MAX = 1_000_000;
/** Room before the first event and after the last, as a share of the whole. */
const MARGIN = 0.02;
const THIN = '\u202F';

export function axesOf(data: HistoryData): Axes {
  const timeline = buildTimeline(
    Array.from(data.calls, (call, i) => {
      const end = data.returns[i] as number;
      return { clientId: 0, input: 0, call, ...(Number.isNaN(end) ? {} : { return: end }) };
    }),
  );
  const { entries, callAt, returnAt } = timeline;
  const stampAt = (calls: Float64Array, returns: Float64Array): Float64Array =>
    Float64Array.from(entries, (entry) =>
      entry < data.length ? (calls[entry] as number) : (returns[entry - data.length] as number),
    );
  const stamps = stampAt(data.calls, data.returns);
  const times = data.times === undefined ? stamps : stampAt(data.times.calls, data.times.returns);
  const positions = Float64Array.from(entries, (_, i) => (i + 1) * RANK_UNITS);
  const scale = data.times === undefined ? scaleOf(stamps) : { origin: 0, factor: 1 };
  const units = times.map((value) => (value - scale.origin) * scale.factor);
  const words = data.times === undefined ? stampWords(scale) : { label: momentText, distance };
  return {
    time: { ...axisOf('time', units, callAt, returnAt), ...words },
    rank: { ...axisOf('rank', positions, callAt, returnAt), ...RANK_WORDS },
    callAt,
    returnAt,
    count: entries.length,
    positionOf: (stamp) => positionIn(stamps, stamp),
  };
}

/** The same place on another axis. */
export function moved(unit: number, from: Axis, to: Axis): number {
  return unitAt(to, positionIn(from.events, unit));
}

/** The place of a position, which may lie between two events. */
export function unitAt({ events, bounds }: Axis, position: number): number {
  if (events.length === 0) return 0;
  const last = events.length - 1;
  if (position <= 0) return (events[0] as number) + position * edge(bounds);
  if (position >= last) return (events[last] as number) + (position - last) * edge(bounds);
  const whole = Math.floor(position);
  const [before, after] = [events[whole] as number, events[whole + 1] as number];
  return before + (position - whole) * (after - before);
}

/** A step beyond the first or the last event takes half of the margin. */
function edge({ fromUs, untilUs }: TimeWindow): number {
  return ((untilUs - fromUs) * MARGIN) / 2;
}

function positionIn(sorted: Float64Array, value: number): number {
  const at = lowerBound(sorted, value);
  const after = sorted[at];
  const before = sorted[at - 1];
  if (after === undefined || before === undefined) return after === value ? at : at - 0.5;
  return at - 1 + (value - before) / (after - before);
}

function axisOf(
  kind: AxisKind,
  events: Float64Array,
  callAt: Int32Array,
  returnAt: Int32Array,
): Omit<Axis, 'label' | 'distance'> {
  const first = events[0] ?? 0;
  const last = events.at(-1) ?? 0;
  const margin = Math.max(RANK_UNITS, (last - first) * MARGIN);
  return {
    kind,
    events,
    from: Float64Array.from(callAt, (position) => events[position] as number),
    until: Float64Array.from(returnAt, (position) => events[position] ?? NaN),
    bounds: { fromUs: first - margin, untilUs: last + 1.5 * margin },
  };
}

interface Scale {
  readonly origin: number;
  readonly factor: number;
}

/** Stamps may be a few numbers or nanoseconds of a day: units are a million at least in all. */
function scaleOf(stamps: Float64Array): Scale {
  const first = stamps[0] ?? 0;
  const last = stamps.at(-1) ?? 0;
  const length = last - first;
  let factor = 1;
  for (let units = length; units > 0 && units < 1_000_000; units *= 10) factor *= 10;
  for (let units = length; units > 1e12; units /= 10) factor /= 10;
  const isSmall = first >= 0 && last < STAMP_MAX && first <= Math.max(1, length);
  return { origin: isSmall ? 0 : first, factor };
}

function stampWords({ origin, factor }: Scale): Pick<Axis, 'label' | 'distance'> {
  const text = (units: number, step: number): string => {
    const exact = step / factor;
    const decimals = exact >= 1 ? 0 : Math.min(9, Math.ceil(-Math.log10(exact) - 1e-9));
    return grouped((units / factor).toFixed(decimals));
  };
  return {
    label: (unit, step) => `${origin === 0 ? '' : '+'}${text(unit, step)}`,
    distance: (units) => {
      const value = units / factor;
      return grouped(String(Number(value.toPrecision(6))));
    },
  };
}

const RANK_WORDS: Pick<Axis, 'label' | 'distance'> = {
  label: (unit, step) => {
    const rank = unit / RANK_UNITS;
    if (step < RANK_UNITS && !Number.isInteger(rank)) return '';
    return `#${grouped(String(Math.round(rank)))}`;
  },
  distance: (units) => `${grouped(String(Math.round(units / RANK_UNITS)))} events`,
};

function distance(us: number): string {
  return lengthText(us);
}

/** `1 234 567`: groups of three before the point. */
function grouped(text: string): string {
  const [whole = '', fraction] = text.split('.');
  const head = whole.replace(/\B(?=(\d{3})+$)/g, THIN);
  return fraction === undefined ? head : `${head}.${fraction}`;
}
