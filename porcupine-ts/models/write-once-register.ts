import { decideWrittenOnce, type OnceEffect } from '../exact/written-once.ts';
import type { Operation } from '../history/operation.ts';
import { ILLEGAL, type Model } from '../model.ts';
import { answerText, callText, type KeyField, keyOf, withKey } from './key-field.ts';
import type { Element } from './sequence.ts';
import { ELEMENT, FLAG, operationProblem, orNull } from './shape.ts';

/** Read, or write if nothing has been written. */
export type WriteOnceInput = KeyField &
  ({ readonly op: 'read' } | { readonly op: 'write'; readonly value: Element });

/**
 * A read answers the value, null before the write. A write answers whether it was the one that
 * wrote; one that came later is refused, even with the same value. An answer that lacks its field
 * is one that nobody knows.
 */
export interface WriteOnceOutput {
  readonly value?: Element | null;
  readonly ok?: boolean;
}

const SHAPES = withKey({
  read: { input: {}, output: { value: orNull(ELEMENT) } },
  write: { input: { value: ELEMENT }, output: { ok: FLAG } },
});

/** Registers that are written once: the first write decides, as in consensus. */
export const writeOnceRegisterModel: Model<Element | null, WriteOnceInput, WriteOnceOutput> = {
  name: 'write-once-register',
  partitionKey: keyOf,
  init: () => null,
  step: (value, input, output) => {
    if (input.op === 'read') {
      return output?.value === undefined || output.value === value ? value : ILLEGAL;
    }
    const writes = value === null;
    if (output?.ok !== undefined && output.ok !== writes) return ILLEGAL;
    return writes ? input.value : value;
  },
  isReadOnly: (input, output) => input.op === 'read' || output.ok === false,
  decide: (part) => decideWrittenOnce(part, effectOf),
  validate: (input, output) => operationProblem(SHAPES, input, output),
  describeOperation: (input, output) => {
    if (input.op === 'read') return callText('read', input, [], answerText(output?.value));
    const answer = output?.ok === undefined ? '?' : output.ok ? 'ok' : 'refused';
    return callText('write', input, [input.value], answer);
  },
  describeState: (value) => (value === null ? 'not written' : JSON.stringify(value)),
};

function effectOf({ input, output }: Operation<WriteOnceInput, WriteOnceOutput>): OnceEffect {
  if (input.op === 'write') return { kind: 'write', value: input.value, wrote: output?.ok };
  return output?.value === undefined ? { kind: 'nothing' } : { kind: 'read', value: output.value };
}
