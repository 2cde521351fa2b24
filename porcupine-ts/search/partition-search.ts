import { ModelError } from '../model-error.ts';
import type { DeadStates, Model } from '../model.ts';
import type { Part } from '../history/partition.ts';
import type { Timeline } from '../history/timeline.ts';
import { NONE } from './candidates.ts';
import { ConfigurationTable } from './configuration-table.ts';
import { LongestPrefix } from './longest-prefix.ts';
import type { MemoryBudget } from './memory-budget.ts';
import { classify, NO_PREDECESSOR, type OperationClasses } from './operation-classes.ts';
import { PartialLinearizations } from './partial-linearizations.ts';
import { Prefix } from './prefix.ts';
import { NO_READ, ReadOnlyOperations } from './read-only.ts';
import { INITIAL_STATE, NO_STATE, States } from './states.ts';

/** What a search has come to. `open`: nothing yet; `exhausted`: it has no memory to go on. */
export type SearchOutcome = 'open' | 'ok' | 'illegal' | 'exhausted';

/**
 * Steps for each operation after which the operations are sorted into classes. To sort one takes as
 * long as three to twenty steps (1.3 microseconds), and most searches end before: they take a few
 * steps an operation.
 */
const STEPS_UNCLASSIFIED = 16;

/** Settings of a {@link PartitionSearch}. */
export interface SearchOptions {
  /** Remember {@link PartitionSearch.partialLinearizations}? Default: false. */
  readonly verbose?: boolean;
  /** Steps for each operation after which the operations are sorted into classes. Default: 16. */
  readonly stepsUnclassified?: number;
}

/**
 * The search for a linearization of one part of a history, which can be interrupted and resumed.
 *
 * Depth first: linearize a candidate that the model allows, never enter a configuration twice, turn
 * back when no candidate is left. Between choices every read-only operation that is legal is
 * linearized at once: it leaves the state as it is and only sets others free, so any linearization
 * that has it later can have it here (linearizability is closed under that move).
 *
 * Three things are not tried, as they cannot be the only way: a configuration that another
 * dominates ({@link ConfigurationTable}), an operation while one like it that returns earlier could
 * be next ({@link OperationClasses}), a pending operation that would have no effect. And none leads
 * on from a state that the model knows to be dead.
 *
 * A **step** is one application of the model to a state and an operation.
 */
export class PartitionSearch<S, I, O> {
  /** Steps made so far. */
  steps: number = 0;
  readonly states: States<S, I, O>;
  readonly longest: LongestPrefix = new LongestPrefix();

  private readonly model: Model<S, I, O>;
  private readonly part: Part<I, O>;
  private readonly timeline: Timeline;
  private readonly prefix: Prefix;
  private readonly visited: ConfigurationTable;
  private readonly readOnly: ReadOnlyOperations;
  private readonly isDead: DeadStates<S, I, O> | undefined;
  /** Absent unless they were asked for. */
  private readonly partials: PartialLinearizations | undefined;
  private classes: OperationClasses | undefined;
  private readonly classifyAt: number;
  /** 1 for operations that may be left out. */
  private readonly optional: Uint8Array;
  /** For each choice made: the length of the prefix before it, and the state before it. */
  private readonly choiceLength: number[] = [];
  private readonly choiceState: number[] = [];
  private state: number = INITIAL_STATE;
  /** The next candidate to try in the current configuration. */
  private cursor: number = NONE;
  private outcome: SearchOutcome = 'open';

  constructor(
    model: Model<S, I, O>,
    part: Part<I, O>,
    memory: MemoryBudget,
    { verbose = false, stepsUnclassified = STEPS_UNCLASSIFIED }: SearchOptions = {},
  ) {
    const { operations, timeline } = part;
    this.model = model;
    this.part = part;
    this.timeline = timeline;
    this.states = new States(model, operations, memory);
    const prefix = new Prefix(timeline);
    this.prefix = prefix;
    this.visited = new ConfigurationTable(prefix.mask.length, prefix.returnedWords, memory);
    this.readOnly = new ReadOnlyOperations(model, part);
    this.isDead = model.deadStates?.(operations);
    this.partials = verbose ? new PartialLinearizations(operations.length) : undefined;
    this.classifyAt = stepsUnclassified * operations.length;
    this.optional = Uint8Array.from(operations, (operation) =>
      operation.return === undefined ? 1 : 0,
    );
    this.enter();
  }

  /** Indices of the operations linearized, in order; pending ones only if they took effect. */
  get linearization(): number[] {
    return this.prefix.toArray();
  }

  /**
   * For each operation the longest linearization found that contains it, the longest first and
   * without duplicates; none for operations that were found in no linearization.
   */
  get partialLinearizations(): number[][] {
    if (this.outcome === 'ok') return [this.linearization];
    this.partials?.offer(this.prefix);
    return this.partials?.toArrays() ?? [];
  }

