import { ModelError } from '../model-error.ts';
import { ILLEGAL, type Model } from '../model.ts';
import type { Operation } from '../history/operation.ts';

/**
 * Runs a linearization through the model once more, from the start.
 *
 * The search has found every step of it legal; if the model now disagrees, it does not answer the
 * same on the same arguments, and neither this verdict nor any other of it can be trusted.
 *
 * @param order - indices into `operations`
 * @throws ModelError
 */
export function replay<S, I, O>(
  model: Model<S, I, O>,
  operations: readonly Operation<I, O>[],
  order: ArrayLike<number>,
): void {
  let state = model.init();
  for (let place = 0; place < order.length; place++) {
    const index = order[place]!;
    const { input, output } = operations[index]!;
    const after = model.step(state, input, output);
    if (after === ILLEGAL) {
      throw new ModelError(
        model.name,
        `step answered differently on the same state and operation (${JSON.stringify(input)})`,
      );
    }
    state = after;
  }
}
