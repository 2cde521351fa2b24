import { type CheckOptions, validateOptions } from './check-options.ts';
import type { CheckResult, UnknownReason } from './check-result.ts';
import { checkInTurns } from './check-in-turns.ts';
import type { Operation } from './history/operation.ts';
import { nextTurn, now } from './host.ts';
import type { Model } from './model.ts';

/** How long an asynchronous check keeps the thread, in milliseconds: half a frame of a display. */
const THREAD_MS = 8;

/**
 * Is the history linearizable? That is: could every operation have taken effect at one instant
 * between its call and its return, so that all answers are those of the sequential model
 * (Herlihy & Wing 1990)?
 *
 * The problem is NP-complete (Gibbons & Korach 1997); the general search is exponential at worst in
 * the number of operations of one partition that are open at the same time, and about linear for
 * histories of correct systems. The same arguments give the same result on every machine, steps
 * included, unless there is a `timeoutMs` or a `signal`. Histories that need more than 1 GiB of
 * visited configurations and states are `unknown`, too.
 *
 * @param model - what a single-threaded object would answer
 * @param history - operations in any order; see {@link Operation} for stamps and pending operations
 * @throws HistoryError if no run can have produced the history
 * @throws ModelError if the model breaks its contract
 * @throws RangeError if a budget is not a number from 0 on
 */
export function checkOperations<S, I, O>(
  model: Model<S, I, O>,
  history: readonly Operation<I, O>[],
  options: CheckOptions = {},
): CheckResult<I, O> {
  const interruption = interruptionOf(options);
  const check = checkInTurns(model, history, options);
  let turn = check.next();
  while (turn.done !== true) turn = check.next(interruption());
  return turn.value;
}

/**
 * As {@link checkOperations}, but gives the thread back every few milliseconds, so that a page
 * stays alive and a `signal` can be aborted meanwhile. The result is the same.
 *
 * @returns a promise that is rejected with what {@link checkOperations} throws
 */
export async function checkOperationsAsync<S, I, O>(
  model: Model<S, I, O>,
  history: readonly Operation<I, O>[],
  options: CheckOptions = {},
): Promise<CheckResult<I, O>> {
  const interruption = interruptionOf(options);
  const check = checkInTurns(model, history, options);
  let since = now();
  let turn = check.next();
  while (turn.done !== true) {
    if (now() - since >= THREAD_MS) {
      // oxlint-disable-next-line no-await-in-loop -- one turn after the other is the purpose
      await nextTurn();
      since = now();
    }
    turn = check.next(interruption());
  }
  return turn.value;
}

/** Answers, whenever asked, whether the check is to end, and why. */
function interruptionOf(options: CheckOptions): () => UnknownReason | undefined {
  validateOptions(options);
  const { signal, timeoutMs } = options;
  const end = timeoutMs === undefined ? undefined : now() + timeoutMs;
  return () => {
    if (signal?.aborted === true) return 'aborted';
    return end !== undefined && now() >= end ? 'time' : undefined;
  };
}
