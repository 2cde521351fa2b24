import { promiseHooks } from 'node:v8';
import type { Host } from '../../sim/index.ts';

// Taken when this file is loaded, so that neither guards nor a test's fake timers get in between.
const tick = process.nextTick.bind(process);
const macrotask = setImmediate;
const settled = Promise.resolve();
// Bound, so that neither does who changes Promise.prototype.then.
const afterMicrotasks = settled.then.bind(settled);

type RejectionListener = (reason: unknown, promise: Promise<unknown>) => void;

/** Runs that wait for the thread: one world at a time. */
let lastRun: Promise<void> = Promise.resolve();

/** A host on Node.js, in the main thread or in a worker. */
export function nodeHost(): Host {
  let release: () => void = () => {};
  let others: RejectionListener[] = [];
  let own: RejectionListener = () => {};

  return {
    // A tick queued from a microtask runs once the microtask queue is empty. (A tick queued from a
    // tick would run before the microtasks.) A sixth of the cost of a macrotask, and half of what
    // it is with queueMicrotask, which makes an object for asynchronous hooks each time.
    drain: (next) => void afterMicrotasks(() => tick(next)),
    yield: (next) => void macrotask(next),

    async runStarts(onStrayRejection) {
      const before = lastRun;
      lastRun = new Promise((resolve) => (release = resolve));
      await before;
      // While a run lasts its stray rejections are a verdict: they must not reach listeners that
      // end the process or fail a test.
      others = process.rawListeners('unhandledRejection') as RejectionListener[];
      process.removeAllListeners('unhandledRejection');
      own = (reason) => onStrayRejection(reason);
      process.on('unhandledRejection', own);
    },

    runEnds() {
      process.off('unhandledRejection', own);
      for (const listener of others) process.on('unhandledRejection', listener);
      release();
    },

    countPromises() {
      let made = 0;
      // The types know void functions only; what is returned stops the hook.
      const stop = promiseHooks.onInit(() => void made++) as unknown as () => void;
      return {
        get made() {
          return made;
        },
        stop,
      };
    },
  };
}
