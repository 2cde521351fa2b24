import type { Committed } from './committed.ts';
import type { RaftInvariant } from './invariant.ts';

/**
 * "If a server has applied a log entry at a given index to its state machine, no other server will
 * ever apply a different log entry for the same index" (§5.4.3); looked at when it is committed,
 * and again when entries were removed, which may be among those.
 */
export function stateMachineSafety(committed: Committed): RaftInvariant {
  return {
    name: 'State Machine Safety',
    look({ server, view, before }) {
      const { commitIndex, log } = view;
      const isUncut = log.truncations === before?.truncations;
      if (isUncut && commitIndex === before.commitIndex) return undefined;
      return committed.disagreement(server, commitIndex);
    },
  };
}
