import type { Model, Operation } from '../../porcupine-ts/index.ts';
import type { HistoryLine } from '../define/history.ts';
import { isAsExpected } from '../define/result.ts';
import { judgeHistory } from './judge-history.ts';
import { failureText, passText, resultOf, type Judged } from './node-failure-text.ts';

/** What a matcher answers, to vitest as to others of its family. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** The matchers, for `expect.extend`; `faultlab/testing/matchers` does that, with types. */
export interface FaultlabMatchers {
  toPass(received: Judged | Promise<Judged>): MatcherResult | Promise<MatcherResult>;
  toBeLinearizable<S, I, O>(
    received: readonly HistoryLine[] | readonly Operation<I, O>[],
    model: Model<S, I, O>,
    options?: { readonly maxSteps?: number | undefined },
  ): MatcherResult;
}

export const faultlabMatchers: FaultlabMatchers = {
  toPass(received) {
    return received instanceof Promise ? received.then(judge) : judge(received);
  },

  toBeLinearizable(received, model, { maxSteps } = {}) {
    const { isLinearizable, text } = judgeHistory(received, model, maxSteps);
    return { pass: isLinearizable, message: () => text };
  },
};

function judge(judged: Judged): MatcherResult {
  const pass = isAsExpected(resultOf(judged));
  // Now, not when somebody reads the message: the plan has to be kept in any case.
  const text = pass ? passText(judged) : failureText(judged);
  return { pass, message: () => text };
}
