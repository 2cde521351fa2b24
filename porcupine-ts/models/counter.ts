import { ILLEGAL, type Model } from '../model.ts';
import { answerText, callText, type KeyField, keyOf, withKey } from './key-field.ts';
import { INTEGER, operationProblem, optional } from './shape.ts';

/** Add an integer, which may be negative, or read. */
export type CounterInput = KeyField &
  ({ readonly op: 'add'; readonly delta: number } | { readonly op: 'read' });

/** A read answers the value. An add may answer the value after it, and then that counts, too. */
export interface CounterOutput {
  readonly value?: number;
}

const SHAPES = withKey({
  add: { input: { delta: INTEGER }, output: { value: optional(INTEGER) } },
  read: { input: {}, output: { value: INTEGER } },
});

/** Counters, 0 at first. */
export const counterModel: Model<number, CounterInput, CounterOutput> = {
  name: 'counter',
  partitionKey: keyOf,
  init: () => 0,
  step: (value, input, output) => {
    if (input.op === 'read') {
      return output === undefined || output.value === value ? value : ILLEGAL;
    }
    const sum = value + input.delta;
    return output?.value === undefined || output.value === sum ? sum : ILLEGAL;
  },
  isReadOnly: (input) => input.op === 'read' || input.delta === 0,
  validate: (input, output) => operationProblem(SHAPES, input, output),
  describeOperation: (input, output) => {
    if (input.op === 'read') return callText('read', input, [], answerText(output?.value));
    const silent = output !== undefined && output.value === undefined;
    return callText('add', input, [input.delta], silent ? undefined : answerText(output?.value));
  },
};
