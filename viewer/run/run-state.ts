import type { TimeWindow } from '../time/time-window.ts';

export const tabs = ['Story', 'Event', 'State', 'Operations', 'Run'] as const;
export type Tab = (typeof tabs)[number];

/** What somebody looks at, and how. */
export interface RunState {
  readonly window: TimeWindow;
  /** The record after which the state of everything is shown. */
  readonly at: number;
  /** The moment of the cursor, in µs. */
  readonly cursorUs: number;
  /** The record that is selected; -1 = none. */
  readonly selected: number;
  /** The id of the operation that is selected; -1 = none. */
  readonly operation: number;
  /** Past and future of the selected event stand out. */
  readonly hasCone: boolean;
  /** Where the pointer is, in µs; NaN = nowhere over time. */
  readonly pointerUs: number;
  readonly hasGraphs: boolean;
  readonly tab: Tab;
  readonly query: string;
  /** Records that were found, ascending. */
  readonly found: readonly number[];
  readonly hiddenTypes: ReadonlySet<string>;
  readonly hiddenFates: ReadonlySet<string>;
  readonly hiddenNodes: ReadonlySet<string>;
  readonly hasTimers: boolean;
  /** Nodes of which all that they know is shown over time. */
  readonly known: ReadonlySet<string>;
  /** Rows of tables that are shown over time: see `pinOf`. */
  readonly pinned: ReadonlySet<string>;
  /** Who owns what is told by owner. */
  readonly isByOwner: boolean;
  readonly folded: ReadonlySet<string>;
  /** How far down the rows are scrolled, in px. */
  readonly scroll: number;
  /** Height of what shows the rows, in px. */
  readonly viewHeight: number;
  readonly isPlaying: boolean;
  /** Virtual µs a second of real time. */
  readonly speed: number;
  readonly open: 'none' | 'help' | 'filter';
}
