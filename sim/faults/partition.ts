import type { FaultBase, FaultKind } from './fault-kind.ts';

/**
 * Nodes of different groups cannot talk to each other. Nodes in no group keep all their links.
 */
export interface Partition extends FaultBase {
  readonly kind: 'partition';
  readonly groups: readonly (readonly string[])[];
}

export const partition: FaultKind<Partition> = {
  field: 'groups',
  targets: (action) => action.groups.flat(),
  start({ network }, action) {
    const cut = action.groups.flatMap((group, i) =>
      action.groups
        .filter((_, j) => j !== i)
        .flat()
        .flatMap((to) => group.map((from) => network.link(from, to))),
    );
    for (const link of cut) network.block(link);
    return () => {
      for (const link of cut) network.unblock(link);
    };
  },
};
