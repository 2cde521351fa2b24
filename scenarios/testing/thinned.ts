import fc from 'fast-check';

/** Chunks of this many items are taken out next; of more, it has been tried in vain. */
type ChunkSize = number;

/** See {@link thinned}. */
class Thinned<T> extends fc.Arbitrary<readonly T[]> {
  private readonly items: readonly T[];

  constructor(items: readonly T[]) {
    super();
    this.items = items;
  }

  generate(): fc.Value<readonly T[]> {
    return new fc.Value(this.items, this.items.length);
  }

  /** A list that somebody else made up may hold items that are not ours. */
  canShrinkWithoutContext(value: unknown): value is readonly T[] {
    return value === this.items;
  }

  shrink(value: readonly T[], context: unknown): fc.Stream<fc.Value<readonly T[]>> {
    return fc.stream(smaller(value, typeof context === 'number' ? context : value.length));
  }
}

/**
 * The list as it is, which shrinks to fewer of its items, in their order: all go, then halves,
 * quarters, and so on down to single ones. The items themselves stay as they are.
 */
export function thinned<T>(items: readonly T[]): fc.Arbitrary<readonly T[]> {
  return new Thinned(items);
}

/** What is left when a chunk goes, for all chunks of a size, then of half the size, ... */
function* smaller<T>(list: readonly T[], from: ChunkSize): Generator<fc.Value<readonly T[]>> {
  for (let size = Math.min(from, list.length); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < list.length; at += size) {
      yield new fc.Value([...list.slice(0, at), ...list.slice(at + size)], size);
    }
  }
}
