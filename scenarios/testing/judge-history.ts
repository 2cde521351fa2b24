import {
  checkOperations,
  describeOperation,
  type Model,
  type Operation,
} from '../../porcupine-ts/index.ts';
import { MAX_STEPS, toOperation } from '../checks/linearizable.ts';
import type { HistoryLine } from '../define/history.ts';
import { wrap } from '../report/text-run.ts';

/** What {@link judgeHistory} says. */
export interface HistoryVerdict {
  readonly isLinearizable: boolean;
  readonly text: string;
}

/** How many operations of one kind are shown: before the culprit, in its place, of the reason. */
const SHOWN_MAX = 4;

/**
 * Is a history linearizable? If not, the text gives the reason and the operations that it is about,
 * or, if only the search knows, the operation that fits nowhere, with those that come before it and
 * those that could stand in its place. Undecided is not linearizable.
 * @param maxSteps budget in search steps; default: 5,000,000
 */
export function judgeHistory<S, I, O>(
  history: readonly HistoryLine[] | readonly Operation<I, O>[],
  model: Model<S, I, O>,
  maxSteps: number = MAX_STEPS,
): HistoryVerdict {
  const operations = history.flatMap((item): Operation<I, O>[] => {
    if (!('status' in item)) return [item];
    return item.status === 'failed' ? [] : [toOperation<I, O>(item)];
  });
  const { verdict, steps, violation } = checkOperations(model, operations, { maxSteps });
  const count = `${operations.length} operations`;
  if (verdict === 'ok') return { isLinearizable: true, text: `${count} fit the model` };
  if (violation === undefined) {
    return { isLinearizable: false, text: `undecided after ${steps} steps, ${count}` };
  }
  const lineOf = (index: number): string => `     ${describeOperation(model, operations[index]!)}`;
  const { operations: involved, attempt, index, reason } = violation;
  const others = involved.filter((other) => other !== index).slice(0, SHOWN_MAX);
  const lines = [`not linearizable by the model ${model.name}`, ...wrap(reason, '   ')];
  if (attempt === undefined) {
    const about = [...others, index].toSorted((a, b) => operations[a]!.call - operations[b]!.call);
    return { isLinearizable: false, text: [...lines, ...about.map(lineOf)].join('\n') };
  }
  lines.push(
    ...titled('   before it, in this order:', attempt.prefix.slice(-SHOWN_MAX).map(lineOf)),
    ...titled('   it fits nowhere:', [lineOf(index)]),
    ...titled('   nor does, then:', others.map(lineOf)),
  );
  return { isLinearizable: false, text: lines.join('\n') };
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}
