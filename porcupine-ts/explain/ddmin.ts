/**
 * Makes a list smaller as long as a property holds: the minimising delta debugging of Zeller &
 * Hildebrandt, "Simplifying and Isolating Failure-Inducing Input" (2002), with removals only. The
 * subsets of their algorithm are tried as well, as complements, when there are two chunks.
 *
 * The result is 1-minimal: the property is lost without any single one of its items. For k items
 * that are needed among n, about 2 k log2(n / k) questions are asked if the property of a list
 * implies that of all longer ones. Items are given up from the front, so those that are best kept
 * come last.
 *
 * @param items - a list that has the property
 * @param holds - asked about lists in the given order; must answer the same to the same list
 */
export function ddmin<T>(items: readonly T[], holds: (kept: readonly T[]) => boolean): T[] {
  let kept = [...items];
  for (let chunk = Math.ceil(kept.length / 2); chunk > 0;) {
    const before = kept.length;
    for (let start = 0; start < kept.length;) {
      const fewer = kept.toSpliced(start, chunk);
      if (holds(fewer)) kept = fewer;
      else start += chunk;
    }
    // Where the property is not monotone, a loss at one place may allow another at an earlier one.
    if (chunk > 1) chunk = Math.ceil(chunk / 2);
    else if (kept.length === before) chunk = 0;
  }
  return kept;
}
