import { ModelError } from '../model-error.ts';
import { ILLEGAL, type Model } from '../model.ts';
import type { Operation } from '../history/operation.ts';
import { stateContentKey } from './content-key.ts';
import type { MemoryBudget } from './memory-budget.ts';

/** The operation is illegal in the state. */
export const NO_STATE = -1;

/** Number of the state before any operation. */
export const INITIAL_STATE = 0;

/**
 * What a state takes in 32-bit words: so many for the objects, and one for each character of its
 * key, which is about the size of what the key tells of, and of the key itself.
 */
const WORDS_EACH = 32;

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
  private readonly memory: MemoryBudget | undefined;
  private wordsTaken = 0;
  private full = false;
  private characters = 0;

  /** @param memory - what the states are counted against; default: they are not counted */
  constructor(
    model: Model<S, I, O>,
    operations: readonly Operation<I, O>[],
    memory?: MemoryBudget,
  ) {
    this.model = model;
    this.operations = operations;
    this.memory = memory;
    this.numberOf(model.init());
  }

  /**
   * Number of the state after the operation, or {@link NO_STATE}. The model is asked each time: to
   * remember its answers was measured, and takes as long as to ask.
   */
  step(state: number, operation: number): number {
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

  /** Has there been a state for which there was no memory? */
  get isFull(): boolean {
    return this.full;
  }

  /** Characters of all keys that were looked up: to compare texts takes time as they are long. */
  get charactersRead(): number {
    return this.characters;
  }

  /** Gives back what the states were counted for; they stay known. */
  release(): void {
    this.memory?.give(this.wordsTaken);
    this.wordsTaken = 0;
  }

  /** How many there are. */
  get size(): number {
    return this.states.length;
  }

  /** The number of a state, new or not. */
  numberOf(state: S): number {
    if (this.model.stateKey !== undefined) {
      return this.intern(this.byKey, this.model.stateKey(state), state);
    }
    if (typeof state !== 'object' || state === null) return this.intern(this.byKey, state, state);
    return this.intern(this.byContent, stateContentKey(this.model.name, state), state);
  }

  private intern<K>(numbers: Map<K, number>, key: K, state: S): number {
    const length = typeof key === 'string' ? key.length : 0;
    this.characters += length;
    let number = numbers.get(key);
    if (number === undefined) {
      this.count(WORDS_EACH + length);
      number = this.states.length;
      this.states.push(state);
      numbers.set(key, number);
    }
    return number;
  }

  private count(words: number): void {
    if (this.memory === undefined || this.full) return;
    if (this.memory.take(words)) this.wordsTaken += words;
    else this.full = true;
  }
}
