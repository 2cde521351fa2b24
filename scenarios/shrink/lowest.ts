/**
 * The lowest integer from `least` to `value` that still fails, if all above it do; in any case one
 * that does, or `value` itself. By halving: a few runs, however far it goes down.
 */
export async function lowest(
  value: number,
  least: number,
  stillFails: (lower: number) => Promise<boolean>,
): Promise<number> {
  if (value <= least) return value;
  if (await stillFails(least)) return least;
  let [tooLow, low] = [least, value];
  while (low - tooLow > 1) {
    const middle = Math.floor((tooLow + low) / 2);
    if (await stillFails(middle)) low = middle;
    else tooLow = middle;
  }
  return low;
}
