import type { Violation } from '../check-result.ts';
import type { Operation } from '../history/operation.ts';
import type { Part } from '../history/partition.ts';
import { buildTimeline } from '../history/timeline.ts';
import type { Model } from '../model.ts';
import { ddmin } from './ddmin.ts';
import { Relaxation, returnedByCall } from './relaxation.ts';
import { searchRelaxed } from './relaxed-search.ts';

/** Settings of {@link minimise}. */
export interface MinimiseOptions {
  /**
   * Budget over all trials: each costs half as many steps as it has operations, and those of a
   * search if it takes one. When it is used up, what was reached by then is the result. A step
   * takes in the order of a microsecond at most. Default: 2,000,000.
   */
  readonly maxSteps?: number | undefined;
}

/** The smallest contradiction found in an illegal history. */
export interface MinimalHistory<I, O> {
  /**
   * Indices of the operations whose answers contradict each other, by call. Of the whole history
   * that was given, as all indices here.
   */
  readonly core: readonly number[];
  /**
   * Indices of operations of which nothing is assumed but that they were called: they may have
   * taken effect at any time after that, or never, and the core is contradictory all the same.
   */
  readonly relaxed: readonly number[];
  /** Core and relaxed operations, the latter as pending ones, by index: an illegal history. */
  readonly history: readonly Operation<I, O>[];
  /**
   * Without any one answer of the core, the rest is no contradiction, or could not be decided with
   * the steps of one trial. False if the budget was used up before this was known.
   */
  readonly isMinimal: boolean;
}

/** The default of {@link MinimiseOptions.maxSteps}. */
const STEPS_MAX = 2_000_000;
/** A trial may take at least so many steps of the general search. */
const TRIAL_STEPS_MIN = 25_000;
/** Or so many times those of the first one: pending operations make a search longer. */
const TRIAL_FACTOR = 4;
/** How far the first window reaches to either side, in operations. */
const WINDOW_FIRST = 4;

/**
 * Finds a smallest set of operations of an illegal history whose answers alone are contradictory,
 * by delta debugging over operations (see {@link ddmin}); all others are relaxed, so that the
 * result proves the violation (see {@link Relaxation}).
 *
 * Smallest means that no single answer can be left out, not that no other set is smaller. The same
 * arguments give the same result.
 *
 * @param violation - of this history, from `checkOperations` with this model; where to begin
 */
export function minimise<S, I, O>(
  model: Model<S, I, O>,
  history: readonly Operation<I, O>[],
  violation: Violation<I, O>,
  options: MinimiseOptions = {},
): MinimalHistory<I, O> {
  const part = partOf(model, history, violation);
  const trials = new Trials(model, part, options.maxSteps ?? STEPS_MAX);
  const kept = shrink(trials, part, violation);
  const { operations, indices } = trials.relaxation.keeping(kept);
  const core = new Set(kept.map((operation) => part.indices[operation]!));
  return {
    core: [...core],
    relaxed: Array.from(indices).filter((index) => !core.has(index)),
    history: operations,
    isMinimal: !trials.isExhausted,
  };
}

/** The illegal part: the others say nothing about it. */
function partOf<S, I, O>(
  model: Model<S, I, O>,
  history: readonly Operation<I, O>[],
  { partition }: Violation<I, O>,
): Part<I, O> {
  const indices = Int32Array.from(history.keys()).filter(
    (index) => model.partitionKey?.(history[index]!.input) === partition,
  );
  const operations = Array.from(indices, (index) => history[index]!);
  return { key: partition, operations, indices, timeline: buildTimeline(operations) };
}

/** The operations that are left, by call. */
function shrink<I, O>(
  trials: Trials<I, O>,
  part: Part<I, O>,
  { operations, index }: Violation<I, O>,
): number[] {
  const { returnAt, callAt } = part.timeline;
  const returned = returnedByCall(part);
  const culprit = part.indices.indexOf(index);
  const named = new Set([...operations, index]);
  const isEvidence = (operation: number): boolean => named.has(part.indices[operation]!);
  const last = returned.filter(isEvidence).reduce((a, b) => Math.max(a, returnAt[b]!), 0);
  // What returned later is not needed, if the culprit is where it first shows.
  const until = [returnAt[culprit]!, last]
    .map((end) => returned.filter((operation) => returnAt[operation]! <= end))
    .find((some) => trials.isIllegal(some));
  const scope = until ?? returned;
  const evidence = scope.filter(isEvidence);
  const start = firstWindow(trials, scope, evidence, isEvidence) ?? scope;
  // Reads go first: relaxed they cost little, while every pending write makes a trial longer.
  const rank = (operation: number): number =>
    isEvidence(operation) ? 2 : trials.isReadOnly(operation) ? 0 : 1;
  const groups = [0, 1].map((wanted) => start.filter((operation) => rank(operation) === wanted));
  let kept = start;
  for (const group of groups) {
    const members = new Set(group);
    const others = kept.filter((operation) => !members.has(operation));
    kept = [...ddmin(group, (some) => trials.isIllegal([...some, ...others])), ...others];
  }
  const byRank = kept.toSorted((a, b) => rank(a) - rank(b) || callAt[a]! - callAt[b]!);
  return ddmin(byRank, (some) => trials.isIllegal(some)).toSorted(
    (a, b) => callAt[a]! - callAt[b]!,
  );
}

/** The evidence, with as few as possible of the operations called just before or after its end. */
function firstWindow<I, O>(
  trials: Trials<I, O>,
  scope: readonly number[],
  evidence: readonly number[],
  isEvidence: (operation: number) => boolean,
): readonly number[] | undefined {
  if (trials.isIllegal(evidence)) return evidence;
  const middle = scope.findLastIndex(isEvidence);
  for (let size = WINDOW_FIRST; size < scope.length; size *= 2) {
    const window = scope.filter(
      (operation, place) => Math.abs(place - middle) <= size || isEvidence(operation),
    );
    if (trials.isIllegal(window)) return window;
  }
  return undefined;
}

/** Judges relaxed forms of one part, each within limits and all within a budget. */
class Trials<I, O> {
  readonly relaxation: Relaxation<I, O>;
  private readonly model: Model<unknown, I, O>;
  private readonly part: Part<I, O>;
  private stepsLeft: number;
  private trialSteps = Infinity;

  constructor(model: Model<unknown, I, O>, part: Part<I, O>, maxSteps: number) {
    this.relaxation = new Relaxation(part);
    this.model = model;
    this.part = part;
    this.stepsLeft = maxSteps;
  }

  /** Was there a question that could not be asked any more? */
  get isExhausted(): boolean {
    return this.stepsLeft <= 0;
  }

  /** Does its answer say that the operation changed nothing? */
  isReadOnly(operation: number): boolean {
    const { input, output } = this.part.operations[operation]!;
    return output !== undefined && this.model.isReadOnly?.(input, output) === true;
  }

  /** Is the part illegal if only these answers count? False, too, if that could not be decided. */
  isIllegal(kept: readonly number[]): boolean {
    if (this.isExhausted || kept.length === 0) return false;
    const part = this.relaxation.keeping(kept);
    this.stepsLeft -= part.operations.length / 2;
    const decision = this.model.decide?.(part);
    if (decision !== undefined) return decision.verdict === 'illegal';
    const limit = Math.min(this.trialSteps, this.stepsLeft);
    const { isIllegal, steps } = searchRelaxed(this.model, part, limit);
    this.stepsLeft -= steps;
    if (this.trialSteps === Infinity) {
      this.trialSteps = Math.max(TRIAL_STEPS_MIN, TRIAL_FACTOR * steps);
    }
    return isIllegal;
  }
}
