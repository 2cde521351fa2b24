import type { FaultBase, FaultKind } from './fault-kind.ts';
import { describeMessages, onMessages } from './message-rule.ts';
import type { Messages } from './target.ts';

/** A link is slow: messages queue up behind each other, and large ones take long. */
export interface Bandwidth extends FaultBase, Messages {
  readonly kind: 'bandwidth';
  /** What each link carries, in bytes of payload per ms. */
  readonly bytesPerMs: number;
}

export const bandwidth: FaultKind<Bandwidth> = {
  problem({ bytesPerMs }) {
    if (Number.isInteger(bytesPerMs) && bytesPerMs >= 1) return undefined;
    return { field: 'bytesPerMs', why: `expected a whole number from 1, got ${bytesPerMs}` };
  },
  describe: (action) => `carry ${action.bytesPerMs} bytes a ms: ${describeMessages(action)}`,
  start: (site, action) =>
    onMessages(site, action, () => {
      let freeAt = 0;
      return {
        shape(fate, _lane, bytes) {
          const startsAt = Math.max(site.kernel.now, freeAt);
          freeAt = startsAt + Math.ceil((bytes * 1000) / action.bytesPerMs);
          fate.delayUs += freeAt - site.kernel.now;
        },
      };
    }),
};
