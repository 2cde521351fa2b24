import type { SweepHeader } from '../define/sweep-file.ts';
import type { Distribution } from './distribution.ts';
import type { SweepSummary } from './sweep-summary.ts';

/** A sweep that is over. */
export interface EndedSweep {
  readonly header: SweepHeader;
  readonly summary: SweepSummary;
  /** How often each value of each kind of activity was seen. */
  readonly distributions: ReadonlyMap<string, Distribution>;
  /** By seed: the folders of the smallest failure of each kind. */
  readonly folders: ReadonlyMap<string, string>;
}
