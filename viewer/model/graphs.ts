import { fates, type Flights } from './flights.ts';
import type { Operations } from './operations.ts';
import { lowerBound } from './run-data.ts';
import { niceStep } from '../time/ticks.ts';
import type { TimeWindow } from '../time/time-window.ts';

/** One line of a graph. */
export interface GraphLine {
  readonly name: string;
  /** Place in the hues of the palette. */
  readonly hue: number;
  readonly isDashed: boolean;
  /** Its value for a stretch of time; null = it has none there. */
  readonly in: (fromUs: number, untilUs: number) => number | null;
}

/** What is counted or measured over time. */
export interface Graph {
  readonly title: string;
  /** What its numbers are: `ms`; '' = counted, so many each step. */
  readonly unit: string;
  readonly lines: readonly GraphLine[];
}

/** A window cut into steps of equal length, which stay where they are when it is moved. */
export interface Steps {
  readonly stepUs: number;
  /** Where each begins, ascending. */
  readonly fromUs: readonly number[];
}

/** So many pixels a step at least. */
const STEP_PX = 6;

/** Messages and operations over time; what a run has none of is left out. */
export function graphsOf(flights: Flights, operations: Operations): Graph[] {
  return [...messageGraphs(flights), ...operationGraphs(operations)];
}

export function stepsOf({ fromUs, untilUs }: TimeWindow, width: number): Steps {
  const stepUs = niceStep(Math.max(1, ((untilUs - fromUs) * STEP_PX) / Math.max(1, width)));
  const first = Math.max(0, Math.floor(fromUs / stepUs));
  const count = Math.max(1, Math.ceil(untilUs / stepUs) - first);
  return { stepUs, fromUs: Array.from({ length: count }, (_, i) => (first + i) * stepUs) };
}

function messageGraphs(flights: Flights): Graph[] {
  if (flights.length === 0) return [];
  const lost = fates.indexOf('lost');
  const pending = fates.indexOf('under way');
  const ends = (isWanted: (fate: number) => boolean): Float64Array =>
    flights.untilUs.filter((_us, i) => isWanted(flights.fate[i] as number)).toSorted();
  const arrived = ends((fate) => fate !== lost && fate !== pending);
  const gone = ends((fate) => fate === lost);
  const over = ends((fate) => fate !== pending);
  return [
    {
      title: 'Messages',
      unit: '',
      lines: [
        { name: 'arrived', hue: 0, isDashed: false, in: countIn(arrived) },
        { name: 'lost', hue: 6, isDashed: true, in: countIn(gone) },
      ],
    },
    {
      title: 'Under way',
      unit: 'at a time',
      lines: [
        {
          name: 'messages',
          hue: 3,
          isDashed: false,
          in: (fromUs) => lowerBound(flights.fromUs, fromUs) - lowerBound(over, fromUs),
        },
      ],
    },
  ];
}

function operationGraphs({ all }: Operations): Graph[] {
  const done = all
    .filter(({ status }) => status !== 'pending')
    .toSorted((a, b) => a.untilUs - b.untilUs);
  if (done.length === 0) return [];
  const times = (isWanted: (status: string) => boolean): Float64Array =>
    Float64Array.from(
      done.filter(({ status }) => isWanted(status)),
      ({ untilUs }) => untilUs,
    );
  const ends = times(() => true);
  const others = times((status) => status !== 'ok');
  const tookMs = Float64Array.from(done, ({ fromUs, untilUs }) => (untilUs - fromUs) / 1000);
  const quantile = (share: number) => (fromUs: number, untilUs: number) => {
    const took = tookMs.slice(lowerBound(ends, fromUs), lowerBound(ends, untilUs)).sort();
    return took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? null;
  };
  const ok = { name: 'ok', hue: 2, isDashed: false, in: countIn(times((s) => s === 'ok')) };
  const not = { name: 'not ok', hue: 6, isDashed: true, in: countIn(others) };
  const counts: Graph = {
    title: 'Operations',
    unit: '',
    lines: others.length === 0 ? [ok] : [ok, not],
  };
  if (tookMs.every((ms) => ms === 0)) return [counts];
  return [
    counts,
    {
      title: 'They took',
      unit: 'ms',
      lines: [
        { name: 'median', hue: 2, isDashed: false, in: quantile(0.5) },
        { name: 'longest', hue: 1, isDashed: true, in: quantile(1) },
      ],
    },
  ];
}

function countIn(sorted: Float64Array): GraphLine['in'] {
  return (fromUs, untilUs) => lowerBound(sorted, untilUs) - lowerBound(sorted, fromUs);
}
