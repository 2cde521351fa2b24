import type { CheckResult, Violation } from './check-result.ts';
import { provenViolation, searchedViolation } from './explain/violation.ts';
import type { Operation } from './history/operation.ts';
import { type Part, partitionHistory } from './history/partition.ts';
import { validateHistory } from './history/validate-history.ts';
import type { Model } from './model.ts';
import { dovetail } from './search/dovetail.ts';
import { MemoryBudget } from './search/memory-budget.ts';
import { PartitionSearch } from './search/partition-search.ts';
import { replay } from './search/witness.ts';

/** Settings of {@link checkOperations}. */
export interface CheckOptions {
  /**
   * Budget of the general search in steps over all partitions; beyond it the verdict is `unknown`.
   * A step applies the model once and takes in the order of a microsecond. May be overrun by less
   * than the number of operations. Default: unlimited.
   */
  readonly maxSteps?: number | undefined;
  /**
   * `auto`: exact algorithms where the model has one and the part qualifies, the general search
   * elsewhere. `search`: the general search for all, as an oracle. Default: `auto`.
   */
  readonly algorithm?: 'auto' | 'search' | undefined;
}

/**
 * Is the history linearizable? That is: could every operation have taken effect at one instant
 * between its call and its return, so that all answers are those of the sequential model
 * (Herlihy & Wing 1990)?
 *
 * The problem is NP-complete (Gibbons & Korach 1997); the general search is exponential at worst in
 * the number of operations of one partition that are open at the same time, and about linear for
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
  const { maxSteps = Infinity, algorithm = 'auto' } = options;
  if (!(maxSteps >= 0)) throw new RangeError(`maxSteps must be 0 or more, not ${maxSteps}`);
  const parts = partitionHistory(model, history, validateHistory(history));
  const linearization: (readonly number[])[] = Array.from(parts, () => []);
  const accept = (number: number, order: ArrayLike<number>): void => {
    const part = parts[number]!;
    replay(model, part.operations, order);
    linearization[number] = globalOrder(part, order);
  };
  const size = { partitions: parts.length, operations: history.length };
  const illegal = (steps: number, violation: Violation<I, O>): CheckResult<I, O> => {
    return { verdict: 'illegal', steps, ...size, violation };
  };

  const undecided: number[] = [];
  for (const [number, part] of parts.entries()) {
    const decision = algorithm === 'auto' ? model.decide?.(part) : undefined;
    if (decision === undefined) undecided.push(number);
    else if (decision.verdict === 'ok') accept(number, decision.order);
    else return illegal(0, provenViolation(part, decision));
  }
  const memory = new MemoryBudget();
  const searched = dovetail(
    undecided.map((number) => () => new PartitionSearch(model, parts[number]!, memory)),
    maxSteps,
    (search, nth) => {
      search.states.assertUnchanged();
      accept(undecided[nth]!, search.linearization);
    },
  );
  const { steps } = searched;
  if (searched.illegal !== undefined) {
    const { search, part } = searched.illegal;
    search.states.assertUnchanged();
    return illegal(steps, searchedViolation(model, parts[undecided[part]!]!, search));
  }
  if (!searched.allOk) return { verdict: 'unknown', steps, ...size };
  return { verdict: 'ok', steps, ...size, linearization };
}

/** A loop: `Array.from` with a function takes ten times as long, which shows in long histories. */
function globalOrder({ indices }: Part<unknown, unknown>, order: ArrayLike<number>): number[] {
  const global: number[] = [];
  for (let place = 0; place < order.length; place++) global.push(indices[order[place]!]!);
  return global;
}
