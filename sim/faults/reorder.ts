import { ppmProblem, type FaultBase, type FaultKind } from './fault-kind.ts';
import { describeMessages, drawUs, happens, onMessages, shaping } from './message-rule.ts';
import type { Messages } from './target.ts';

/**
 * Messages overtake each other: some wait, so that those sent within the next `windowMs` may arrive
 * first.
 */
export interface Reorder extends FaultBase, Messages {
  readonly kind: 'reorder';
  readonly windowMs: number;
  /** How likely a message has to wait, in parts per million. Default: one in two. */
  readonly ppm?: number | undefined;
}

export const reorder: FaultKind<Reorder> = {
  problem({ windowMs, ppm }) {
    const isWindow = Number.isInteger(windowMs) && windowMs >= 1 && windowMs <= 3_600_000;
    if (isWindow) return ppmProblem('ppm', ppm);
    return { field: 'windowMs', why: `expected whole ms from 1 to 3600000, got ${windowMs}` };
  },
  describe: (action) => `reorder ${describeMessages(action)} within ${action.windowMs} ms`,
  start(site, action) {
    const { id, windowMs, ppm = 500_000 } = action;
    const shape = shaping(site, id, (fate, draws) => {
      const waits = happens(draws, ppm);
      const extraUs = drawUs(draws, [1, windowMs]);
      if (waits) fate.delayUs += extraUs;
    });
    return onMessages(site, action, shape);
  },
};
