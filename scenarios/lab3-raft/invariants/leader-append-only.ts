import type { RaftInvariant } from './invariant.ts';

/**
 * "A leader never overwrites or deletes entries in its log; it only appends new entries" (§5.3).
 */
export function leaderAppendOnly(): RaftInvariant {
  return {
    name: 'Leader Append-Only',
    look({ server, view, before }) {
      const { role, currentTerm, log } = view;
      if (role !== 'leader' || before?.role !== 'leader') return undefined;
      if (before.currentTerm !== currentTerm) return undefined;
      const isShorter = log.lastIndex < before.lastIndex;
      if (!isShorter && log.truncations === before.truncations) return undefined;
      return `${server.id}, leader of term ${currentTerm}, has removed entries from its log`;
    },
  };
}
