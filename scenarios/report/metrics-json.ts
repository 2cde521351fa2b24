import {
  Histogram,
  type CounterRow,
  type HistogramData,
  type MeasureRow,
  type MetricsData,
} from '../../sim/index.ts';
import type { RunResult } from '../define/result.ts';

/** A measure with its percentiles, so that a reader needs no histogram of its own. */
export interface MeasureFigures extends Omit<MeasureRow, 'histogram'>, HistogramData {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
}

/** `metrics.json`, and what `--metrics --json` prints. */
export interface MetricsFile {
  readonly format: 1;
  readonly kind: 'metrics';
  readonly scenario: string;
  readonly seed: string;
  readonly digest: string;
  readonly simMs: number;
  readonly counters: readonly CounterRow[];
  readonly measures: readonly MeasureFigures[];
}

/** The figures of a run, for other tools. */
export function metricsFile(
  { counters, measures }: MetricsData,
  { scenario, seed, digest, simMs }: RunResult,
): MetricsFile {
  return {
    format: 1,
    kind: 'metrics',
    scenario,
    seed,
    digest,
    simMs,
    counters,
    measures: measures.map(({ histogram, ...rest }) => ({
      ...rest,
      ...histogram,
      ...percentiles(histogram),
    })),
  };
}

function percentiles(data: HistogramData): Record<'p50' | 'p90' | 'p99' | 'p999', number> {
  const histogram = Histogram.from(data);
  return {
    p50: histogram.quantile(500),
    p90: histogram.quantile(900),
    p99: histogram.quantile(990),
    p999: histogram.quantile(999),
  };
}
