import type { TraceRecord } from '../../sim/index.ts';
import { byName } from './by-name.ts';
import { Journeys } from './journeys.ts';
import { ColumnForm } from './text-columns.ts';
import { LineForm } from './text-lines.ts';
import type { TraceForm } from './trace-form.ts';

/** The header is repeated after so many lines. */
const PAGE_LINES = 60;

export interface TracePageOptions {
  /** In columns, from 60. */
  readonly width: number;
  /** A line a record even where there is room for a column a node. */
  readonly isLines?: boolean | undefined;
}

/**
 * A trace to read, line by line: a column for each node, or where these would be too narrow the
 * name of the node on each line. No line is wider than the page.
 * @param isShown which records get a line; the others tell who is alive, and who sent what
 */
export function* tracePage(
  trace: Iterable<TraceRecord>,
  isShown: (record: TraceRecord) => boolean,
  options: TracePageOptions,
): Generator<string, undefined> {
  const shown = [...trace].filter(isShown);
  const form = formOf(trace, shown, options);
  let lines = 0;
  for (const record of trace) {
    form.see(record);
    if (!isShown(record)) continue;
    if (lines >= PAGE_LINES) lines = 0;
    if (lines === 0) yield form.header();
    const rows = form.rows(record);
    yield* rows;
    lines += rows.length;
  }
}

function formOf(
  trace: Iterable<TraceRecord>,
  shown: readonly TraceRecord[],
  { width, isLines = false }: TracePageOptions,
): TraceForm {
  const journeys = new Journeys(trace);
  const nodes = [...new Set(shown.map((record) => record.node))]
    .filter((id) => id !== undefined)
    .toSorted(byName);
  const columns = new ColumnForm(shown, nodes, width, journeys);
  return columns.fits && !isLines ? columns : new LineForm(shown, width, journeys);
}

/** One record by itself; more than one line if the width (in columns, from 60) asks for it. */
export function traceLine(record: TraceRecord, width: number = 100): string {
  return new LineForm([record], width).rows(record).join('\n');
}
