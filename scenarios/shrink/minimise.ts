/** Does it still fail if only these are left? */
export type StillFails<T> = (left: readonly T[]) => Promise<boolean>;

/**
 * Delta debugging: take out chunks, large ones first, as long as what is left still fails. The
 * result keeps the order of the list and is 1-minimal: take out any one more, and it does not fail.
 *
 * Chunks go from the end of the list to its beginning. What stands late in a plan happens late in
 * the run: without it the run is the same up to there, so that the failure is most likely to stay.
 * @param items known to fail
 */
export async function minimise<T>(
  items: readonly T[],
  stillFails: StillFails<T>,
): Promise<readonly T[]> {
  if (items.length === 0) return items;
  if (await stillFails([])) return [];
  let left = items;
  let size = items.length;
  do {
    size = Math.ceil(size / 2);
    left = await withoutChunks(left, size, stillFails);
  } while (size > 1);
  // One that had to stay may have become needless by what was taken out after it.
  for (let before = items; left.length < before.length;) {
    before = left;
    left = await withoutChunks(left, 1, stillFails);
  }
  return left;
}

/** Try to leave out each chunk once. */
async function withoutChunks<T>(
  items: readonly T[],
  size: number,
  stillFails: StillFails<T>,
): Promise<readonly T[]> {
  let left = items;
  for (let end = items.length; end > 0; end -= size) {
    const rest = [...left.slice(0, Math.max(0, end - size)), ...left.slice(end)];
    if (rest.length > 0 && (await stillFails(rest))) left = rest;
  }
  return left;
}
