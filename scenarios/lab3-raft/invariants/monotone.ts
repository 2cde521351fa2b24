import type { RaftInvariant } from './invariant.ts';

/** Within a life, terms and indices only grow, and a vote stays as long as its term (Figure 2). */
export function monotone(): RaftInvariant {
  return {
    name: 'Monotone State',
    look({ server, view, before }) {
      const { id } = server;
      const { currentTerm, votedFor, commitIndex, lastApplied, log } = view;
      if (lastApplied > commitIndex) return `${id} has applied ${lastApplied} of ${commitIndex}`;
      if (before === undefined) return undefined;
      const down = (what: string, from: number, to: number): string =>
        `the ${what} of ${id} went back from ${from} to ${to}`;
      if (currentTerm < before.currentTerm) return down('term', before.currentTerm, currentTerm);
      if (commitIndex < before.commitIndex) {
        return down('commitIndex', before.commitIndex, commitIndex);
      }
      if (lastApplied < before.lastApplied) {
        return down('lastApplied', before.lastApplied, lastApplied);
      }
      if (log.snapshotIndex < before.snapshotIndex) {
        return down('snapshot', before.snapshotIndex, log.snapshotIndex);
      }
      const isSameTerm = currentTerm === before.currentTerm;
      if (isSameTerm && before.votedFor !== undefined && votedFor !== before.votedFor) {
        return `${id} changed its vote in term ${currentTerm}: s${before.votedFor}, s${votedFor}`;
      }
      return undefined;
    },
  };
}
