import type { Model } from './model.ts';
import type { Operation } from './operation.ts';

/** Operations that can be judged by themselves. */
export interface Part<I, O> {
  /** What they have in common; undefined if the model does not partition. */
  readonly key: string | undefined;
  readonly operations: readonly Operation<I, O>[];
  /** Their indices in the whole history. */
  readonly indices: readonly number[];
}

/** Splits a history by the model's partition key; parts are in order of first appearance. */
export function partitionHistory<S, I, O>(
  model: Model<S, I, O>,
  history: readonly Operation<I, O>[],
): Part<I, O>[] {
  const parts = new Map<
    string | undefined,
    { key: string | undefined; operations: Operation<I, O>[]; indices: number[] }
  >();
  history.forEach((operation, index) => {
    const key = model.partitionKey?.(operation.input);
    let part = parts.get(key);
    if (part === undefined) {
      part = { key, operations: [], indices: [] };
      parts.set(key, part);
    }
    part.operations.push(operation);
    part.indices.push(index);
  });
  return [...parts.values()];
}
