import type { CheckOptions } from './check-options.ts';
import type { CheckResult, UnknownReason } from './check-result.ts';
import { Findings } from './findings.ts';
import type { Operation } from './history/operation.ts';
import { partitionHistory } from './history/partition.ts';
import { validateHistory } from './history/validate-history.ts';
import { InputSample } from './input-sample.ts';
import type { Model } from './model.ts';
import { dovetail } from './search/dovetail.ts';
import { MemoryBudget } from './search/memory-budget.ts';
import { PartitionSearch } from './search/partition-search.ts';

/** Yields between turns; is told there whether it has to end, and why. */
export type CheckInTurns<I, O> = Generator<undefined, CheckResult<I, O>, UnknownReason | undefined>;

/** Checks a history in turns of a bounded number of steps, with a yield after each. */
export function* checkInTurns<S, I, O>(
  model: Model<S, I, O>,
  history: readonly Operation<I, O>[],
  { maxSteps = Infinity, algorithm = 'auto', verbose = false }: CheckOptions,
): CheckInTurns<I, O> {
  const parts = partitionHistory(model, history, validateHistory(history));
  const inputs = new InputSample(history);
  const findings = new Findings(model, parts, verbose);
  const undecided: number[] = [];
  let stopped: UnknownReason | undefined;
  for (const [number, part] of parts.entries()) {
    const decision = algorithm === 'auto' ? model.decide?.(part) : undefined;
    if (decision === undefined) undecided.push(number);
    else if (decision.verdict === 'ok') findings.ok(number, decision.order);
    else findings.proven(number, decision);
    if (decision !== undefined) stopped = yield;
    if (findings.settled || stopped !== undefined) break;
  }
  let steps = 0;
  if (!findings.settled && stopped === undefined) {
    const memory = new MemoryBudget();
    const searches = yield* dovetail(
      undecided.map(
        (number) => () => new PartitionSearch(model, parts[number]!, memory, { verbose }),
      ),
      maxSteps,
      (search, nth, outcome) => {
        findings.searched(undecided[nth]!, search, outcome);
        return findings.settled;
      },
    );
    for (const [nth, search] of searches.open) findings.searched(undecided[nth]!, search, 'open');
    stopped = searches.stopped;
    steps = searches.steps;
  }
  if (verbose && stopped === undefined) yield* findings.explore();
  inputs.assertUnchanged(model.name);
  const size = { steps, partitions: parts.length, operations: history.length };
  return findings.result(size, stopped);
}
