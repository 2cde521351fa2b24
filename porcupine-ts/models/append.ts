import type { TextEffect } from '../exact/appended-text/appended-text.ts';
import { decideAppendedText } from '../exact/appended-text/decide.ts';
import type { Operation } from '../history/operation.ts';
import { type DeadStates, ILLEGAL, type Model } from '../model.ts';
import { operationProblem, type OperationShape, optional, TEXT } from './shape.ts';

/** Read a key, replace its value, or add to its end. */
export type AppendInput =
  | { readonly op: 'get'; readonly key: string }
  | { readonly op: 'put' | 'append'; readonly key: string; readonly value: string };

/**
 * A get answers the value. An append may answer the value before it in `value`, as in 6.5840 of
 * 2024, and then that counts, too. A put answers nothing.
 */
export interface AppendOutput {
  readonly value?: string;
}

const SHAPES: Readonly<Record<string, OperationShape>> = {
  get: { input: { key: TEXT }, output: { value: TEXT } },
  put: { input: { key: TEXT, value: TEXT }, output: {} },
  append: { input: { key: TEXT, value: TEXT }, output: { value: optional(TEXT) } },
};

/** Key/value store of strings with append, of the labs up to 2024; absent keys read as `''`. */
export const appendModel: Model<string, AppendInput, AppendOutput> = {
  name: 'append',
  partitionKey: (input) => input.key,
  init: () => '',
  step: (value, input, output) => {
    if (input.op === 'put') return input.value;
    if (output?.value !== undefined && output.value !== value) return ILLEGAL;
    return input.op === 'get' ? value : value + input.value;
  },
  isReadOnly: (input) => input.op === 'get',
  decide: (part) => decideAppendedText(part, effectOf),
  deadStates: deadAppendStates,
  validate: (input, output) => operationProblem(SHAPES, input, output),
  describeOperation: (input, output) => {
    const key = JSON.stringify(input.key);
    const call =
      input.op === 'get' ? `get(${key})` : `${input.op}(${key}, ${JSON.stringify(input.value)})`;
    if (output === undefined) return `${call} -> ?`;
    return output.value === undefined ? call : `${call} -> ${JSON.stringify(output.value)}`;
  },
};

function effectOf({ input, output }: Operation<AppendInput, AppendOutput>): TextEffect {
  if (input.op === 'put') return { kind: 'put', value: input.value };
  const value = output?.value;
  if (input.op === 'append' && input.value !== '') {
    return { kind: 'append', value: input.value, before: value };
  }
  // To append nothing is to look, at most.
  return value === undefined ? { kind: 'nothing' } : { kind: 'get', value };
}

/** What is read begins with the state, or with a text that is put later. */
function deadAppendStates(
  operations: readonly Operation<AppendInput, AppendOutput>[],
): DeadStates<string, AppendInput, AppendOutput> {
  const puts = new Set(operations.flatMap(({ input }) => (input.op === 'put' ? input.value : [])));
  const putLengths = [...new Set(Array.from(puts, (put) => put.length))];
  const wasPut = new Map<string, boolean>();
  return (value, { output }) => {
    const read = output?.value;
    if (read === undefined || read.startsWith(value)) return false;
    let restarts = wasPut.get(read);
    if (restarts === undefined) {
      restarts = putLengths.some((length) => puts.has(read.slice(0, length)));
      wasPut.set(read, restarts);
    }
    return !restarts;
  };
}
