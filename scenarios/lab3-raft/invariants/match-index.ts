import type { RaftInvariant } from './invariant.ts';
import type { ObservedServer } from './observed-server.ts';
import type { MessageInvariant, Spoken } from './spoken.ts';

/**
 * "matchIndex[]: for each server, index of highest log entry known to be replicated on server"
 * (Figure 2, leaders): a leader never believes that a server has more of its log than it has.
 * Looked at when a leader has been answered; servers that do not show their matchIndex are spared.
 */
export class MatchIndex implements RaftInvariant, MessageInvariant {
  readonly name = 'Match Index';
  private readonly ids: readonly string[];
  /** The last life of every server. */
  private readonly all = new Map<string, ObservedServer>();

  constructor(ids: readonly string[]) {
    this.ids = ids;
  }

  look({ server }: Parameters<RaftInvariant['look']>[0]): undefined {
    this.all.set(server.id, server);
  }

  spoke(leader: ObservedServer, { reply, isOwn }: Spoken): string | undefined {
    const { matchIndex, role, currentTerm } = leader.view;
    if (isOwn || reply === undefined || role !== 'leader' || matchIndex === undefined) {
      return undefined;
    }
    for (const [i, id] of this.ids.entries()) {
      const index = matchIndex[i] ?? 0;
      const server = this.all.get(id);
      // What happened in the event in which a server died nobody has seen.
      if (server?.isUp() !== true || holds(server, leader, index)) continue;
      const who = `${leader.id}, leader of term ${currentTerm},`;
      return `${who} takes ${id} to have its log up to index ${index}, which it has not`;
    }
    return undefined;
  }
}

function holds(server: ObservedServer, leader: ObservedServer, index: number): boolean {
  const { currentTerm, log } = server.view;
  // In a newer term its log is somebody else's concern.
  if (index === 0 || currentTerm > leader.view.currentTerm) return true;
  if (index > leader.view.log.lastIndex || index > log.lastIndex) return false;
  const own = leader.hash(index);
  // What a snapshot covers is committed, and so the same everywhere.
  return own === undefined || index <= log.snapshotIndex || server.hash(index) === own;
}
