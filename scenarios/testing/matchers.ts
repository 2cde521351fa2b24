/**
 * Matchers for vitest: `import 'faultlab/testing/matchers'`, in a test or in its set-up file.
 *
 * @module
 */
import { expect } from 'vitest';
import type { Model, Operation } from '../../porcupine-ts/index.ts';
import type { HistoryLine } from '../define/history.ts';
import { faultlabMatchers } from './faultlab-matchers.ts';

expect.extend({ ...faultlabMatchers });

declare module 'vitest' {
  // oxlint-disable-next-line typescript/no-explicit-any -- the same type parameter as vitest's own
  interface Matchers<T = any> {
    /**
     * The run (or its result, or a promise of either) ended as its scenario expects: with a pass,
     * unless it says otherwise. The failure has check, reason, seed, and the line to run it again.
     */
    toPass(): T extends PromiseLike<unknown> ? Promise<void> : void;
    /**
     * The history of a run, or operations as the checker takes them, could be that of a
     * single-threaded object. Undecided within the budget of steps (default: 5,000,000) counts as
     * a failure.
     */
    toBeLinearizable<S, I, O>(
      model: T extends readonly (HistoryLine | Operation<I, O>)[] ? Model<S, I, O> : never,
      options?: { readonly maxSteps?: number | undefined },
    ): void;
  }
}
