import { decideGrownList, type ListEffect } from '../exact/grown-list.ts';
import type { Operation } from '../history/operation.ts';
import { ILLEGAL, type Model } from '../model.ts';
import { answerText, callText, type KeyField, keyOf, withKey } from './key-field.ts';
import { type Element, EMPTY, holdsExactly, push, type Sequence } from './sequence.ts';
import { ELEMENT, ELEMENTS, operationProblem } from './shape.ts';

/** Add an element to the end of a list, or read the list. */
export type AppendListInput = KeyField &
  ({ readonly op: 'append'; readonly value: Element } | { readonly op: 'read' });

/** A read answers the elements in order, an append nothing. */
export interface AppendListOutput {
  readonly values?: readonly Element[];
}

const SHAPES = withKey({
  append: { input: { value: ELEMENT }, output: {} },
  read: { input: {}, output: { values: ELEMENTS } },
});

/** Lists that only grow, empty at first, as in Jepsen's list-append tests. */
export const appendListModel: Model<Sequence, AppendListInput, AppendListOutput> = {
  name: 'append-list',
  partitionKey: keyOf,
  init: () => EMPTY,
  step: (list, input, output) => {
    if (input.op === 'append') return push(list, input.value);
    return output?.values === undefined || holdsExactly(list, output.values) ? list : ILLEGAL;
  },
  isReadOnly: (input) => input.op === 'read',
  decide: (part) => decideGrownList(part, effectOf),
  stateKey: (list) => list.text,
  validate: (input, output) => operationProblem(SHAPES, input, output),
  describeOperation: (input, output) => {
    if (input.op === 'read') return callText('read', input, [], answerText(output?.values));
    return callText('append', input, [input.value], output === undefined ? '?' : undefined);
  },
  describeState: (list) => `[${list.text}]`,
};

function effectOf({ input, output }: Operation<AppendListInput, AppendListOutput>): ListEffect {
  if (input.op === 'append') return { kind: 'append', value: input.value };
  return output?.values === undefined
    ? { kind: 'nothing' }
    : { kind: 'read', values: output.values };
}
