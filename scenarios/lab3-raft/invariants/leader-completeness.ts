import type { Committed } from './committed.ts';
import type { RaftInvariant } from './invariant.ts';
import type { ObservedServer } from './observed-server.ts';

/** Up to where the log of a leader was compared with what is committed. */
interface Compared {
  readonly term: number;
  readonly index: number;
}

/**
 * "If a log entry is committed in a given term, then that entry will be present in the logs of the
 * leaders for all higher-numbered terms" (§5.4).
 */
export function leaderCompleteness(committed: Committed): RaftInvariant {
  const compared = new Map<string, Compared>();
  let lastCommitted = 0;

  const lacking = (leader: ObservedServer): string | undefined => {
    const { id, view } = leader;
    const { role, currentTerm: term, log } = view;
    if (role !== 'leader') return undefined;
    const before = compared.get(id);
    const from = before?.term === term ? before.index : 0;
    compared.set(id, { term, index: committed.index });
    // What was committed in its own term or later is not its concern.
    let index = committed.index;
    while (index > from && committed.term(index) >= term) index--;
    if (index <= Math.max(from, log.snapshotIndex)) return undefined;
    if (leader.hash(index) === committed.hash(index)) return undefined;
    return `${id}, leader of term ${term}, lacks the committed entry of index ${index}`;
  };

  return {
    name: 'Leader Completeness',
    look({ server }, servers) {
      // A commit may become known after the next leader was elected.
      const isMore = committed.index > lastCommitted;
      lastCommitted = committed.index;
      for (const leader of isMore ? servers.values() : [server]) {
        const problem = lacking(leader);
        if (problem !== undefined) return problem;
      }
      return undefined;
    },
  };
}
