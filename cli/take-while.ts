/** The first items, as long as it is so. */
export function* takeWhile<T>(items: Iterable<T>, isSo: () => boolean): Iterable<T> {
  for (const item of items) {
    if (!isSo()) return;
    yield item;
  }
}
