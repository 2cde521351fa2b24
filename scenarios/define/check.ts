import type { LinearizationInfo } from '../../porcupine-ts/index.ts';
import type { Counters } from '../../sim/index.ts';
import type { HistoryLine } from './history.ts';
import type { Plan } from './plan.ts';
import type { Finding } from './verdict.ts';

/** A run that is over, as its judges see it. */
export interface FinishedRun {
  readonly plan: Plan;
  readonly history: readonly HistoryLine[];
  readonly counters: Counters;
  /** What the scenario counted; see {@link Tester.count}. */
  readonly activity: ReadonlyMap<string, number>;
}

/** A judge of the finished run. */
export interface Check {
  readonly name: string;
  /** One sentence for `list` and the documentation. */
  readonly description: string;
  /** Undefined = nothing wrong. The runner adds the name of the check. */
  judge(run: FinishedRun): Omit<Finding, 'check'> | undefined;
  /** What it made of the operations, for a picture; absent = there is nothing to see. */
  picture?(run: FinishedRun): Omit<CheckedHistory, 'check'>;
}

/** A history as a check has seen it. */
export interface CheckedHistory {
  /** Name of the check. */
  readonly check: string;
  readonly info: LinearizationInfo;
  /** For each of its operations the id of the line in the history. */
  readonly ids: readonly number[];
}

/** Something that must happen within so many seeds of a sweep, or the sweep proves nothing. */
export interface ProbeBound {
  readonly name: string;
  readonly within: number;
}

/** A {@link ProbeBound} with the plans for which it holds. */
export interface Probe extends ProbeBound {
  /** The plans that can hit it; default: all. (No crash is expected of a plan without crashes.) */
  when?(plan: Plan): boolean;
}
