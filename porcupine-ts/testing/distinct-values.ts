import type { RandomSource } from './random-source.ts';
import type { FaultyWorkload } from './workloads.ts';

/** Percentage of values that have been written before, so that the exact algorithms must look. */
const REPEATED_PERCENT = 3;

/**
 * The workload with values that are written once, nearly always. A compare-and-set compares with
 * the true value mostly.
 *
 * @param valueOf - the nth value
 */
export function distinct<S, I extends { readonly op: string }, O>(
  workload: FaultyWorkload<S, I, O>,
  valueOf: (nth: number) => string | number,
): FaultyWorkload<S, I, O> {
  let next = 0;
  const value = (random: RandomSource): string | number =>
    valueOf(random.chance(REPEATED_PERCENT) ? random.below(next + 1) : next++);
  return {
    ...workload,
    ask: (random, client, stateOf) => {
      const input = workload.ask(random, client, stateOf);
      if ('to' in input) {
        const from = random.chance(70) ? stateOf(input) : valueOf(random.below(next + 1));
        return { ...input, from, to: value(random) };
      }
      return 'value' in input ? { ...input, value: value(random) } : input;
    },
  };
}
