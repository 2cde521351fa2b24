import { ppmProblem, type FaultBase, type FaultKind } from './fault-kind.ts';
import { describeMessages, happens, onMessages, shaping } from './message-rule.ts';
import type { Messages } from './target.ts';

/**
 * Messages are damaged on their way. A checksum finds them out, and they are dropped, unless the
 * receiving node asked for them as they are ({@link NodeOptions.takesDamaged}).
 */
export interface Corrupt extends FaultBase, Messages {
  readonly kind: 'corrupt';
  readonly ppm: number;
}

export const corrupt: FaultKind<Corrupt> = {
  problem: ({ ppm }) => ppmProblem('ppm', ppm),
  describe: (action) => `damage ${action.ppm / 10_000} % of ${describeMessages(action)}`,
  start(site, action) {
    const { id, ppm } = action;
    const shape = shaping(site, id, (fate, draws) => {
      if (happens(draws, ppm)) fate.isDamaged = true;
    });
    return onMessages(site, action, shape);
  },
};
