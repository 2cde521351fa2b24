/**
 * Work that several workers share, its results in the order of the items: which worker did what,
 * and how fast, does not show. Nothing more is begun once the caller stops asking; what is under
 * way then is waited for, so that the workers are free, and its results are dropped.
 *
 * @throws whatever a piece of work throws, in its place among the results
 */
export async function* inOrder<Worker, Item, Result>(
  workers: readonly Worker[],
  items: Iterable<Item>,
  work: (worker: Worker, item: Item) => Promise<Result>,
): AsyncGenerator<Result, void, void> {
  const source = items[Symbol.iterator]();
  // In the order of the items, begun and not handed over.
  const begun: Promise<Result>[] = [];
  let isOver = false;

  function begin(worker: Worker): void {
    const next = isOver ? undefined : source.next();
    if (next === undefined || next.done === true) return;
    const result = carryOut(worker, next.value);
    begun.push(result);
    // Told to whoever asks for that result, if anybody still does.
    result.catch(() => {});
  }

  async function carryOut(worker: Worker, item: Item): Promise<Result> {
    try {
      return await work(worker, item);
    } finally {
      // Before anybody hears of this result: there is one to wait for as long as items are left.
      begin(worker);
    }
  }

  for (const worker of workers) begin(worker);
  try {
    for (let first = begun.shift(); first !== undefined; first = begun.shift()) yield await first;
  } finally {
    isOver = true;
    await Promise.allSettled(begun);
  }
}
