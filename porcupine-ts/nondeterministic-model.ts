import { contentKey, stateContentKey } from './search/content-key.ts';
import { describeState } from './explain/describe.ts';
import { ModelError } from './model-error.ts';
import { ILLEGAL, type Model } from './model.ts';

/**
 * A sequential specification in which an operation may leave the object in one of several states,
 * and its output does not say in which: a cache that may forget, a write that may be lost.
 *
 * As {@link Model}, but `init` and `step` answer all states that are possible.
 */
export interface NondeterministicModel<S, I, O> extends Pick<
  Model<S, I, O>,
  | 'name'
  | 'partitionKey'
  | 'stateKey'
  | 'validate'
  | 'describeOperation'
  | 'describeOperationMetadata'
  | 'describeState'
> {
  /** The states of one part that are possible before any operation; at least one. */
  init(): readonly S[];
  /**
   * The states that are possible after the operation; none if it cannot answer `output` in `state`.
   * `output` undefined: any output goes.
   */
  step(state: S, input: I, output: O | undefined): readonly S[];
}

/**
 * The deterministic model of a nondeterministic one, by the power-set construction (Rabin & Scott
 * 1959): its state is the set of the states that are possible, and an operation is legal if it is
 * legal in one of them.
 *
 * Nothing is read-only in it: even an operation that changes no state tells which of the possible
 * states were not the true one. `decide` and `deadStates` can be added to the result.
 */
export function toModel<S, I, O>(model: NondeterministicModel<S, I, O>): Model<readonly S[], I, O> {
  const { init: _init, step: _step, stateKey: _stateKey, ...rest } = model;
  const one = {
    name: model.name,
    ...(model.describeState === undefined ? {} : { describeState: model.describeState }),
  };
  return {
    ...rest,
    init: () => {
      const states = toSet(model, model.init());
      if (states.length > 0) return states;
      throw new ModelError(model.name, 'init answered no state; there must be at least one');
    },
    step: (states, input, output) => {
      const after = toSet(
        model,
        states.flatMap((state) => model.step(state, input, output)),
      );
      return after.length === 0 ? ILLEGAL : after;
    },
    stateKey: (states) => JSON.stringify(states.map((state) => keyOf(model, state))),
    describeState: (states) => states.map((state) => describeState(one, state)).join(' or '),
  };
}

/** The states without duplicates, in the order of their keys, so that equal sets are equal. */
function toSet<S>(
  model: NondeterministicModel<S, never, never>,
  states: readonly S[],
): readonly S[] {
  const byKey = new Map(states.map((state) => [keyOf(model, state), state]));
  const entries = [...byKey].sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([, state]) => state);
}

function keyOf<S>(model: NondeterministicModel<S, never, never>, state: S): string {
  return model.stateKey === undefined
    ? stateContentKey(model.name, state)
    : contentKey(model.stateKey(state));
}
