import type { ServerState } from '../contract.ts';

/** A request that was started here, and whose fate is not known yet. */
export interface Waiting {
  /** What tells it from all others, of all servers and of all their lives. */
  readonly id: string;
  /** Where it will stand in the log, if it is ever committed. */
  readonly index: number;
  /** The term in which it was started. */
  readonly term: number;
}

/** The decisions of the replicated state machine, each pure and replaceable (DESIGN §4, seams). */
export interface RsmRules {
  /** A request was carried out at the index that `waiting` hopes for: is it the same? */
  isSame(waiting: Waiting, applied: { readonly id: string; readonly index: number }): boolean;
  /** Has the server lost the leadership in which a request was started? */
  hasLostLeadership(waiting: Waiting, state: ServerState): boolean;
  /** May a request that the server gives up still be carried out, or have been? */
  mayHappen(
    waiting: Waiting,
    why: 'another took its place' | 'leadership lost' | 'snapshot',
  ): boolean;
  /**
   * Is it time for a snapshot? All in bytes; `maxRaftState` is not -1.
   * @param sizeAfterLast what was left of Raft's state after the last one; 0 = there was none
   */
  needsSnapshot(stateSize: number, maxRaftState: number, sizeAfterLast: number): boolean;
  /** Shall a snapshot that Raft hands over replace the state? */
  acceptsSnapshot(lastApplied: number, index: number): boolean;
}

export const rsmRules: RsmRules = {
  // An index may appear again: another leader's request at the same place, or an own one of a later
  // term. Only the identity tells (labs.md §8).
  isSame: ({ id }, applied) => id === applied.id,

  // A leader that is deposed and elected again leads another term.
  hasLostLeadership: ({ term }, state) => !state.isLeader || state.term !== term,

  // What another request replaced in the log is gone for good. Otherwise the next leader may have
  // it, and commit it.
  mayHappen: (_waiting, why) => why !== 'another took its place',

  // By growth: what is not applied yet no snapshot can remove, and if that alone were enough for
  // another one, every request would cost a snapshot.
  needsSnapshot: (stateSize, maxRaftState, sizeAfterLast) =>
    stateSize - sizeAfterLast >= maxRaftState,

  // The service must never be taken back (labs.md §8).
  acceptsSnapshot: (lastApplied, index) => index > lastApplied,
};
