/**
 * A number in 0 .. n - 1 from exactly one 32-bit draw. Where the number of draws must not depend on
 * their values (messages), this is used instead of rejection; for n up to 2^20 no result is
 * favoured by more than one part in 4096.
 */
export function scale(draw: number, n: number): number {
  return Math.floor((draw * n) / 0x100000000);
}

/** Mix 32 bits so that every bit of the input reaches every bit of the result. */
export function avalanche(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/**
 * Exponentially distributed with the given mean, as a whole number, from exactly one 32-bit draw.
 * Engines differ in the last bit of Math.log, so the logarithm is made of a power of two and a
 * series in +, -, * and /, which no engine may round in its own way.
 */
export function exponential(draw: number, mean: number): number {
  // u = (draw + 1) / 2^32 = m / 2^k with m in [1, 2]: -ln(u) = k ln 2 - ln(m).
  const k = Math.min(Math.clz32(draw), 31) + 1;
  const m = (draw + 1) / (0x80000000 >>> (k - 1));
  const t = (m - 1) / (m + 1);
  const t2 = t * t;
  const ln = 2 * t * (1 + t2 * (1 / 3 + t2 * (1 / 5 + t2 * (1 / 7 + t2 / 9))));
  return Math.floor((k * Math.LN2 - ln) * mean);
}
