import { ILLEGAL, type Model } from '../model.ts';
import { operationProblem, type OperationShape, optional, SCALAR, TEXT } from './shape.ts';

/** What a register holds; null until the first write. */
export type RegisterValue = string | number | null;

/** Read or write; `key` chooses one of several registers, absent = the only one. */
export type RegisterInput =
  | { readonly op: 'read'; readonly key?: string }
  | { readonly op: 'write'; readonly key?: string; readonly value: RegisterValue };

/** A read answers the value, a write nothing. */
export interface RegisterOutput {
  readonly value?: RegisterValue;
}

const SHAPES: Readonly<Record<string, OperationShape>> = {
  read: { input: { key: optional(TEXT) }, output: { value: SCALAR } },
  write: { input: { key: optional(TEXT), value: SCALAR }, output: {} },
};

/** Atomic registers (Lamport 1986): a read answers the value written last. */
export const registerModel: Model<RegisterValue, RegisterInput, RegisterOutput> = {
  name: 'register',
  partitionKey: (input) => input.key ?? '',
  init: () => null,
  step: (value, input, output) => {
    if (input.op === 'write') return input.value;
    return output === undefined || output.value === value ? value : ILLEGAL;
  },
  isReadOnly: (input) => input.op === 'read',
  validate: (input, output) => operationProblem(SHAPES, input, output),
  describeOperation: (input, output) => {
    const key = input.key === undefined ? '' : `${JSON.stringify(input.key)}, `;
    if (input.op === 'write') return `write(${key}${JSON.stringify(input.value)})`;
    const answer = output === undefined ? '?' : JSON.stringify(output.value);
    return `read(${key.slice(0, -2)}) -> ${answer}`;
  },
};
