import type { Operation } from './history/operation.ts';
import type { Part } from './history/partition.ts';
import { NEVER, type Timeline } from './history/timeline.ts';
import { ModelError } from './model-error.ts';
import { ILLEGAL, type Model } from './model.ts';

/**
 * Makes sure that an order is a linearization of the part: it has every operation that returned,
 * respects real time, and the model allows it from the start to the end.
 *
 * So no `ok` is taken on trust, neither from the search nor from a model's `decide`.
 *
 * @param order - indices into the part's operations
 * @throws ModelError
 */
export function certify<S, I, O>(
  model: Model<S, I, O>,
  part: Part<I, O>,
  order: ArrayLike<number>,
): void {
  const problem = orderProblem(part.timeline, order);
  if (problem !== undefined) {
    throw new ModelError(model.name, `decide answered an order that ${problem}`);
  }
  replay(model, part.operations, order);
}

/**
 * Runs an order through the model, from the start.
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
      const orElse = model.decide === undefined ? '' : ', or decide answered a wrong order';
      throw new ModelError(
        model.name,
        `step answered differently on the same state and operation ` +
          `(${JSON.stringify(input)})${orElse}`,
      );
    }
    state = after;
  }
}

/** Why the order is none of all that returned within real time, or undefined. */
function orderProblem(
  { operationCount, returnedCount, callAt, returnAt }: Timeline,
  order: ArrayLike<number>,
): string | undefined {
  const placed = new Uint8Array(operationCount);
  let returned = 0;
  let lastCall = -1;
  for (let place = 0; place < order.length; place++) {
    const operation = order[place]!;
    if (placed[operation] !== 0) return 'has an operation twice, or one that is not there';
    placed[operation] = 1;
    if (returnAt[operation]! < lastCall) return 'breaks real time';
    if (callAt[operation]! > lastCall) lastCall = callAt[operation]!;
    if (returnAt[operation] !== NEVER) returned++;
  }
  return returned === returnedCount ? undefined : 'leaves out an operation that returned';
}
