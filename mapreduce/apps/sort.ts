import type { Application } from '../contract.ts';

/** Records before it in the order of the output belong to earlier reduce tasks (§5.3). */
type Boundaries = readonly string[];

/**
 * Sort lines: the outputs one after the other are all lines in order. Lines go to reduce tasks by
 * range, and the ranges come from a sample, so that tasks are of like size.
 * @param sample some of the lines
 */
export function sort(sample: readonly string[]): Application {
  const sorted = [...sample].toSorted();
  const boundaries = new Map<number, Boundaries>();
  const rangesOf = (reduces: number): Boundaries => {
    const known = boundaries.get(reduces);
    if (known !== undefined) return known;
    const ranges = Array.from({ length: reduces - 1 }, (_, i) => {
      return sorted[Math.floor(((i + 1) * sorted.length) / reduces)] ?? '';
    });
    boundaries.set(reduces, ranges);
    return ranges;
  };
  return {
    map: (_file, content) =>
      content
        .split('\n')
        .filter((line) => line !== '')
        .map((key) => ({ key, value: '' })),
    // As often as it occurs.
    reduce: (_key, values) => String(values.length),
    partition(key, reduces) {
      const ranges = rangesOf(reduces);
      let [from, to] = [0, ranges.length];
      while (from < to) {
        const middle = (from + to) >> 1;
        if (key < ranges[middle]!) to = middle;
        else from = middle + 1;
      }
      return from;
    },
  };
}
