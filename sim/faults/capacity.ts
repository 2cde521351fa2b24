import type { FaultBase, FaultKind } from './fault-kind.ts';
import { describeMessages, onMessages } from './message-rule.ts';
import type { Messages } from './target.ts';

/**
 * A link carries only so many messages at a time. One more throws another one out, drawn from those
 * under way: overload hits anybody, not just the latest.
 */
export interface Capacity extends FaultBase, Messages {
  readonly kind: 'capacity';
  /** Messages under way on each link. */
  readonly messages: number;
}

export const capacity: FaultKind<Capacity> = {
  problem({ messages }) {
    if (Number.isInteger(messages) && messages >= 1) return undefined;
    return { field: 'messages', why: `expected a whole number from 1, got ${messages}` };
  },
  describe: (action) => `carry ${action.messages} messages at a time: ${describeMessages(action)}`,
  start: (site, action) =>
    onMessages(site, action, (link) => {
      const draws = site.streams.stream(`fault/${action.id}/${link.name}`);
      const underWay: { isEvicted: boolean }[] = [];
      return {
        shape(fate) {
          const message = { isEvicted: false };
          const isFull = underWay.length >= action.messages;
          const victim = draws.below(action.messages);
          if (fate.isLost) return;
          if (isFull) {
            for (const evicted of underWay.splice(victim, 1)) evicted.isEvicted = true;
          }
          underWay.push(message);
          fate.isEvicted = () => message.isEvicted;
          fate.whenGone = () => {
            const at = underWay.indexOf(message);
            if (at >= 0) underWay.splice(at, 1);
          };
        },
      };
    }),
};
