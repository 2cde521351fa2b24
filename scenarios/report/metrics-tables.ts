import { Histogram, type MetricKey, type MetricsData, type SeriesData } from '../../sim/index.ts';
import { byName } from './by-name.ts';

/** By what the rows of a table are told apart. */
export type Side = 'node' | 'type';

/** A part of a machine: how many pieces of work it does at a time, and what came of that. */
export interface Device {
  readonly servers: number;
  /** Of all servers together. */
  readonly busyUs: number;
  readonly waits: Histogram;
}

/** Looks up figures of a run, over all nodes or all types. */
export class MetricsTables {
  private readonly data: MetricsData;

  constructor(data: MetricsData) {
    this.data = data;
  }

  /** The names of figures of programs, or of the world's other than those. */
  names(kind: 'counters' | 'measures', source: MetricKey['source']): string[] {
    const own = this.data[kind].filter((row) => row.source === source);
    return [...new Set(own.map(({ name }) => name))];
  }

  /** Nodes, or types, that have one of these figures of the world. */
  rows(names: readonly string[], side: Side): string[] {
    const all: readonly MetricKey[] = [...this.data.counters, ...this.data.measures];
    const having = all.filter((row) => row.source === 'world' && names.includes(row.name));
    return [...new Set(having.map((row) => row[side]))].toSorted(byName);
  }

  /** How often; over all rows unless one is named. */
  total(name: string, side?: Side, row?: string): number {
    return this.data.counters
      .filter((counter) => isOf(counter, 'world', name, side, row))
      .reduce((sum, counter) => sum + counter.total, 0);
  }

  /** What is known of a part of a machine; no servers if nothing is. */
  device(node: string, part: string): Device {
    const isIts = (row: MetricKey): boolean => row.node === node && row.type === part;
    const total = (name: string): number =>
      this.data.counters.find((row) => isOf(row, 'world', name) && isIts(row))?.total ?? 0;
    const wait = this.data.measures.find((row) => isOf(row, 'world', 'wait') && isIts(row));
    const waits = wait === undefined ? new Histogram() : Histogram.from(wait.histogram);
    return { servers: total('servers'), busyUs: total('busy'), waits };
  }

  /** The same of what programs count. */
  ownTotal(name: string, node: string): number | undefined {
    return this.data.counters.find((counter) => isOf(counter, 'program', name, 'node', node))
      ?.total;
  }

  /** The figures of a measure, taken together. */
  histogram(
    name: string,
    side?: Side,
    row?: string,
    source: MetricKey['source'] = 'world',
  ): Histogram {
    const merged = new Histogram();
    for (const measure of this.data.measures) {
      if (isOf(measure, source, name, side, row)) merged.merge(Histogram.from(measure.histogram));
    }
    return merged;
  }

  /** Nodes at which programs tell this. */
  nodesOf(kind: 'counters' | 'measures', source: MetricKey['source'], name: string): string[] {
    const own = this.data[kind].filter((row) => isOf(row, source, name));
    return [...new Set(own.map(({ node }) => node))].toSorted(byName);
  }

  /** Its course over the run, over all nodes and types, in buckets that are equally wide. */
  course(name: string): { readonly widthMs: number; readonly values: readonly number[] } {
    const parts = this.data.counters
      .filter((counter) => isOf(counter, 'world', name))
      .map(({ series }) => series);
    const widthMs = Math.max(0, ...parts.map((part) => part.widthMs));
    const values: number[] = [];
    for (const part of parts) {
      const perBucket = widthMs / part.widthMs;
      part.values.forEach((value, i) => {
        const at = Math.floor(i / perBucket);
        while (values.length <= at) values.push(0);
        values[at] = (values[at] as number) + value;
      });
    }
    return { widthMs, values };
  }
}

/** Neighbours of a series added up, so that it has no more than so many values. */
export function thinned(
  { widthMs, values }: Pick<SeriesData, 'widthMs' | 'values'>,
  most: number,
): Pick<SeriesData, 'widthMs' | 'values'> {
  const per = Math.max(1, Math.ceil(values.length / most));
  const sums: number[] = [];
  for (let i = 0; i < values.length; i += per) {
    sums.push(values.slice(i, i + per).reduce((sum, value) => sum + value, 0));
  }
  return { widthMs: widthMs * per, values: sums };
}

function isOf(
  key: MetricKey,
  source: MetricKey['source'],
  name: string,
  side?: Side,
  row?: string,
): boolean {
  return key.source === source && key.name === name && (side === undefined || key[side] === row);
}
