import { scale } from '../random/bits.ts';
import { rangeProblem, type FaultBase, type FaultKind } from './fault-kind.ts';
import { describeMessages, onMessages } from './message-rule.ts';
import type { Messages } from './target.ts';

/**
 * Links have priorities: messages of each take longer by a time of its own, the same for all of
 * them, drawn once from nothing to `windowMs`. Of what is on its way within the window, messages of
 * one link always arrive before those of another, where chance alone would mix them.
 *
 * This is how a run is scheduled by priorities (Burckhardt and others, "A Randomized Scheduler with
 * Probabilistic Guarantees of Finding Bugs", 2010): at its change points a link falls behind all
 * others (a `delay` of a whole window), or a node stands still for one (a `pause`).
 */
export interface Priorities extends FaultBase, Messages {
  readonly kind: 'priorities';
  /** How much longer messages of the last link take, in whole ms. */
  readonly windowMs: number;
}

export const priorities: FaultKind<Priorities> = {
  problem: ({ windowMs }) => rangeProblem('windowMs', [1, windowMs]),
  describe: (action) => `priorities within ${action.windowMs} ms: ${describeMessages(action)}`,
  start: (site, action) =>
    onMessages(site, action, (link) => {
      const draw = site.streams.stream(`fault/${action.id}/${link.name}`).uint32();
      const laterUs = scale(draw, action.windowMs * 1000 + 1);
      return { shape: (fate) => void (fate.delayUs += laterUs) };
    }),
};
