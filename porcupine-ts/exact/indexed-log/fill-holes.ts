import { NONE } from '../blocks/blocks.ts';

/** A place in the log whose entry exists, and of which nobody said that it is theirs. */
export interface Hole {
  readonly index: number;
  /** What was read there; undefined if nobody read it. */
  readonly found: { readonly value: unknown } | undefined;
  /** Position before which its append must have been called. */
  readonly deadline: number;
}

/** An append that may fill any hole. */
export interface Filler {
  readonly operation: number;
  readonly value: unknown;
  readonly callAt: number;
}

/**
 * Which append fills which hole, as operations by hole; or the hole that stays empty.
 *
 * A filler fits a hole if it was called before the deadline, and holds what was read there. Holes
 * that were read choose first, from the lowest, each the filler that was called *last*: if some
 * solution takes an earlier one, the two can be exchanged, since deadlines grow with the index.
 * So the earliest ones are left for the holes that nobody read, of which the lowest takes the
 * earliest, by the same exchange.
 *
 * @param holes - by index; deadlines never fall
 */
export function fillHoles(
  holes: readonly Hole[],
  fillers: readonly Filler[],
): readonly number[] | { readonly empty: Hole } {
  const byCall = fillers.toSorted((a, b) => a.callAt - b.callAt);
  const byValue = new Map<unknown, Filler[]>();
  for (const filler of byCall) {
    const same = byValue.get(filler.value);
    if (same === undefined) byValue.set(filler.value, [filler]);
    else same.push(filler);
  }
  const taken = new Set<Filler>();
  const filled = holes.map(() => NONE);
  /** For each value how many fillers were called in time, and those of them that are left. */
  const inTime = new Map<unknown, { count: number; readonly left: Filler[] }>();
  for (const [nth, { found, deadline }] of holes.entries()) {
    if (found === undefined) continue;
    const same = byValue.get(found.value) ?? [];
    const state = inTime.get(found.value) ?? { count: 0, left: [] };
    inTime.set(found.value, state);
    for (; state.count < same.length && same[state.count]!.callAt < deadline; state.count++) {
      state.left.push(same[state.count]!);
    }
    const filler = state.left.pop();
    if (filler === undefined) return { empty: holes[nth]! };
    taken.add(filler);
    filled[nth] = filler.operation;
  }
  const left = byCall.filter((filler) => !taken.has(filler)).values();
  for (const [nth, hole] of holes.entries()) {
    if (hole.found !== undefined) continue;
    const { value: filler } = left.next();
    if (filler === undefined || filler.callAt >= hole.deadline) return { empty: hole };
    filled[nth] = filler.operation;
  }
  return filled;
}
