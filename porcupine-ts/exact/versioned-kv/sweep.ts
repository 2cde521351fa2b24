import { NEVER } from '../../history/timeline.ts';
import { Frontier, START, type VersionSummary } from './frontier.ts';
import { Intervals } from './intervals.ts';
import { Spans } from './spans.ts';
import { addRefusals, addWriters, type VersionTable } from './version-table.ts';

/** How the sweep ended. */
export interface Sweep {
  /** Could every version come after the one before, with nothing left to explain? */
  readonly complete: boolean;
  /** The last version that could be created. */
  readonly version: number;
  /** If complete: T_v for each version v up to that one, not yet made consistent. */
  readonly frontiers: Frontiers;
  /** If complete: the gap in which the last version was created. */
  readonly restingGap: number;
}

/** The frontiers of all versions, one after another. */
export interface Frontiers {
  /** The gaps of version v are the intervals `first[v]` to `first[v + 1] - 1`. */
  readonly first: number[];
  readonly lows: number[];
  readonly highs: number[];
}

/** What the table says of one version, written into `summary`, which is used again and again. */
export class Summary implements VersionSummary {
  seenBy: number = NEVER;
  keptUntil: number = START;
  leftBy: number = NEVER;
  readonly writers: Spans = new Spans();
  readonly refusals: Spans = new Spans();

  load(table: VersionTable, version: number): void {
    this.seenBy = table.seenBy[version]!;
    this.keptUntil = table.keptUntil[version]!;
    this.leftBy = table.leftBy[version]!;
    this.writers.clear();
    addWriters(table, version, this.writers);
    this.refusals.clear();
    addRefusals(table, version, this.refusals);
  }
}

/** Takes the frontier from version to version, until it can rest or is stuck. */
export function sweepVersions(table: VersionTable): Sweep {
  const frontier = new Frontier();
  const frontiers: Frontiers = { first: [0], lows: [], highs: [] };
  const summary = new Summary();
  for (;;) {
    keep(frontiers, frontier.gaps);
    const { version } = frontier;
    summary.load(table, version);
    const restingGap = version >= table.required ? frontier.restingGap(summary) : undefined;
    if (restingGap !== undefined) return { complete: true, version, frontiers, restingGap };
    if (!frontier.advance(summary))
      return { complete: false, version, frontiers, restingGap: NEVER };
  }
}

function keep({ first, lows, highs }: Frontiers, gaps: Intervals): void {
  for (let index = 0; index < gaps.count; index++) {
    lows.push(gaps.lows[index]!);
    highs.push(gaps.highs[index]!);
  }
  first.push(lows.length);
}
