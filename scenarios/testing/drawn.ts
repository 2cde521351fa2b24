import fc from 'fast-check';

/** See {@link drawn}. */
class Drawn<T> extends fc.Arbitrary<T> {
  private readonly value: T;
  private readonly simpler: readonly T[];

  constructor(value: T, simpler: readonly T[]) {
    super();
    this.value = value;
    this.simpler = simpler.filter((other) => other !== value);
  }

  generate(): fc.Value<T> {
    return new fc.Value(this.value, this.simpler.length);
  }

  canShrinkWithoutContext(value: unknown): value is T {
    return value === this.value;
  }

  /** The context is the place of the value among the simpler ones. */
  shrink(_value: T, context: unknown): fc.Stream<fc.Value<T>> {
    const before = typeof context === 'number' ? context : this.simpler.length;
    return fc.stream(
      this.simpler
        .slice(0, before)
        .map((other, i) => new fc.Value(other, i))
        .values(),
    );
  }
}

/** A value that was drawn elsewhere; shrinks to the first of the simpler ones that will do. */
export function drawn<T>(value: T, ...simpler: readonly T[]): fc.Arbitrary<T> {
  return new Drawn(value, simpler);
}
