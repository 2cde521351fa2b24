import { flagProblem, type FaultBase, type FaultKind } from './fault-kind.ts';
import { describeTarget, nodesOf, type NodeTarget } from './target.ts';

/** Nodes lose their memory at `atMs` and start again, from their disks, at `untilMs`. */
export interface Crash extends FaultBase {
  readonly kind: 'crash';
  readonly node: NodeTarget;
  /** The disk is wiped as well: the node rejoins with nothing. Default: it survives. */
  readonly wipe?: boolean | undefined;
}

export const crash: FaultKind<Crash> = {
  problem: ({ wipe }) => flagProblem('wipe', wipe),
  describe: ({ node, wipe }) =>
    `crash ${describeTarget(node)}${wipe === true ? ' and wipe the disk' : ''}`,
  start(site, { node, wipe }) {
    const nodes = nodesOf(node);
    for (const id of nodes) {
      site.holdDown(id);
      if (wipe === true) site.disk(id).wipe();
    }
    return () => {
      for (const id of nodes) site.letUp(id);
    };
  },
};
