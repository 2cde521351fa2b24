import type { CheckResult } from './check-result.ts';
import type { Model } from './model.ts';
import type { Operation } from './operation.ts';
import { partitionHistory } from './partition.ts';
import { dovetail } from './search/dovetail.ts';
import { MemoryBudget } from './search/memory-budget.ts';
import { PartitionSearch } from './search/partition-search.ts';
import { replay } from './search/witness.ts';
import { validateHistory } from './validate-history.ts';
import { explainViolation } from './violation.ts';

/** Settings of {@link checkOperations}. */
export interface CheckOptions {
  /**
   * Budget in search steps over all partitions; beyond it the verdict is `unknown`. A step applies
   * the model once and takes in the order of a microsecond. May be overrun by less than the number
   * of operations. Default: unlimited.
   */
  readonly maxSteps?: number | undefined;
}

/**
 * Is the history linearizable? That is: could every operation have taken effect at one instant
 * between its call and its return, so that all answers are those of the sequential model
 * (Herlihy & Wing 1990)?
 *
 * The problem is NP-complete (Gibbons & Korach 1997); the search is exponential at worst in the
 * number of operations of one partition that are open at the same time, and about linear for
 * histories of correct systems. The same arguments give the same result on every machine, steps
 * included. Histories that need more than 1 GiB of visited configurations are `unknown`, too.
 *
 * @param model - what a single-threaded object would answer
 * @param history - operations in any order; see {@link Operation} for stamps and pending operations
 * @throws HistoryError if no run can have produced the history
 * @throws ModelError if the model breaks its contract
 * @throws RangeError if `maxSteps` is not a number from 0 on
 */
export function checkOperations<S, I, O>(
  model: Model<S, I, O>,
  history: readonly Operation<I, O>[],
  options: CheckOptions = {},
): CheckResult<I, O> {
  const { maxSteps = Infinity } = options;
  if (!(maxSteps >= 0)) throw new RangeError(`maxSteps must be 0 or more, not ${maxSteps}`);
  validateHistory(history);
  const parts = partitionHistory(model, history);
  const memory = new MemoryBudget();
  const linearization: number[][] = Array.from(parts, () => []);
  const { illegal, allOk, steps } = dovetail(
    parts.map((part) => () => new PartitionSearch(model, part.operations, memory)),
    maxSteps,
    (search, number) => {
      const part = parts[number]!;
      search.states.assertUnchanged();
      replay(model, part.operations, search.linearization);
      linearization[number] = search.linearization.map((local) => part.indices[local]!);
    },
  );
  const counts = { steps, partitions: parts.length, operations: history.length };
  if (illegal !== undefined) {
    illegal.search.states.assertUnchanged();
    const violation = explainViolation(model, parts[illegal.part]!, illegal.search);
    return { verdict: 'illegal', ...counts, violation };
  }
  return allOk ? { verdict: 'ok', ...counts, linearization } : { verdict: 'unknown', ...counts };
}
