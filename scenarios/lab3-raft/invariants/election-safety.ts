import type { RaftInvariant } from './invariant.ts';

/** "At most one leader can be elected in a given term" (§5.2). */
export function electionSafety(): RaftInvariant {
  const leaders = new Map<number, string>();
  return {
    name: 'Election Safety',
    look({ server, view }) {
      if (view.role !== 'leader') return undefined;
      const { currentTerm } = view;
      const leader = leaders.get(currentTerm) ?? server.id;
      leaders.set(currentTerm, leader);
      if (leader === server.id) return undefined;
      return `two leaders in term ${currentTerm}: ${leader} and ${server.id}`;
    },
  };
}
