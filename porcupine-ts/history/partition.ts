import type { Model } from '../model.ts';
import type { Operation } from './operation.ts';
import { type Timeline, timelineOf } from './timeline.ts';

/** Operations that can be judged by themselves. */
export interface Part<I, O> {
  /** What they have in common; undefined if the model does not partition. */
  readonly key: string | undefined;
  readonly operations: readonly Operation<I, O>[];
  /** Their indices in the whole history. */
  readonly indices: Int32Array;
  /** The order of their calls and returns; it numbers them as `operations` does. */
  readonly timeline: Timeline;
}

/** Which part each operation belongs to. */
interface Grouping {
  /** Keys of the parts, in order of first appearance. */
  readonly keys: readonly (string | undefined)[];
  /** For each operation the number of its part. */
  readonly partOf: Int32Array;
}

/** Splits a history by the model's partition key; parts are in order of first appearance. */
export function partitionHistory<S, I, O>(
  model: Model<S, I, O>,
  history: readonly Operation<I, O>[],
  timeline: Timeline,
): Part<I, O>[] {
  const { keys, partOf } = groupByKey(model, history);
  const sizes = new Int32Array(keys.length);
  /** For each operation its number in its part. */
  const localOf = partOf.map((part) => sizes[part]!++);
  if (keys.length === 1) {
    return [{ key: keys[0], operations: history, indices: localOf, timeline }];
  }
  const indices = Array.from(sizes, (size) => new Int32Array(size));
  for (let index = 0; index < partOf.length; index++) {
    indices[partOf[index]!]![localOf[index]!] = index;
  }
  const entries = splitEntries(timeline, partOf, localOf, sizes);
  return keys.map((key, part) => ({
    key,
    operations: Array.from(indices[part]!, (index) => history[index]!),
    indices: indices[part]!,
    timeline: timelineOf(entries[part]!, sizes[part]!),
  }));
}

function groupByKey<S, I, O>(model: Model<S, I, O>, history: readonly Operation<I, O>[]): Grouping {
  const keys: (string | undefined)[] = [];
  const partOf = new Int32Array(history.length);
  const numbers = new Map<string | undefined, number>();
  for (let index = 0; index < history.length; index++) {
    const key = model.partitionKey?.(history[index]!.input);
    let part = numbers.get(key);
    if (part === undefined) {
      part = keys.length;
      numbers.set(key, part);
      keys.push(key);
    }
    partOf[index] = part;
  }
  return { keys, partOf };
}

/** Hands each entry, by time, to its part, which numbers it by its own operations. */
function splitEntries(
  { entries, operationCount }: Timeline,
  partOf: Int32Array,
  localOf: Int32Array,
  sizes: Int32Array,
): Int32Array[] {
  const counts = new Int32Array(sizes.length);
  for (const entry of entries) counts[partOf[entry % operationCount]!]!++;
  const split = Array.from(counts, (count) => new Int32Array(count));
  counts.fill(0);
  for (const entry of entries) {
    const operation = entry % operationCount;
    const part = partOf[operation]!;
    const offset = entry < operationCount ? 0 : sizes[part]!;
    split[part]![counts[part]!++] = offset + localOf[operation]!;
  }
  return split;
}
