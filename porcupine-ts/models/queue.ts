import { ILLEGAL, type Model } from '../model.ts';
import { answerText, callText, type KeyField, keyOf, withKey } from './key-field.ts';
import type { Element } from './sequence.ts';
import { ELEMENT, operationProblem, orNull } from './shape.ts';

/** Put an element at the end, or take the one at the front. */
export type QueueInput = KeyField &
  ({ readonly op: 'enqueue'; readonly value: Element } | { readonly op: 'dequeue' });

/** A dequeue answers what it took, null if the queue was empty. An enqueue answers nothing. */
export interface QueueOutput {
  readonly value?: Element | null;
}

const SHAPES = withKey({
  enqueue: { input: { value: ELEMENT }, output: {} },
  dequeue: { input: {}, output: { value: orNull(ELEMENT) } },
});

/** Queues, first in, first out, empty at first and without a bound. */
export const queueModel: Model<readonly Element[], QueueInput, QueueOutput> = {
  name: 'queue',
  partitionKey: keyOf,
  init: () => [],
  step: (elements, input, output) => {
    if (input.op === 'enqueue') return [...elements, input.value];
    const front = elements[0] ?? null;
    if (output !== undefined && output.value !== front) return ILLEGAL;
    return front === null ? elements : elements.slice(1);
  },
  isReadOnly: ({ op }, { value }) => op === 'dequeue' && value === null,
  stateKey: (elements) => JSON.stringify(elements),
  validate: (input, output) => operationProblem(SHAPES, input, output),
  describeOperation: (input, output) => {
    if (input.op === 'dequeue') return callText('dequeue', input, [], answerText(output?.value));
    return callText('enqueue', input, [input.value], output === undefined ? '?' : undefined);
  },
};
