import type { HistoryLine } from './history.ts';

/** How long the operations of one kind took, in ms of virtual time. */
export interface Latency {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** The fields of a {@link Latency}. */
export const latencyFields: readonly (keyof Latency)[] = ['count', 'p50', 'p90', 'p99', 'max'];

/** By operation, in the order of their names. */
export type Latencies = Readonly<Record<string, Latency>>;

/** What an operation is called; one without a name is an `operation`. */
export function operationName(input: unknown): string {
  const { op } = (typeof input === 'object' && input !== null ? input : {}) as { op?: unknown };
  return typeof op === 'string' && op !== '' ? op : 'operation';
}

/**
 * Of the operations that returned, exactly: each percentile is the time of an operation, the
 * shortest that so many of a hundred do not exceed.
 */
export function latencyOf(history: readonly HistoryLine[]): Latencies {
  const times = new Map<string, number[]>();
  for (const { status, input, invokedUs, completedUs } of history) {
    if (status !== 'ok' || completedUs === undefined) continue;
    const name = operationName(input);
    const same = times.get(name);
    if (same === undefined) times.set(name, [completedUs - invokedUs]);
    else same.push(completedUs - invokedUs);
  }
  return inOrder([...times].map(([name, all]) => [name, figuresOf(all)]));
}

function figuresOf(timesUs: readonly number[]): Latency {
  const sorted = timesUs.toSorted((a, b) => a - b);
  const ms = (percent: number): number => rank(sorted, percent) / 1000;
  return { count: sorted.length, p50: ms(50), p90: ms(90), p99: ms(99), max: ms(100) };
}

/** The smallest of some sorted numbers that so many percent of them do not exceed. */
function rank(sorted: readonly number[], percent: number): number {
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? 0;
}

function inOrder(rows: readonly (readonly [string, Latency])[]): Latencies {
  return Object.fromEntries(rows.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
