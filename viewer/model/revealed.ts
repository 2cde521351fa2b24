import type { LogChange, RowChange, View } from '../../scenarios/define/view.ts';
import { lowerBound, type RunData } from './run-data.ts';

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
  /** The last index; the base if there are no entries. */
  readonly last: number;
  /** So many of its last entries, by index; all of them if nothing is said. */
  entries(most?: number): LogEntry[];
}

/** Indexes from the first on up to those of the next run hold entries of a group. */
export interface GroupRun {
  readonly first: number;
  readonly group: number;
}

/** What one event made of a log. */
export interface LogMoment {
  readonly event: number;
  readonly base: number;
  readonly last: number;
  /** By the first index, ascending. */
  readonly runs: readonly GroupRun[];
}

/** The log of one node, over the run: any moment of it is found without those before. */
export class LogHistory {
  readonly moments: LogMoment[] = [];
  private readonly events: number[] = [];
  /** By index: what stood there, from which event on. */
  private readonly byIndex = new Map<number, LogEntry[]>();

  tell(event: number, { base, from, entries }: LogChange): void {
    const before = this.moments[this.moments.length - 1];
    const last = Math.max(base, from + entries.length - 1);
    const runs = (before?.runs ?? []).filter(({ first }) => first < from);
    for (const [i, [group, text]] of entries.entries()) {
      const index = from + i;
      if (runs[runs.length - 1]?.group !== group) runs.push({ first: index, group });
      const told = this.byIndex.get(index);
      const entry = { index, group, text, event };
      if (told === undefined) this.byIndex.set(index, [entry]);
      else told.push(entry);
    }
    // Of those that begin before what is left, the last one reaches into it.
    const first = Math.max(
      0,
      runs.findLastIndex((run) => run.first <= base + 1),
    );
    const left = runs.slice(first);
    // Most changes add an entry to the last run: thousands of moments share theirs.
    const isSame = before !== undefined && isAlike(left, before.runs);
    this.moments.push({ event, base, last, runs: isSame ? before.runs : left });
    this.events.push(event);
  }

  /** @returns undefined if nobody had told of it */
  after(event: number): LogState | undefined {
    const moment = this.moments[lowerBound(this.events, event + 1) - 1];
    if (moment === undefined) return undefined;
    const { base, last } = moment;
    return {
      base,
      last,
      entries: (most = Infinity) => {
        const found: LogEntry[] = [];
        for (let index = Math.max(base, last - most) + 1; index <= last; index++) {
          const entry = this.byIndex.get(index)?.findLast((each) => each.event <= event);
          if (entry !== undefined) found.push(entry);
        }
        return found;
      },
    };
  }
}

function isAlike(a: readonly GroupRun[], b: readonly GroupRun[]): boolean {
  if (a.length !== b.length) return false;
  return a.every(({ first, group }, i) => first === b[i]?.first && group === b[i].group);
}

type Cells = NonNullable<RowChange['cells']>;

/** A row of a table, and the event that made it what it is. */
export interface TableRow {
  readonly row: string;
  readonly cells: Cells;
  readonly event: number;
}

/** One row over the run: from each event on its cells, or none if it is gone. */
export interface RowHistory {
  readonly events: number[];
  readonly cells: (Cells | undefined)[];
}

/** A table of one node, over the run. */
export class TableHistory {
  /** In the order in which they were told first. */
  readonly rows: Map<string, RowHistory> = new Map<string, RowHistory>();
  private since = Infinity;

  tell(event: number, changes: readonly RowChange[]): void {
    this.since = Math.min(this.since, event);
    if (changes.length === 0) for (const row of this.rows.values()) note(row, event, undefined);
    for (const { row, cells } of changes) {
      let history = this.rows.get(row);
      if (history === undefined) this.rows.set(row, (history = { events: [], cells: [] }));
      note(history, event, cells);
    }
  }

  /** @returns undefined if nobody had told of it */
  after(event: number): TableRow[] | undefined {
    if (event < this.since) return undefined;
    const found: TableRow[] = [];
    for (const [row, { events, cells }] of this.rows) {
      const at = lowerBound(events, event + 1) - 1;
      const now = cells[at];
      if (now !== undefined) found.push({ row, cells: now, event: events[at] as number });
    }
    return found;
  }
}

function note({ events, cells }: RowHistory, event: number, now: Cells | undefined): void {
  const last = events.length - 1;
  if (events[last] === event) cells[last] = now;
  else if (now !== undefined || cells[last] !== undefined) {
    events.push(event);
    cells.push(now);
  }
}

/** By view, then by node, in the order in which they were told first. */
type ByNode<T> = ReadonlyMap<string, ReadonlyMap<string, T>>;

/** All logs and tables that a scenario told of: any moment of them is looked up. */
export class Told {
  readonly tables: ByNode<TableHistory>;
  /** Whoever is told something of. */
  readonly nodes: ReadonlySet<string>;
  private readonly data: RunData;
  private made: ByNode<LogHistory> | undefined = undefined;

  constructor(data: RunData) {
    this.data = data;
    this.nodes = new Set(data.revealed.map(({ node }) => node));
    this.tables = collected(
      data,
      'table',
      () => new TableHistory(),
      (table, event, change) => table.tell(event, change as readonly RowChange[]),
    );
  }

  /** Made when somebody looks: they are most of what is told. */
  get logs(): ByNode<LogHistory> {
    this.made ??= collected(
      this.data,
      'log',
      () => new LogHistory(),
      (log, event, change) => log.tell(event, change as LogChange),
    );
    return this.made;
  }
}

function collected<T>(
  { about, revealed }: RunData,
  kind: View['kind'],
  make: () => T,
  tell: (history: T, event: number, change: unknown) => void,
): ByNode<T> {
  const all = new Map<string, Map<string, T>>();
  for (const view of about.views) {
    if (view.kind === kind && 'name' in view) all.set(view.name, new Map<string, T>());
  }
  for (const { view, node, event, change } of revealed) {
    const ofView = all.get(view);
    if (ofView === undefined) continue;
    let history = ofView.get(node);
    if (history === undefined) ofView.set(node, (history = make()));
    tell(history, event, change);
  }
  return all;
}
