import type { Prefix } from './prefix.ts';

/** A place of a linearization, linked to the one before it, so that prefixes share memory. */
interface Place {
  readonly operation: number;
  readonly before: Place | undefined;
  readonly length: number;
}

/**
 * Remembers for each operation the longest linearization found that contains it.
 *
 * Told only when the search is about to turn back. Each place of the current prefix remembers the
 * greatest length recorded while it was there. A place has seen all that those after it have seen,
 * so the lengths fall along the prefix: the walk from its end stops at the first place that knows
 * one as great, and no operation is looked at twice for the same.
 */
export class PartialLinearizations {
  private readonly longest: (Place | undefined)[];
  /** The places of the current prefix that were linked so far. */
  private readonly places: Place[] = [];
  /** For each of them the greatest length recorded while it was there. */
  private readonly recorded: number[] = [];

  constructor(operationCount: number) {
    this.longest = Array.from({ length: operationCount }, () => undefined);
  }

  /** The search turns back here. */
  offer(prefix: Prefix): void {
    const { places, recorded } = this;
    for (let at = places.length; at < prefix.length; at++) {
      places.push({ operation: prefix.at(at), before: places[at - 1], length: at + 1 });
      recorded.push(0);
    }
    const end = places.at(-1);
    for (let at = prefix.length - 1; at >= 0 && recorded[at]! < prefix.length; at--) {
      recorded[at] = prefix.length;
      const { operation } = places[at]!;
      if ((this.longest[operation]?.length ?? 0) < prefix.length) this.longest[operation] = end;
    }
  }

  /** The search has taken its prefix back to `length` operations. */
  truncated(length: number): void {
    if (this.places.length <= length) return;
    this.places.length = length;
    this.recorded.length = length;
  }

  /** The linearizations, the longest first, without duplicates. */
  toArrays(): number[][] {
    const ends = new Set(this.longest.filter((end) => end !== undefined));
    return [...ends].sort((a, b) => b.length - a.length).map(toOrder);
  }
}

function toOrder(end: Place): number[] {
  const order: number[] = [];
  for (let at: Place | undefined = end; at !== undefined; at = at.before) order.push(at.operation);
  return order.reverse();
}
