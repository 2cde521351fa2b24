/**
 * What the simulator needs of the machine it runs on. The host (Node, a worker, a browser) hands it
 * in, so that `sim/` names no timer and no scheduler of any platform.
 */
export interface Host {
  /**
   * Call `next` once the microtask queue is empty. Used after every event that enters code of a
   * node that is not synchronous, so that all continuations of its promises have run before the
   * next event. Must not cost a macrotask.
   */
  drain(next: () => void): void;
  /**
   * Call `next` in a new macrotask. The step loop does so every {@link YIELD_EVERY} events, so that
   * timers, signals and unhandled rejections of the host get their turn. Nothing in a run depends
   * on where it happens.
   */
  yield(next: () => void): void;
  /**
   * A run wants to start. Resolves when it may: one world runs at a time on a thread, a second one
   * waits. From then on rejections that nobody handles are handed to `onStrayRejection`.
   */
  runStarts(onStrayRejection: (reason: unknown) => void): Promise<void>;
  /** The run is over: the next one may start. */
  runEnds(): void;
  /**
   * Count the promises that anybody makes from now on. A port of strict mode; a host that cannot
   * do it leaves it out, and synchronous nodes are trusted there.
   */
  countPromises?(): PromiseCount;
}

/** Promises made since {@link Host.countPromises} was called. */
export interface PromiseCount {
  readonly made: number;
  /** No more are counted: counting slows all promises down. */
  stop(): void;
}

/** Events between two macrotask yields. Counted, never timed: a clock would leak into the run. */
export const YIELD_EVERY = 8192;
