import { decideIndexedLog } from '../exact/indexed-log/decide.ts';
import type { LogEffect } from '../exact/indexed-log/indexed-log.ts';
import type { Operation } from '../history/operation.ts';
import { ILLEGAL, type Model } from '../model.ts';
import { answerText, callText, type KeyField, keyOf, withKey } from './key-field.ts';
import { type Element, elementAt, EMPTY, holdsExactly, push, type Sequence } from './sequence.ts';
import { COUNT, ELEMENT, ELEMENTS, operationProblem, orNull } from './shape.ts';

/** Append an entry, get the entry at an index, or read the whole log. */
export type LogInput = KeyField &
  (
    | { readonly op: 'append'; readonly value: Element }
    | { readonly op: 'get'; readonly index: number }
    | { readonly op: 'read' }
  );

/**
 * An append answers the `index` of its entry; a get the `value` at its index, null if there is
 * none; a read all `values` in order.
 */
export interface LogOutput {
  readonly index?: number;
  readonly value?: Element | null;
  readonly values?: readonly Element[];
}

/** Settings of {@link createLogModel}. */
export interface LogOptions {
  /** Index of the first entry, an integer from 0 on. Default: 1, as in Raft (§5.3). */
  readonly firstIndex?: number;
}

const SHAPES = withKey({
  append: { input: { value: ELEMENT }, output: { index: COUNT } },
  get: { input: { index: COUNT }, output: { value: orNull(ELEMENT) } },
  read: { input: {}, output: { values: ELEMENTS } },
});

/** Logs that only grow, empty at first, whose appends answer where their entry is. */
export function createLogModel(options: LogOptions = {}): Model<Sequence, LogInput, LogOutput> {
  const { firstIndex = 1 } = options;
  return {
    name: 'log',
    partitionKey: keyOf,
    init: () => EMPTY,
    step: (log, input, output) => {
      if (input.op === 'append') {
        const index = log.length + firstIndex;
        return (output?.index ?? index) === index ? push(log, input.value) : ILLEGAL;
      }
      if (input.op === 'read') {
        return output?.values === undefined || holdsExactly(log, output.values) ? log : ILLEGAL;
      }
      const entry = elementAt(log, input.index - firstIndex) ?? null;
      return output?.value === undefined || output.value === entry ? log : ILLEGAL;
    },
    isReadOnly: (input) => input.op !== 'append',
    decide: (part) =>
      decideIndexedLog(part, (operation) => effectOf(operation, firstIndex), firstIndex),
    stateKey: (log) => log.text,
    validate: (input, output) => operationProblem(SHAPES, input, output),
    describeOperation: (input, output) => {
      if (input.op === 'read') return callText('read', input, [], answerText(output?.values));
      if (input.op === 'get')
        return callText('get', input, [input.index], answerText(output?.value));
      return callText('append', input, [input.value], answerText(output?.index));
    },
    describeState: (log) => `[${log.text}]`,
  };
}

/** The log whose first index is 1. */
export const logModel: Model<Sequence, LogInput, LogOutput> = createLogModel();

function effectOf(
  { input, output }: Operation<LogInput, LogOutput>,
  firstIndex: number,
): LogEffect {
  if (input.op === 'append') {
    const index = output?.index === undefined ? undefined : output.index - firstIndex + 1;
    return { kind: 'append', value: input.value, index };
  }
  if (input.op === 'get') {
    if (output?.value === undefined) return { kind: 'nothing' };
    return { kind: 'get', value: output.value, index: input.index - firstIndex + 1 };
  }
  return output?.values === undefined
    ? { kind: 'nothing' }
    : { kind: 'read', values: output.values };
}
