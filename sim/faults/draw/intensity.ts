import type { Random } from '../../random/random.ts';

/**
 * A whole number from `least` to `most`, small ones far likelier than large ones: each doubling is
 * as likely as the next, since bugs hide at any order of magnitude.
 */
export function drawIntensity(random: Random, least: number, most: number): number {
  let top = least;
  const steps: number[] = [];
  while (top < most) {
    top = Math.min(most, top * 2);
    steps.push(top);
  }
  if (steps.length === 0) return least;
  const hi = random.pick(steps);
  return random.between(Math.max(least, hi >> 1), hi);
}
