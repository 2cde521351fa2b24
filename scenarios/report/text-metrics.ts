import pc from 'picocolors';
import type { Histogram, MetricsData } from '../../sim/index.ts';
import type { RunResult } from '../define/result.ts';
import { MetricsTables, thinned } from './metrics-tables.ts';
import { clean, cut, padded, widthOf } from './text-fold.ts';
import { seconds, shortMs } from './text-run.ts';

/** A table for the terminal: its first column is a name, the others are figures. */
interface Table {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Columns of figures, with the gap before them. */
const FIGURE = 9;
const MAX_NAME = 26;

/** Figures of the world that have a table of their own. */
const TABLED: ReadonlySet<string> = new Set([
  'message',
  'rpc',
  'operation',
  'operation under faults',
  'fsync',
  'wait',
]);

const BARS = '▁▂▃▄▅▆▇█';
/** Buckets of a line that shows a course. */
const COURSE = 44;

/** The figures of a run as tables that fit 80 columns. */
export function metricsLines(data: MetricsData, { simMs }: RunResult): string[] {
  const tables = new MetricsTables(data);
  const all: readonly Table[] = [
    operationTable(tables, 'operation', 'operation, ms'),
    operationTable(tables, 'operation under faults', 'under faults, ms'),
    rpcTable(tables),
    typeTable(tables),
    nodeTable(tables),
    fsyncTable(tables),
    hardwareTable(tables, simMs),
    otherTable(tables, 'world'),
    countTable(tables),
    otherTable(tables, 'program'),
  ];
  const lines = [pc.bold(`Metrics over ${seconds(simMs)} of virtual time`)];
  for (const table of all) if (table.rows.length > 0) lines.push('', ...tableLines(table));
  const courses = courseLines(tables);
  if (courses.length > 0) lines.push('', ...courses);
  return lines;
}

function operationTable(tables: MetricsTables, name: string, heading: string): Table {
  return {
    headings: [heading, 'count', 'p50', 'p90', 'p99', 'p99.9', 'max'],
    rows: tables.rows([name], 'type').map((op) => {
      const histogram = tables.histogram(name, 'type', op);
      return [op, String(histogram.count), ...times(histogram, [500, 900, 990, 999, 1000])];
    }),
  };
}

function rpcTable(tables: MetricsTables): Table {
  return {
    headings: ['round trip, ms', 'answered', 'gave up', 'p50', 'p90', 'p99', 'max'],
    rows: tables.rows(['rpc', 'gave-up'], 'type').map((method) => {
      const histogram = tables.histogram('rpc', 'type', method);
      const gaveUp = tables.total('gave-up', 'type', method);
      const counts = [String(histogram.count), String(gaveUp)];
      return [method, ...counts, ...times(histogram, [500, 900, 990, 1000])];
    }),
  };
}

function typeTable(tables: MetricsTables): Table {
  return {
    headings: ['message, one way', 'sent', 'received', 'lost', 'kB sent', 'p50 ms', 'p99 ms'],
    rows: tables.rows(['sent'], 'type').map((type) => {
      const total = (name: string): number => tables.total(name, 'type', type);
      const histogram = tables.histogram('message', 'type', type);
      const counts = [total('sent'), total('received'), total('lost')].map(String);
      return [type, ...counts, kilobytes(total('sent bytes')), ...times(histogram, [500, 990])];
    }),
  };
}

function nodeTable(tables: MetricsTables): Table {
  const names = ['events', 'sent', 'received', 'lost', 'missed'];
  return {
    headings: ['node', 'events', 'sent', 'received', 'lost', 'missed', 'kB sent'],
    rows: tables.rows(names, 'node').map((node) => {
      const counts = names.map((name) => String(tables.total(name, 'node', node)));
      const bytes = kilobytes(tables.total('sent bytes', 'node', node));
      return [node === '' ? '(the world)' : node, ...counts, bytes];
    }),
  };
}

function fsyncTable(tables: MetricsTables): Table {
  return {
    headings: ['fsync, ms', 'count', 'p50', 'p90', 'p99', 'max'],
    rows: tables.rows(['fsync'], 'node').map((node) => {
      const histogram = tables.histogram('fsync', 'node', node);
      return [node, String(histogram.count), ...times(histogram, [500, 900, 990, 1000])];
    }),
  };
}

/** How busy the parts of machines are, and how long work waits for its turn. */
function hardwareTable(tables: MetricsTables, simMs: number): Table {
  const parts = tables.rows(['wait'], 'type');
  const devices = tables
    .rows(['wait'], 'node')
    .flatMap((node) => parts.map((part) => ({ node, part, ...tables.device(node, part) })))
    .filter(({ servers }) => servers > 0);
  return {
    headings: ['hardware, wait in ms', 'served', 'busy', 'p50', 'p90', 'p99', 'max'],
    rows: devices.map(({ node, part, servers, busyUs, waits }) => {
      const share = `${(busyUs / (servers * simMs * 10)).toFixed(1)} %`;
      return [
        `${node} ${part}`,
        String(waits.count),
        share,
        ...times(waits, [500, 900, 990, 1000]),
      ];
    }),
  };
}

/** What somebody measures that no other table has. */
function otherTable(tables: MetricsTables, source: 'world' | 'program'): Table {
  const names = tables.names('measures', source);
  return {
    headings: ['measured', 'count', 'min', 'p50', 'p90', 'p99', 'max'],
    rows: names
      .filter((name) => source === 'program' || !TABLED.has(name))
      .flatMap((name) =>
        tables.nodesOf('measures', source, name).map((node) => {
          const histogram = tables.histogram(name, 'node', node, source);
          const percentiles = [500, 900, 990].map((perMille) => histogram.quantile(perMille));
          const figures = [histogram.count, histogram.min, ...percentiles, histogram.max];
          return [`${node} ${name}`, ...figures.map(String)];
        }),
      ),
  };
}

function countTable(tables: MetricsTables): Table {
  return {
    headings: ['counted by programs', 'times'],
    rows: tables
      .names('counters', 'program')
      .flatMap((name) =>
        tables
          .nodesOf('counters', 'program', name)
          .map((node) => [`${node} ${name}`, String(tables.ownTotal(name, node) ?? 0)]),
      ),
  };
}

function tableLines({ headings, rows }: Table): string[] {
  const names = [headings[0] ?? '', ...rows.map(([name = '']) => clean(name))];
  const nameWidth = Math.min(MAX_NAME, Math.max(...names.map(widthOf)));
  const line = ([name = '', ...figures]: readonly string[]): string =>
    padded(cut(clean(name), nameWidth), nameWidth) +
    figures.map((figure) => figure.padStart(FIGURE)).join('');
  return [pc.dim(line(headings)), ...rows.map(line)];
}

/** How it went over time: a letter for each stretch, as high as the stretch was busy. */
function courseLines(tables: MetricsTables): string[] {
  const rows = ['events', 'sent', 'lost', 'gave-up']
    .map((name) => ({ name, ...thinned(tables.course(name), COURSE) }))
    .filter(({ values }) => values.length > 0);
  const nameWidth = Math.max(0, ...rows.map(({ name }) => name.length));
  return rows.map(({ name, widthMs, values }) => {
    const highest = Math.max(...values);
    const bars = values.map((value) => barOf(value, highest)).join('');
    const peak = `  at most ${highest} in ${seconds(widthMs)}`;
    return `${name.padEnd(nameWidth)} ${bars}${pc.dim(peak)}`;
  });
}

function barOf(value: number, highest: number): string {
  if (value === 0) return ' ';
  return BARS[Math.ceil((value * BARS.length) / highest) - 1] ?? ' ';
}

/** Percentiles in ms of a histogram in µs; 1000 is the maximum. */
function times(histogram: Histogram, perMilles: readonly number[]): string[] {
  return perMilles.map((perMille) =>
    histogram.count === 0 ? '-' : shortMs(histogram.quantile(perMille) / 1000),
  );
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}
