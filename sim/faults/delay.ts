import type { Link, LinkEffect } from '../network/link.ts';
import type { FaultBase, FaultKind } from './fault-kind.ts';

/**
 * Messages between two nodes, either way, take longer: each by a whole number of ms from `extraMs`,
 * drawn from the stream of this action and link. They may arrive after their sender has given up.
 */
export interface Delay extends FaultBase {
  readonly kind: 'delay';
  readonly between: readonly [string, string];
  /** Least and most, in ms. */
  readonly extraMs: readonly [number, number];
}

export const delay: FaultKind<Delay> = {
  field: 'between',
  targets: (action) => action.between,
  problem({ extraMs: [lo, hi] }) {
    const isRange = Number.isInteger(lo) && Number.isInteger(hi) && lo >= 0 && lo <= hi;
    if (isRange) return undefined;
    return { field: 'extraMs', why: `expected least and most in whole ms, got ${lo} and ${hi}` };
  },
  start({ network, streams }, action) {
    const [a, b] = action.between;
    const lifts = [network.link(a, b), network.link(b, a)].map((link) => {
      const random = streams.stream(`fault/${action.id}/${link.name}`);
      const [lo, hi] = action.extraMs;
      return attach(link, { extraDelayUs: () => random.between(lo, hi) * 1000 });
    });
    return () => {
      for (const lift of lifts) lift();
    };
  },
};

function attach(link: Link, effect: LinkEffect): () => void {
  link.effects.push(effect);
  return () => link.effects.splice(link.effects.indexOf(effect), 1);
}