  /**
   * Goes on for about `steps` steps (the read-only operations that become legal together are not
   * parted), or until there is an outcome.
   */
  advance(steps: number): SearchOutcome {
    const limit = this.steps + steps;
    while (this.outcome === 'open' && this.steps < limit) {
      if (this.cursor === NONE) this.turnBack();
      else this.tryCandidate(this.cursor);
    }
    return this.outcome;
  }

  /** Lets go of the memory; the outcome stays. */
  release(): void {
    this.visited.release();
    this.states.release();
  }

  /**
   * The returned operations that could come after the longest prefix and are illegal there, by
   * return.
   */
  illegalCandidates(): number[] {
    const { longest, states } = this;
    const { byReturn, callAt, returnAt } = this.timeline;
    const placed = new Set(longest.order);
    const until = returnAt[byReturn[longest.front]!]!;
    return Array.from(byReturn.subarray(longest.front)).filter(
      (operation) =>
        !placed.has(operation) &&
        callAt[operation]! < until &&
        states.step(longest.state, operation) === NO_STATE,
    );
  }

  /**
   * Asks the model again for what the outcome rests on.
   * @throws ModelError if it now answers differently, or has changed a state
   */
  assertPure(): void {
    this.states.assertUnchanged();
    this.assertRepeats(this.prefix.toArray(), this.state);
    if (this.longest.break >= 0) this.assertRepeats(this.longest.order, this.longest.state);
  }

  private assertRepeats(order: readonly number[], expected: number): void {
    let state = INITIAL_STATE;
    for (const operation of order) {
      state = this.states.step(state, operation);
      if (state === NO_STATE) break;
    }
    if (state === expected) return;
    throw new ModelError(this.model.name, 'step answered differently on the same arguments');
  }

  private tryCandidate(operation: number): void {
    this.cursor = this.prefix.candidates.after(operation, this.prefix.front);
    // Those that are legal here have been linearized already.
    if (this.readOnly.has(operation) || this.hasEarlierTwin(operation)) return;
    this.steps++;
    const after = this.states.step(this.state, operation);
    if (after === NO_STATE) return;
    // An operation without effect that need not be placed only uses up its later chances.
    if (this.optional[operation] === 1 && after === this.state) return;
    this.choiceLength.push(this.prefix.length);
    this.choiceState.push(this.state);
    this.state = after;
    this.prefix.push(operation);
    this.enter();
  }

  /** Is there an interchangeable operation that is to be tried before this one? */
  private hasEarlierTwin(operation: number): boolean {
    if (this.classes === undefined) return false;
    const twin = this.classes.predecessor[operation]!;
    return twin !== NO_PREDECESSOR && this.prefix.isCandidate(twin);
  }

  /** Arrives at a configuration: settles what needs no choice, and turns back if it is known. */
  private enter(): void {
    if (this.steps >= this.classifyAt && this.classes === undefined) {
      this.classes = classify(this.part.operations, this.timeline);
    }
    this.placeReadOnly();
    if (this.prefix.complete) {
      this.outcome = 'ok';
      return;
    }
    if (this.isDead !== undefined) {
      const rank = this.readOnly.firstLeft(this.prefix);
      if (rank !== NO_READ && this.isDeadFor(rank)) {
        this.giveUp(rank);
        return;
      }
    }
    if (this.states.isFull) {
      this.outcome = 'exhausted';
      return;
    }
    const added = this.visited.add(this.prefix.front, this.state, this.prefix.mask);
    if (added === 'added') this.cursor = this.prefix.candidates.first(this.prefix.front);
    else if (added === 'present') this.giveUp(this.prefix.front);
    else this.outcome = 'exhausted';
  }

  private placeReadOnly(): void {
    const { prefix, readOnly, states, state } = this;
    let operation = prefix.candidates.firstReturned();
    while (operation !== NONE) {
      if (readOnly.has(operation)) {
        this.steps++;
        const after = states.step(state, operation);
        if (after === state) prefix.push(operation);
        else if (after !== NO_STATE) readOnly.refuse(this.part.operations[operation]!.input);
      }
      // Read after the push: a return that went away may have let more candidates in.
      operation = prefix.candidates.nextReturned(operation);
    }
  }

  private isDeadFor(rank: number): boolean {
    const read = this.part.operations[this.timeline.byReturn[rank]!]!;
    return this.isDead!(this.states.get(this.state), read);
  }

  private turnBack(): void {
    this.giveUp(this.prefix.front);
  }

  /** No completion of the current prefix passes the return of this rank. */
  private giveUp(breakAt: number): void {
    this.longest.offer(this.prefix, this.state, breakAt);
    this.partials?.offer(this.prefix);
    if (this.choiceLength.length === 0) this.outcome = 'illegal';
    else this.undoChoice();
  }

  private undoChoice(): void {
    const length = this.choiceLength.pop()!;
    const operation = this.prefix.at(length);
    this.state = this.choiceState.pop()!;
    this.prefix.truncate(length);
    this.longest.truncated(length);
    this.partials?.truncated(length);
    this.cursor = this.prefix.candidates.after(operation, this.prefix.front);
  }
}
