import type { Violation } from './check-result.ts';
import { describeOperation, describeState } from './describe.ts';
import type { Model } from './model.ts';
import type { Part } from './partition.ts';
import type { PartitionSearch } from './search/partition-search.ts';

/**
 * Says why a part is illegal.
 *
 * The search has passed every return before the one at `longest.front` in some order, and that one
 * in none: this is where all attempts break off.
 */
export function explainViolation<S, I, O>(
  model: Model<S, I, O>,
  part: Part<I, O>,
  search: PartitionSearch<S, I, O>,
): Violation<I, O> {
  const { longest, states } = search;
  const { byReturn } = search.timeline;
  const culprit = byReturn[longest.front]!;
  const operation = part.operations[culprit]!;
  const placed = new Set(longest.order);
  const candidates = Array.from(byReturn.subarray(longest.front)).filter(
    (candidate) => !placed.has(candidate) && part.operations[candidate]!.call <= operation.return!,
  );
  const state = describeState(model, states.get(longest.state));
  // No key, or the only one of a model that has none by default.
  const where = (part.key ?? '') === '' ? '' : `partition ${JSON.stringify(part.key)}: `;
  return {
    partition: part.key,
    partitionOperations: part.operations.length,
    index: part.indices[culprit]!,
    operation,
    prefix: longest.order.map((local) => part.indices[local]!),
    state,
    candidates: candidates.map((local) => part.indices[local]!),
    reason:
      `${where}${describeOperation(model, operation)} fits nowhere; the longest linearization ` +
      `without it has ${longest.order.length} of ${part.operations.length} operations ` +
      `and ends in state ${state}`,
  };
}
