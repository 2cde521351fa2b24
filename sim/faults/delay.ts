import { ppmProblem, rangeProblem, type FaultBase, type FaultKind } from './fault-kind.ts';
import { describeMessages, drawUs, happens, onMessages, shaping } from './message-rule.ts';
import type { Messages } from './target.ts';

/**
 * Messages take longer: each by a whole number of ms from `extraMs`. They may arrive after their
 * sender has given up.
 */
export interface Delay extends FaultBase, Messages {
  readonly kind: 'delay';
  /** Least and most, in ms. */
  readonly extraMs: readonly [number, number];
  /** How likely a message is hit, in parts per million. Default: all are. */
  readonly ppm?: number | undefined;
}

export const delay: FaultKind<Delay> = {
  problem: ({ extraMs, ppm }) => rangeProblem('extraMs', extraMs) ?? ppmProblem('ppm', ppm),
  describe: (action) => `delay ${describeMessages(action)} by ${action.extraMs.join('-')} ms`,
  start(site, action) {
    const { id, extraMs, ppm = 1_000_000 } = action;
    const shape = shaping(site, id, (fate, draws) => {
      const isHit = happens(draws, ppm);
      const extraUs = drawUs(draws, extraMs);
      if (isHit) fate.delayUs += extraUs;
    });
    return onMessages(site, action, shape);
  },
};
