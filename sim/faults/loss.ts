import { ppmProblem, type FaultBase, type FaultKind } from './fault-kind.ts';
import { describeMessages, happens, onMessages, shaping } from './message-rule.ts';
import type { Messages } from './target.ts';

/** Messages get lost. With `burstPpm` losses come in bursts, as on a real network. */
export interface Loss extends FaultBase, Messages {
  readonly kind: 'loss';
  /** How likely a message is lost, in parts per million. */
  readonly ppm: number;
  /** How likely a message shares the fate of the one before it; parts per million. Default: 0. */
  readonly burstPpm?: number | undefined;
}

export const loss: FaultKind<Loss> = {
  problem: ({ ppm, burstPpm }) => ppmProblem('ppm', ppm) ?? ppmProblem('burstPpm', burstPpm),
  describe: (action) => `lose ${action.ppm / 10_000} % of ${describeMessages(action)}`,
  start(site, action) {
    const { id, ppm, burstPpm = 0 } = action;
    return onMessages(site, action, (link) => {
      let wasLost = false;
      return shaping(site, id, (fate, draws) => {
        const isNew = happens(draws, ppm);
        if (!happens(draws, burstPpm)) wasLost = isNew;
        fate.isLost ||= wasLost;
      })(link);
    });
  },
};
