import type { FaultBase, FaultKind } from './fault-kind.ts';
import { describeTarget, nodesOf, type NodeTarget } from './target.ts';

/**
 * Nodes stand still, as in a long collection of garbage: their memory stays, messages pile up, and
 * timers that are due meanwhile all go off at the end.
 */
export interface Pause extends FaultBase {
  readonly kind: 'pause';
  readonly node: NodeTarget;
}

export const pause: FaultKind<Pause> = {
  describe: ({ node }) => `pause ${describeTarget(node)}`,
  start(site, { node }) {
    const machines = nodesOf(node).map((id) => site.machine(id));
    for (const machine of machines) machine.pause();
    return () => {
      for (const machine of machines) machine.resume();
    };
  },
};
