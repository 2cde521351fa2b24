import type { LogChange, RowChange } from '../../scenarios/define/view.ts';
import type { RunData } from './run-data.ts';

export interface LogEntry {
  readonly index: number;
  readonly group: number;
  readonly text: string;
  /** The event in which it came to stand there. */
  readonly event: number;
}

/** A log, as it was at some moment. */
export interface LogState {
  readonly base: number;
  readonly entries: readonly LogEntry[];
}

/** The log of a node after an event. @returns undefined if nobody has told of one */
export function logAfter(
  data: RunData,
  view: string,
  node: string,
  event: number,
): LogState | undefined {
  let entries: LogEntry[] = [];
  let base = 0;
  let isTold = false;
  for (const told of data.revealed) {
    if (told.event > event) break;
    if (told.view !== view || told.node !== node) continue;
    const change = told.change as LogChange;
    isTold = true;
    base = change.base;
    entries = entries.filter(({ index }) => index > base && index < change.from);
    for (const [i, [group, text]] of change.entries.entries()) {
      entries.push({ index: change.from + i, group, text, event: told.event });
    }
  }
  return isTold ? { base, entries } : undefined;
}

/** A row of a table, and the event that made it what it is. */
export interface TableRow {
  readonly row: string;
  readonly cells: Readonly<Record<string, string | number>>;
  readonly event: number;
}

/** Tables of a view after an event, by node. */
export function tablesAfter(
  data: RunData,
  view: string,
  event: number,
): Map<string, readonly TableRow[]> {
  const tables = new Map<string, Map<string, TableRow>>();
  for (const told of data.revealed) {
    if (told.event > event) break;
    if (told.view !== view) continue;
    let table = tables.get(told.node);
    if (table === undefined) tables.set(told.node, (table = new Map()));
    const changes = told.change as readonly RowChange[];
    if (changes.length === 0) table.clear();
    for (const { row, cells } of changes) {
      if (cells === undefined) table.delete(row);
      else table.set(row, { row, cells, event: told.event });
    }
  }
  return new Map([...tables].map(([node, rows]) => [node, [...rows.values()]]));
}
