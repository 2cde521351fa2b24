import { decideUniqueValues, type ValueEffect } from '../exact/unique-values.ts';
import type { Operation } from '../history/operation.ts';
import { ILLEGAL, type Model } from '../model.ts';
import { answerText, callText, type KeyField, keyOf, withKey } from './key-field.ts';
import type { RegisterValue } from './register.ts';
import { FLAG, operationProblem, optional, SCALAR } from './shape.ts';

/** Read, write, or write `to` if the register holds `from`. */
export type CasRegisterInput = KeyField &
  (
    | { readonly op: 'read' }
    | { readonly op: 'write'; readonly value: RegisterValue }
    | { readonly op: 'cas'; readonly from: RegisterValue; readonly to: RegisterValue }
  );

/**
 * A read answers the value, a compare-and-set whether the comparison held, a write nothing. An
 * answer that lacks its field is one that nobody knows.
 */
export interface CasRegisterOutput {
  readonly value?: RegisterValue;
  readonly ok?: boolean;
}

const SHAPES = withKey({
  read: { input: {}, output: { value: optional(SCALAR) } },
  write: { input: { value: SCALAR }, output: {} },
  cas: { input: { from: SCALAR, to: SCALAR }, output: { ok: FLAG } },
});

/** Compare-and-set registers, null at first, as Jepsen's etcd test uses it. */
export const casRegisterModel: Model<RegisterValue, CasRegisterInput, CasRegisterOutput> = {
  name: 'cas-register',
  partitionKey: keyOf,
  init: () => null,
  step: (value, input, output) => {
    if (input.op === 'write') return input.value;
    if (input.op === 'read') {
      return output?.value === undefined || output.value === value ? value : ILLEGAL;
    }
    const holds = value === input.from;
    if (output?.ok !== undefined && output.ok !== holds) return ILLEGAL;
    return holds ? input.to : value;
  },
  isReadOnly: (input, output) => input.op === 'read' || output.ok === false,
  decide: (part) => decideUniqueValues(part, null, effectOf),
  validate: (input, output) => operationProblem(SHAPES, input, output),
  describeOperation: (input, output) => {
    if (input.op === 'write') return callText('write', input, [input.value]);
    if (input.op === 'read') return callText('read', input, [], answerText(output?.value));
    const answer = output?.ok === undefined ? '?' : output.ok ? 'ok' : 'refused';
    return callText('cas', input, [input.from, input.to], answer);
  },
};

function effectOf({ input, output }: Operation<CasRegisterInput, CasRegisterOutput>): ValueEffect {
  if (input.op === 'write') return { kind: 'write', value: input.value };
  if (input.op === 'read') {
    return output?.value === undefined
      ? { kind: 'nothing' }
      : { kind: 'read', value: output.value };
  }
  const { from, to } = input;
  if (from !== to || output?.ok === false) return { kind: 'cas', from, to, held: output?.ok };
  // It changes nothing; where it held, it says what it found.
  return output?.ok === undefined ? { kind: 'nothing' } : { kind: 'read', value: from };
}
