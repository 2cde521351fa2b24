import { decideUniqueValues, type ValueEffect } from '../exact/unique-values.ts';
import type { Operation } from '../history/operation.ts';
import { ILLEGAL, type Model } from '../model.ts';
import { answerText, callText, type KeyField, keyOf, withKey } from './key-field.ts';
import { operationProblem, SCALAR } from './shape.ts';

/** What a register holds; null until the first write. */
export type RegisterValue = string | number | null;

/** Read or write. */
export type RegisterInput = KeyField &
  ({ readonly op: 'read' } | { readonly op: 'write'; readonly value: RegisterValue });

/** A read answers the value, a write nothing. */
export interface RegisterOutput {
  readonly value?: RegisterValue;
}

const SHAPES = withKey({
  read: { input: {}, output: { value: SCALAR } },
  write: { input: { value: SCALAR }, output: {} },
});

/** Atomic registers (Lamport 1986): a read answers the value written last. */
export const registerModel: Model<RegisterValue, RegisterInput, RegisterOutput> = {
  name: 'register',
  partitionKey: keyOf,
  init: () => null,
  step: (value, input, output) => {
    if (input.op === 'write') return input.value;
    return output === undefined || output.value === value ? value : ILLEGAL;
  },
  isReadOnly: (input) => input.op === 'read',
  decide: (part) => decideUniqueValues(part, null, effectOf),
  validate: (input, output) => operationProblem(SHAPES, input, output),
  describeOperation: (input, output) =>
    input.op === 'write'
      ? callText('write', input, [input.value])
      : callText('read', input, [], answerText(output?.value)),
};

function effectOf({ input, output }: Operation<RegisterInput, RegisterOutput>): ValueEffect {
  if (input.op === 'write') return { kind: 'write', value: input.value };
  return output === undefined ? { kind: 'nothing' } : { kind: 'read', value: output.value };
}
