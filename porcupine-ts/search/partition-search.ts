import type { Model } from '../model.ts';
import type { Part } from '../history/partition.ts';
import { NONE } from './candidates.ts';
import { ConfigurationTable } from './configuration-table.ts';
import { LongestPrefix } from './longest-prefix.ts';
import type { MemoryBudget } from './memory-budget.ts';
import { Prefix } from './prefix.ts';
import { INITIAL_STATE, NO_STATE, States } from './states.ts';
import type { Timeline } from '../history/timeline.ts';

/** What a search has come to. `open`: nothing yet; `exhausted`: it has no memory to go on. */
export type SearchOutcome = 'open' | 'ok' | 'illegal' | 'exhausted';

/**
 * The search for a linearization of one part of a history, which can be interrupted and resumed.
 *
 * Depth first: linearize a candidate that the model allows, never enter a configuration twice, turn
 * back when no candidate is left. Between choices every read-only operation that is legal is
 * linearized at once: it leaves the state as it is and only sets others free, so any linearization
 * that has it later can have it here (linearizability is closed under that move).
 *
 * A **step** is one application of the model to a state and an operation.
 */
export class PartitionSearch<S, I, O> {
  /** Steps made so far. */
  steps: number = 0;
  readonly states: States<S, I, O>;
  readonly timeline: Timeline;
  readonly longest: LongestPrefix = new LongestPrefix();

  private readonly prefix: Prefix;
  private readonly visited: ConfigurationTable;
  /** 1 for operations whose output proves that they change no state. */
  private readonly readOnly: Uint8Array;
  /** 1 for operations that may be left out. */
  private readonly optional: Uint8Array;
  /** For each choice made: the length of the prefix before it, and the state before it. */
  private readonly choiceLength: number[] = [];
  private readonly choiceState: number[] = [];
  private state: number = INITIAL_STATE;
  /** The next candidate to try in the current configuration. */
  private cursor: number = NONE;
  private outcome: SearchOutcome = 'open';

  constructor(model: Model<S, I, O>, part: Part<I, O>, memory: MemoryBudget) {
    const { operations, timeline } = part;
    this.states = new States(model, operations);
    this.timeline = timeline;
    this.prefix = new Prefix(this.timeline);
    this.visited = new ConfigurationTable(this.prefix.mask.length, memory);
    this.readOnly = Uint8Array.from(operations, ({ input, output }) =>
      output !== undefined && model.isReadOnly?.(input, output) === true ? 1 : 0,
    );
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
  }

  private tryCandidate(operation: number): void {
    this.cursor = this.prefix.candidates.after(operation, this.prefix.front);
    // Those that are legal here have been linearized already.
    if (this.readOnly[operation] === 1) return;
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

  /** Arrives at a configuration: settles what needs no choice, and turns back if it is known. */
  private enter(): void {
    this.placeReadOnly();
    if (this.prefix.complete) {
      this.outcome = 'ok';
      return;
    }
    const added = this.visited.add(this.prefix.front, this.state, this.prefix.mask);
    if (added === 'added') this.cursor = this.prefix.candidates.first(this.prefix.front);
    else if (added === 'present') this.undoChoice();
    else this.outcome = 'exhausted';
  }

  private placeReadOnly(): void {
    const { prefix, readOnly } = this;
    let operation = prefix.candidates.firstReturned();
    while (operation !== NONE) {
      if (readOnly[operation] === 1) {
        this.steps++;
        if (this.states.step(this.state, operation) !== NO_STATE) prefix.push(operation);
      }
      // Read after the push: a return that went away may have let more candidates in.
      operation = prefix.candidates.nextReturned(operation);
    }
  }

  private turnBack(): void {
    this.longest.offer(this.prefix, this.state);
    if (this.choiceLength.length === 0) this.outcome = 'illegal';
    else this.undoChoice();
  }

  private undoChoice(): void {
    const length = this.choiceLength.pop()!;
    const operation = this.prefix.at(length);
    this.state = this.choiceState.pop()!;
    this.prefix.truncate(length);
    this.longest.truncated(length);
    this.cursor = this.prefix.candidates.after(operation, this.prefix.front);
  }
}
