import type { FaultBase, FaultKind } from './fault-kind.ts';
import { flapping, flapProblem, type FlapMs } from './flapping.ts';

/**
 * Nodes that share no group cannot talk to each other. Nodes in no group keep all their links.
 * Groups may overlap: a node in two groups is a bridge between them; a ring of pairs gives every
 * node another majority.
 */
export interface Partition extends FaultBase {
  readonly kind: 'partition';
  readonly groups: readonly (readonly string[])[];
  /** Cut for so many ms, open for so many, again and again. Absent = cut all the time. */
  readonly flapMs?: FlapMs | undefined;
}

export const partition: FaultKind<Partition> = {
  problem: ({ flapMs }) => flapProblem(flapMs),
  describe: ({ groups }) => `partition ${groups.map((group) => group.join(' ')).join(' | ')}`,
  start(site, { id, groups, flapMs }) {
    const groupsOf = new Map<string, Set<number>>();
    for (const [i, group] of groups.entries()) {
      for (const node of group) groupsOf.set(node, (groupsOf.get(node) ?? new Set()).add(i));
    }
    const covers = (from: string, to: string): boolean => {
      const [a, b] = [groupsOf.get(from), groupsOf.get(to)];
      return a !== undefined && b !== undefined && [...a].every((group) => !b.has(group));
    };
    const begin = (): (() => void) =>
      site.network.addRule({ covers, effectOn: () => ({ isCut: true }) });
    return flapping(site, id, flapMs, begin);
  },
};
