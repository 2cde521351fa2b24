import { Histogram, type HistogramData } from './histogram.ts';
import type { MeterSource } from './meter.ts';
import { Series, type SeriesData } from './series.ts';

/** What a figure is about. */
export interface MetricKey {
  readonly source: MeterSource;
  readonly name: string;
  /** Empty: of no node. */
  readonly node: string;
  /** Message type, method, operation, device; empty: no such distinction. */
  readonly type: string;
}

/** How often something happened. */
export interface CounterRow extends MetricKey {
  readonly total: number;
  readonly series: SeriesData;
}

/** How large something was, or how long it took. */
export interface MeasureRow extends MetricKey {
  readonly histogram: HistogramData;
  readonly series: SeriesData;
}

/** All figures of a run as plain data, in the order in which each was first seen. */
export interface MetricsData {
  readonly counters: readonly CounterRow[];
  readonly measures: readonly MeasureRow[];
}

interface Counter {
  readonly key: MetricKey;
  total: number;
  readonly series: Series;
}

interface Measure {
  readonly key: MetricKey;
  readonly histogram: Histogram;
  readonly series: Series;
}

/** By source, name, node and type. */
type Shelf<T> = Map<string, Map<string, Map<string, T>>>;

/** Figures by name, node and type: counters, and histograms, each with its course over time. */
export class Metrics {
  private readonly counters: Record<MeterSource, Shelf<Counter>> = shelves();
  private readonly measures: Record<MeterSource, Shelf<Measure>> = shelves();

  count(
    atUs: number,
    source: MeterSource,
    name: string,
    node: string,
    type: string,
    by: number,
  ): void {
    const counter = this.counterOf(source, name, node, type);
    counter.total += by;
    counter.series.add(atUs, by);
  }

  /** Count the µs of a stretch of time, each in its place of the series. */
  span(
    fromUs: number,
    untilUs: number,
    source: MeterSource,
    name: string,
    node: string,
    type: string,
  ): void {
    const counter = this.counterOf(source, name, node, type);
    counter.total += untilUs - fromUs;
    if (untilUs > fromUs) counter.series.addSpan(fromUs, untilUs);
  }

  measure(
    atUs: number,
    source: MeterSource,
    name: string,
    node: string,
    type: string,
    value: number,
  ): void {
    const place = placeIn(this.measures[source], name, node);
    let measure = place.get(type);
    if (measure === undefined) {
      const key = { source, name, node, type };
      measure = { key, histogram: new Histogram(), series: new Series('max') };
      place.set(type, measure);
    }
    measure.histogram.record(value);
    measure.series.add(atUs, value);
  }

  /** Forget everything: the run begins again. */
  clear(): void {
    for (const source of ['world', 'program'] as const) {
      this.counters[source].clear();
      this.measures[source].clear();
    }
  }

  private counterOf(source: MeterSource, name: string, node: string, type: string): Counter {
    const place = placeIn(this.counters[source], name, node);
    let counter = place.get(type);
    if (counter === undefined) {
      const key = { source, name, node, type };
      place.set(type, (counter = { key, total: 0, series: new Series('sum') }));
    }
    return counter;
  }

  toData(): MetricsData {
    return {
      counters: all(this.counters).map(({ key, total, series }) => ({
        ...key,
        total,
        series: series.toData(),
      })),
      measures: all(this.measures).map(({ key, histogram, series }) => ({
        ...key,
        histogram: histogram.toData(),
        series: series.toData(),
      })),
    };
  }
}

function shelves<T>(): Record<MeterSource, Shelf<T>> {
  return { world: new Map(), program: new Map() };
}

function placeIn<T>(shelf: Shelf<T>, name: string, node: string): Map<string, T> {
  let byNode = shelf.get(name);
  if (byNode === undefined) shelf.set(name, (byNode = new Map()));
  let byType = byNode.get(node);
  if (byType === undefined) byNode.set(node, (byType = new Map()));
  return byType;
}

function all<T>({ world, program }: Record<MeterSource, Shelf<T>>): T[] {
  const found: T[] = [];
  for (const shelf of [world, program]) {
    for (const byNode of shelf.values()) {
      for (const byType of byNode.values()) found.push(...byType.values());
    }
  }
  return found;
}
