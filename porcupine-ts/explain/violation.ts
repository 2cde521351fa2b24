import type { Attempt, Violation } from '../check-result.ts';
import type { Evidence } from '../exact/decision.ts';
import type { Part } from '../history/partition.ts';
import type { Model } from '../model.ts';
import type { PartitionSearch } from '../search/partition-search.ts';
import { describeOperation, describeState } from './describe.ts';

/** The reason that an exact algorithm gave, in terms of the whole history. */
export function provenViolation<I, O>(part: Part<I, O>, evidence: Evidence): Violation<I, O> {
  const { kind, reason, culprit, operations } = evidence;
  return { ...about(part, culprit), operations: global(part, operations), kind, reason };
}

/**
 * Where every attempt of the general search broke off: no order passes the return at
 * `longest.break`.
 */
export function searchedViolation<S, I, O>(
  model: Model<S, I, O>,
  part: Part<I, O>,
  search: PartitionSearch<S, I, O>,
): Violation<I, O> {
  const { longest, states } = search;
  const culprit = part.timeline.byReturn[longest.break]!;
  const operation = part.operations[culprit]!;
  const candidates = search.illegalCandidates();
  const attempt: Attempt = {
    prefix: global(part, longest.order),
    state: describeState(model, states.get(longest.state)),
    candidates: global(part, candidates),
  };
  const involved = candidates.includes(culprit) ? candidates : [...candidates, culprit];
  // No key, or the only one of a model that has none by default.
  const where = (part.key ?? '') === '' ? '' : `partition ${JSON.stringify(part.key)}: `;
  return {
    ...about(part, culprit),
    operations: global(part, involved),
    kind: `${kindOf(operation.input)} fits nowhere`,
    reason:
      `${where}${describeOperation(model, operation)} fits nowhere; the longest linearization ` +
      `without it has ${longest.order.length} of ${part.operations.length} operations ` +
      `and ends in state ${attempt.state}`,
    attempt,
  };
}

function about<I, O>(
  { key, operations, indices }: Part<I, O>,
  culprit: number,
): Pick<Violation<I, O>, 'partition' | 'partitionOperations' | 'index' | 'operation'> {
  return {
    partition: key,
    partitionOperations: operations.length,
    index: indices[culprit]!,
    operation: operations[culprit]!,
  };
}

function global({ indices }: Part<unknown, unknown>, locals: readonly number[]): number[] {
  return locals.map((local) => indices[local]!);
}

/** What kind of operation it is, where the model's input says so. */
export function kindOf(input: unknown): string {
  const { op } = (input ?? {}) as { op?: unknown };
  return typeof op === 'string' ? op : 'an operation';
}
