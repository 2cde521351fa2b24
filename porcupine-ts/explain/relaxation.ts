import { NEVER, timelineOf } from '../history/timeline.ts';
import type { Operation } from '../history/operation.ts';
import type { Part } from '../history/partition.ts';

/**
 * Weaker forms of one part of a history, in which only the answers of some operations count.
 *
 * An operation whose answer is not to count is never just deleted: somebody may have read what it
 * wrote. It is **relaxed**: pending from its call on, so that it may have taken effect at any time
 * after that, or never. That holds for reads and refused writes, too: that they changed nothing is
 * known from their answers. Only pending operations called after the last answer that counts are
 * left out, since no order has to place them before that answer, and none may.
 *
 * So each linearization of the part, up to that answer, is one of the relaxed part. If the relaxed
 * part has none, then the part has none either: the answers that count contradict each other,
 * whatever was made of all others.
 */
export class Relaxation<I, O> {
  private readonly part: Part<I, O>;
  /** Each operation as it is when relaxed. */
  private readonly pending: readonly Operation<I, O>[];

  constructor(part: Part<I, O>) {
    this.part = part;
    this.pending = part.operations.map((operation) => {
      const { clientId, input, call, return: end, metadata } = operation;
      if (end === undefined) return operation;
      return { clientId, input, call, ...(metadata === undefined ? {} : { metadata }) };
    });
  }

  /** The part in which only the answers of these operations count; all of them returned. */
  keeping(kept: readonly number[]): Part<I, O> {
    const { key, operations, indices, timeline } = this.part;
    const { operationCount, entries, callAt, returnAt } = timeline;
    const counts = new Uint8Array(operationCount);
    let horizon = 0;
    for (const operation of kept) {
      counts[operation] = 1;
      horizon = Math.max(horizon, returnAt[operation]!);
    }
    // The operations called before the horizon, numbered anew; those that count are among them.
    const renumbered = new Int32Array(operationCount);
    const chosen: number[] = [];
    for (let operation = 0; operation < operationCount; operation++) {
      if (callAt[operation]! > horizon) continue;
      renumbered[operation] = chosen.length;
      chosen.push(operation);
    }
    const ordered = new Int32Array(chosen.length + kept.length);
    let position = 0;
    for (const entry of entries.subarray(0, horizon + 1)) {
      const operation = entry - operationCount;
      if (operation < 0) ordered[position++] = renumbered[entry]!;
      else if (counts[operation] === 1) {
        ordered[position++] = chosen.length + renumbered[operation]!;
      }
    }
    return {
      key,
      operations: chosen.map((operation) =>
        counts[operation] === 1 ? operations[operation]! : this.pending[operation]!,
      ),
      indices: Int32Array.from(chosen, (operation) => indices[operation]!),
      timeline: timelineOf(ordered, chosen.length),
    };
  }
}

/** The operations of a part that returned, by call. */
export function returnedByCall({ timeline }: Part<unknown, unknown>): number[] {
  const { entries, operationCount, returnAt } = timeline;
  return Array.from(entries).filter(
    (entry) => entry < operationCount && returnAt[entry]! !== NEVER,
  );
}
