import { ILLEGAL, type Model } from '../model.ts';
import { answerText, callText, type KeyField, keyOf, withKey } from './key-field.ts';
import type { Element } from './sequence.ts';
import { ELEMENT, ELEMENTS, FLAG, operationProblem, optional } from './shape.ts';

/** Add or remove an element, ask for one, or read all. */
export type SetInput = KeyField &
  (
    | { readonly op: 'add' | 'remove' | 'contains'; readonly value: Element }
    | { readonly op: 'read' }
  );

/**
 * `contains` answers whether the element is `present`; a read answers all `values`, each once, in
 * any order. An add or remove may answer whether it `changed` the set, and then that counts, too.
 */
export interface SetOutput {
  readonly present?: boolean;
  readonly values?: readonly Element[];
  readonly changed?: boolean;
}

const CHANGE = { input: { value: ELEMENT }, output: { changed: optional(FLAG) } };
const SHAPES = withKey({
  add: CHANGE,
  remove: CHANGE,
  contains: { input: { value: ELEMENT }, output: { present: FLAG } },
  read: { input: {}, output: { values: ELEMENTS } },
});

/** Sets, empty at first. A state is the elements in ascending order, numbers before strings. */
export const setModel: Model<readonly Element[], SetInput, SetOutput> = {
  name: 'set',
  partitionKey: keyOf,
  init: () => [],
  step: (elements, input, output) => {
    if (input.op === 'read') {
      return output === undefined || isContent(output.values, elements) ? elements : ILLEGAL;
    }
    const { op, value } = input;
    const present = elements.includes(value);
    if (op === 'contains') {
      return output === undefined || output.present === present ? elements : ILLEGAL;
    }
    const changes = present === (op === 'remove');
    if (output?.changed !== undefined && output.changed !== changes) return ILLEGAL;
    if (!changes) return elements;
    if (op === 'add') return [...elements, value].sort(byTypeAndValue);
    return elements.filter((element) => element !== value);
  },
  isReadOnly: ({ op }, { changed }) => op === 'contains' || op === 'read' || changed === false,
  stateKey: (elements) => JSON.stringify(elements),
  validate: (input, output) => operationProblem(SHAPES, input, output),
  describeOperation: (input, output) => {
    if (input.op === 'read') return callText('read', input, [], answerText(output?.values));
    const answer = input.op === 'contains' ? output?.present : output?.changed;
    const silent = output !== undefined && input.op !== 'contains' && answer === undefined;
    return callText(input.op, input, [input.value], silent ? undefined : answerText(answer));
  },
  describeState: (elements) => `{${elements.map((each) => JSON.stringify(each)).join(', ')}}`,
};

function isContent(values: readonly Element[] | undefined, elements: readonly Element[]): boolean {
  if (values?.length !== elements.length) return false;
  const sorted = values.toSorted(byTypeAndValue);
  return elements.every((element, place) => element === sorted[place]);
}

function byTypeAndValue(a: Element, b: Element): number {
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
