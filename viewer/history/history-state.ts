import type { TimeWindow } from '../time/time-window.ts';
import type { AxisKind } from './axes.ts';

export const historyTabs = ['Steps', 'Keys', 'About'] as const;
export type HistoryTab = (typeof historyTabs)[number];

/** What somebody looks at, and how. */
export interface HistoryState {
  readonly axis: AxisKind;
  readonly window: TimeWindow;
  /** The part whose linearization is shown; -1 = the history has no operations. */
  readonly part: number;
  /** Are only its operations shown? */
  readonly isOnly: boolean;
  /** Which of the part's linearizations is shown. */
  readonly order: number;
  /** How many operations of it have taken effect; the state after them is shown. */
  readonly step: number;
  /** The operation that is selected; -1 = none. */
  readonly selected: number;
  readonly isPlaying: boolean;
  /** Steps a second at which it is played. */
  readonly speed: number;
  readonly tab: HistoryTab;
  readonly query: string;
  /** Operations that were found, ascending. */
  readonly found: readonly number[];
  /** Text that keys must have to be listed. */
  readonly keyQuery: string;
  /** How far down the rows are scrolled, in px. */
  readonly scroll: number;
  /** Height of what shows the rows, in px. */
  readonly viewHeight: number;
  readonly open: 'none' | 'help';
}
