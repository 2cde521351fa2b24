import { rangeProblem, type FaultBase, type FaultKind } from './fault-kind.ts';
import { drawUs } from './message-rule.ts';
import { describeTarget, nodesOf, type NodeTarget } from './target.ts';

/** Nodes limp: every step of their code keeps them busy for some time. */
export interface Slow extends FaultBase {
  readonly kind: 'slow';
  readonly node: NodeTarget;
  /** How long a step takes, in whole ms, least and most. */
  readonly stepMs: readonly [number, number];
}

export const slow: FaultKind<Slow> = {
  problem: ({ stepMs }) => rangeProblem('stepMs', stepMs),
  describe: ({ node, stepMs }) => `slow ${describeTarget(node)}: ${stepMs.join('-')} ms a step`,
  start(site, { id, node, stepMs }) {
    const lifts = nodesOf(node).map((name) => {
      const draws = site.streams.stream(`fault/${id}/${name}`);
      return site.machine(name).slowDown(() => drawUs(draws, stepMs));
    });
    return () => {
      for (const lift of lifts) lift();
    };
  },
};
