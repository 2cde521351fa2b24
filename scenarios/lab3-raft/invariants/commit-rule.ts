import type { RaftInvariant } from './invariant.ts';
import type { ObservedServer } from './observed-server.ts';

/**
 * "If there exists an N such that N > commitIndex, a majority of matchIndex[i] >= N, and
 * log[N].term == currentTerm: set commitIndex = N" (Figure 2, leaders; §5.3, §5.4.2): what a leader
 * commits is on a majority of servers indeed, and ends with an entry of its own term.
 */
export function commitRule(size: number): RaftInvariant {
  /** The last life of every server. */
  const all = new Map<string, ObservedServer>();
  return {
    name: 'Commit Rule',
    look({ server, view, before }) {
      all.set(server.id, server);
      const { role, commitIndex, currentTerm, log } = view;
      const isAdvanced = before !== undefined && commitIndex > before.commitIndex;
      // What it learnt as a follower others have committed.
      if (role !== 'leader' || !isAdvanced || before.role !== 'leader') return undefined;
      if (before.currentTerm !== currentTerm) return undefined;
      const term = log.term(commitIndex);
      const what = (): string =>
        `${server.id}, leader of term ${currentTerm}, commits index ${commitIndex}`;
      if (term !== currentTerm) return `${what()} of term ${term} by counting replicas`;
      const hash = server.hash(commitIndex);
      // One that is down may have it on its disk.
      const mayHold = (other: ObservedServer): boolean => {
        return !other.isUp() || holds(other, commitIndex, hash);
      };
      let holders = 0;
      for (const other of all.values()) if (mayHold(other)) holders++;
      if (2 * holders > size) return undefined;
      const who = [...all.values()].filter(mayHold).map(({ id }) => id);
      return `${what()}, which only ${who.join(', ')} have`;
    },
  };
}

function holds(server: ObservedServer, index: number, hash: number | undefined): boolean {
  return index <= server.view.log.snapshotIndex || server.hash(index) === hash;
}
