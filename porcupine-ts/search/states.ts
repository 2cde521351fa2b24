import { ModelError } from '../model-error.ts';
import { ILLEGAL, type Model } from '../model.ts';
import type { Operation } from '../history/operation.ts';
import { contentKey } from './content-key.ts';
import type { OperationClasses } from './operation-classes.ts';

/** The operation is illegal in the state. */
export const NO_STATE = -1;

/** Number of the state before any operation. */
export const INITIAL_STATE = 0;

/** Answers of the model that are remembered at most: 4 MiB of them. */
const ANSWERS_MAX = 2 ** 20;
/** What is added to the number of a state in that memory, where 0 says that nothing is known. */
const ANSWER_OFFSET = 2;

/**
 * The states that a search has met, numbered, so that the search itself handles small integers
 * only.
 */
export class States<S, I, O> {
  private readonly model: Model<S, I, O>;
  private readonly operations: readonly Operation<I, O>[];
  private readonly states: S[] = [];
  /** Number of a state, by its key. Contents are kept apart from primitives that look like them. */
  private readonly byKey = new Map<unknown, number>();
  private readonly byContent = new Map<string, number>();
  private classes: OperationClasses | undefined;
  /** The answers of the model, by state and class of operation. */
  private answers: Int32Array = new Int32Array(0);

  constructor(model: Model<S, I, O>, operations: readonly Operation<I, O>[]) {
    this.model = model;
    this.operations = operations;
    this.numberOf(model.init());
  }

  /**
   * From now on the model is asked only once for each state and class of operations. With few
   * states and classes, as a long search has them, that saves two thirds of its time.
   */
  remember(classes: OperationClasses): void {
    this.classes = classes;
  }

  /** Number of the state after the operation, or {@link NO_STATE}. */
  step(state: number, operation: number): number {
    const { classes } = this;
    if (classes === undefined) return this.ask(state, operation);
    const cell = state * classes.count + classes.of[operation]!;
    if (cell >= this.answers.length && !this.makeRoomFor(cell)) return this.ask(state, operation);
    const known = this.answers[cell]!;
    if (known !== 0) return known - ANSWER_OFFSET;
    const after = this.ask(state, operation);
    this.answers[cell] = after + ANSWER_OFFSET;
    return after;
  }

  /** As {@link step}, but the model itself answers. */
  ask(state: number, operation: number): number {
    const { input, output } = this.operations[operation]!;
    const before = this.states[state]!;
    const after = this.model.step(before, input, output);
    if (after === ILLEGAL) return NO_STATE;
    return after === before ? state : this.numberOf(after);
  }

  /** The state of a number. */
  get(state: number): S {
    return this.states[state]!;
  }

  /**
   * Do all states still have the key by which they were recognised?
   * @throws ModelError if one was mutated, or there is another one to begin with
   */
  assertUnchanged(): void {
    if (this.numberOf(this.model.init()) !== INITIAL_STATE && this.model.stateKey === undefined) {
      throw new ModelError(this.model.name, 'init answered differently when it was called again');
    }
    this.states.forEach((state, number) => {
      if (this.numberOf(state) === number) return;
      const cause =
        this.model.stateKey === undefined
          ? 'step or init changed a state after returning it; they must return new states'
          : 'stateKey answered differently on the same state; ' +
            'it must depend on the content alone, and step and init must return new states';
      throw new ModelError(this.model.name, cause);
    });
  }

  /** How many there are. */
  get size(): number {
    return this.states.length;
  }

  private makeRoomFor(cell: number): boolean {
    if (cell >= ANSWERS_MAX) return false;
    const answers = new Int32Array(Math.min(ANSWERS_MAX, Math.max(256, 2 * cell)));
    answers.set(this.answers);
    this.answers = answers;
    return true;
  }

  /** The number of a state, new or not. */
  numberOf(state: S): number {
    if (this.model.stateKey !== undefined) {
      return this.intern(this.byKey, this.model.stateKey(state), state);
    }
    if (typeof state !== 'object' || state === null) return this.intern(this.byKey, state, state);
    return this.intern(this.byContent, this.contentOf(state), state);
  }

  private intern<K>(numbers: Map<K, number>, key: K, state: S): number {
    let number = numbers.get(key);
    if (number === undefined) {
      number = this.states.length;
      this.states.push(state);
      numbers.set(key, number);
    }
    return number;
  }

  private contentOf(state: S): string {
    try {
      return contentKey(state);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw new ModelError(
        this.model.name,
        `cannot tell its states apart (${error.message}); ` +
          'states must be plain data, or the model needs stateKey',
      );
    }
  }
}
