import type { Flight } from '../network/flight.ts';
import { scale } from '../random/bits.ts';
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
      let underWay: Flight[] = [];
      let victim = 0;
      return {
        // Drawn for every message, so that none shifts the draws of others.
        shape: () => void (victim = scale(draws.uint32(), action.messages)),
        sent(flight) {
          // A reply to a node that has crashed will never be seen to arrive.
          underWay = underWay.filter(({ receiver }) => receiver?.alive !== false);
          if (underWay.length >= action.messages) {
            for (const evicted of underWay.splice(victim, 1)) evicted.isEvicted = true;
          }
          underWay.push(flight);
        },
        arrived: (flight) => void (underWay = underWay.filter((other) => other !== flight)),
      };
    }),
};
