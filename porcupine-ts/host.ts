/**
 * The only file of the checker that knows of time. It takes the clock and the scheduler from
 * whatever host there is: Node, a browser, a worker.
 *
 * Only `timeoutMs` looks at the clock, and only the asynchronous checks give the thread back. So
 * verdicts with `timeoutMs` depend on the machine, and those without it never do.
 */
interface Host {
  readonly performance: { now(): number };
  /** Node. */
  readonly setImmediate?: (callback: () => void) => unknown;
  /** Everywhere. */
  readonly setTimeout: (callback: () => void, ms: number) => unknown;
}

// Taken when the module is loaded, so that what replaces them later (fake timers, the guards of a
// simulation) does not stop a check.
const { performance, setImmediate, setTimeout } = globalThis as unknown as Host;

/** Milliseconds since some fixed instant; never goes back. */
export function now(): number {
  return performance.now();
}

/** Gives the thread back: resolves after other tasks of the host had their turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (setImmediate === undefined) setTimeout(resolve, 0);
    else setImmediate(resolve);
  });
}
