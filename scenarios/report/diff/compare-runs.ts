import type { Trace } from '../../../sim/index.ts';
import type { HistoryLine } from '../../define/history.ts';
import type { Plan } from '../../define/plan.ts';
import { identityOf, type RunResult } from '../../define/result.ts';
import { Alignment, type Counts, type Difference } from './alignment.ts';
import { compareOperations, type Operations } from './operations.ts';
import { planChanges, type PlanChange } from './plan-changes.ts';

/** One of two runs that are compared. */
export interface ComparedRun {
  /** What to call it: `seed 7`, `as planned`. */
  readonly name: string;
  /** Undefined if the run took its worker down before it was drawn. */
  readonly plan: Plan | undefined;
  readonly result: RunResult;
  readonly trace: Trace;
  readonly history: readonly HistoryLine[];
}

/** All that there is to say about two runs. */
export interface Comparison {
  readonly a: ComparedRun;
  readonly b: ComparedRun;
  /** Digest, verdict and what it rests on are the same. */
  readonly isSame: boolean;
  readonly plans: readonly PlanChange[];
  readonly alignment: Alignment;
  readonly first: Difference | undefined;
  /** The first that is more than a matter of when. */
  readonly substance: Difference | undefined;
  readonly counts: Counts;
  readonly operations: Operations;
}

export function compareRuns(a: ComparedRun, b: ComparedRun): Comparison {
  const alignment = new Alignment(a.trace, b.trace);
  const first = alignment.first();
  return {
    a,
    b,
    isSame: first === undefined && identityOf(a.result) === identityOf(b.result),
    plans: a.plan === undefined || b.plan === undefined ? [] : planChanges(a.plan, b.plan),
    alignment,
    first,
    substance: first === undefined ? undefined : alignment.firstInSubstance(),
    counts: alignment.count(),
    operations: compareOperations(a.history, b.history),
  };
}
