/** Numbers that look random and depend on the seed only, for tests. */
export interface RandomSource {
  /** An integer from 0 up to but not including `bound`. */
  below(bound: number): number;
  /** True in `percent` of 100 cases. */
  chance(percent: number): boolean;
}

/** The generator of Marsaglia's "Xorshift RNGs" (2003), 32 bits. */
export function randomSource(seed: number): RandomSource {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  const below = (bound: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
  return { below, chance: (percent) => below(100) < percent };
}
