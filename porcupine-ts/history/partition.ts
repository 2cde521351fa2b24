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

/** A part that is being filled. */
interface Draft {
  readonly key: string | undefined;
  readonly indices: number[];
  /** The entries of the part, by time, in its own numbers; calls are `k`, returns `~k`. */
  readonly entries: number[];
}

/** Splits a history by the model's partition key; parts are in order of first appearance. */
export function partitionHistory<S, I, O>(
  model: Model<S, I, O>,
  history: readonly Operation<I, O>[],
  timeline: Timeline,
): Part<I, O>[] {
  const drafts = new Map<string | undefined, Draft>();
  const draftOf = history.map((operation, index) => {
    const key = model.partitionKey?.(operation.input);
    let draft = drafts.get(key);
    if (draft === undefined) {
      draft = { key, indices: [], entries: [] };
      drafts.set(key, draft);
    }
    draft.indices.push(index);
    return draft;
  });
  if (drafts.size === 1) {
    const { key } = draftOf[0]!;
    return [{ key, operations: history, indices: Int32Array.from(history.keys()), timeline }];
  }
  splitEntries(draftOf, timeline);
  return Array.from(drafts.values(), (draft) => ({
    key: draft.key,
    operations: draft.indices.map((index) => history[index]!),
    indices: Int32Array.from(draft.indices),
    timeline: timelineOf(entriesOf(draft), draft.indices.length),
  }));
}

/** Hands each entry, by time, to the part that it belongs to. */
function splitEntries(draftOf: readonly Draft[], { entries, operationCount }: Timeline): void {
  const localOf = new Int32Array(operationCount);
  for (const { indices } of new Set(draftOf)) {
    indices.forEach((index, local) => (localOf[index] = local));
  }
  for (const entry of entries) {
    if (entry < operationCount) draftOf[entry]!.entries.push(localOf[entry]!);
    else draftOf[entry - operationCount]!.entries.push(~localOf[entry - operationCount]!);
  }
}

function entriesOf({ indices, entries }: Draft): Int32Array {
  return Int32Array.from(entries, (entry) => (entry >= 0 ? entry : indices.length + ~entry));
}
