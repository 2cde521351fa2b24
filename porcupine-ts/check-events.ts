import { checkOperations, checkOperationsAsync } from './check.ts';
import type { CheckOptions } from './check-options.ts';
import type { CheckResult } from './check-result.ts';
import { type Event, operationsOf } from './history/events.ts';
import type { Model } from './model.ts';

/**
 * As {@link checkOperations}, of a history that is given as calls and returns in the order in which
 * they happened: the place in the array is the stamp. A call without return is pending.
 *
 * Indices in the result are those of the operations in order of their calls, as
 * {@link operationsOf} has them; the `call` and `return` of an operation are the indices of its
 * events.
 *
 * @throws HistoryError with the index of the event that is wrong
 */
export function checkEvents<S, I, O>(
  model: Model<S, I, O>,
  events: readonly Event<I, O>[],
  options: CheckOptions = {},
): CheckResult<I, O> {
  return checkOperations(model, operationsOf(events), options);
}

/** As {@link checkEvents}, giving the thread back like {@link checkOperationsAsync}. */
export async function checkEventsAsync<S, I, O>(
  model: Model<S, I, O>,
  events: readonly Event<I, O>[],
  options: CheckOptions = {},
): Promise<CheckResult<I, O>> {
  return checkOperationsAsync(model, operationsOf(events), options);
}
