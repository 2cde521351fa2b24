import { ppmProblem, rangeProblem, type FaultBase, type FaultKind } from './fault-kind.ts';
import { describeMessages, drawUs, happens, onMessages, shaping } from './message-rule.ts';
import type { Messages } from './target.ts';

/** Messages arrive twice; of a reply that comes twice the caller takes the first. */
export interface Duplicate extends FaultBase, Messages {
  readonly kind: 'duplicate';
  readonly ppm: number;
  /** How much later the second copy arrives, in whole ms, least and most. Default: 0 to 10. */
  readonly laterMs?: readonly [number, number] | undefined;
}

export const duplicate: FaultKind<Duplicate> = {
  problem: ({ ppm, laterMs }) => ppmProblem('ppm', ppm) ?? rangeProblem('laterMs', laterMs),
  describe: (action) => `deliver ${action.ppm / 10_000} % of ${describeMessages(action)} twice`,
  start(site, action) {
    const { id, ppm, laterMs = [0, 10] } = action;
    const shape = shaping(site, id, (fate, draws) => {
      const isTwice = happens(draws, ppm);
      const laterUs = drawUs(draws, laterMs);
      if (!isTwice) return;
      fate.copies = 2;
      fate.copyLaterUs = laterUs;
    });
    return onMessages(site, action, shape);
  },
};
