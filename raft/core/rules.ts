import type {
  AppendEntriesArgs,
  AppendEntriesReply,
  InstallSnapshotArgs,
  RequestVoteArgs,
  RequestVoteReply,
} from './messages.ts';
import type { ReadonlyState } from './state.ts';

/** What happened, as far as it may restart the election timer. */
export type TimerCause = 'current leader' | 'stale leader' | 'vote granted' | 'vote refused';

/**
 * The decisions of Raft, each pure and replaceable (DESIGN §4, seams). A rule is given the whole
 * state and the full request and reply, whether or not it needs them.
 */
export interface Rules {
  // --- terms (§5.1)
  /** Does the server adopt a term that it has seen in a request or a reply, and follow? */
  adoptsTerm(state: ReadonlyState, term: number, seenIn: 'request' | 'reply'): boolean;
  /** What its vote is after stepping down into a term. */
  voteAfterSteppingDown(state: ReadonlyState, term: number): number | undefined;
  /** Does a reply still concern the server? `term` is that of the request. */
  isCurrentReply(state: ReadonlyState, term: number): boolean;

  // --- elections (§5.2, §5.4.1)
  isQuorum(state: ReadonlyState, servers: number): boolean;
  mayGrantVote(state: ReadonlyState, args: RequestVoteArgs): boolean;
  isUpToDate(state: ReadonlyState, args: RequestVoteArgs): boolean;
  countsVote(state: ReadonlyState, args: RequestVoteArgs, reply: RequestVoteReply): boolean;
  restartsElectionTimer(state: ReadonlyState, cause: TimerCause): boolean;
  /** nextIndex of every follower when a term of leadership begins, and what it surely has. */
  initialProgress(state: ReadonlyState): {
    readonly nextIndex: number;
    readonly matchIndex: number;
  };

  // --- replication (§5.3, §5.4.2)
  passesConsistencyCheck(state: ReadonlyState, args: AppendEntriesArgs): boolean;
  /** The index from which on the log has to be deleted; undefined = there is no conflict. */
  conflictAt(state: ReadonlyState, args: AppendEntriesArgs): number | undefined;
  /** What a follower says of a failed check, so that the leader can back up fast. */
  conflictHint(
    state: ReadonlyState,
    args: AppendEntriesArgs,
  ): Pick<AppendEntriesReply, 'conflictTerm' | 'conflictIndex'>;
  followerCommitIndex(state: ReadonlyState, args: AppendEntriesArgs): number;
  matchIndexAfter(state: ReadonlyState, args: AppendEntriesArgs): number;
  nextIndexAfterConflict(
    state: ReadonlyState,
    follower: number,
    args: AppendEntriesArgs,
    reply: AppendEntriesReply,
  ): number;
  leaderCommitIndex(state: ReadonlyState): number;

  // --- snapshots (§7)
  /** May the server drop its log up to an index of which its service has a snapshot? */
  mayCompact(state: ReadonlyState, index: number): boolean;
  acceptsSnapshot(state: ReadonlyState, args: InstallSnapshotArgs): boolean;
  /** Do the entries that follow the snapshot stay? */
  retainsSuffix(state: ReadonlyState, args: InstallSnapshotArgs): boolean;
  matchIndexAfterSnapshot(state: ReadonlyState, args: InstallSnapshotArgs): number;
}

export const rules: Rules = {
  // "If RPC request or response contains term T > currentTerm: set currentTerm = T, convert to
  // follower" (Figure 2, all servers).
  adoptsTerm: (state, term) => term > state.currentTerm,

  // The vote belongs to the term: it is void in a new one, and stays in the same.
  voteAfterSteppingDown: (state, term) => (term > state.currentTerm ? undefined : state.votedFor),

  // The leader or candidate that asked may have been in another term.
  isCurrentReply: (state, term) => term === state.currentTerm,

  // "Votes from a majority of the servers in the full cluster" (§5.2).
  isQuorum: (state, servers) => 2 * servers > state.size,

  // "If votedFor is null or candidateId, and candidate's log is at least as up-to-date as
  // receiver's log, grant vote" (Figure 2). First come, first served.
  mayGrantVote(state, args) {
    if (args.term < state.currentTerm) return false;
    const isFree = state.votedFor === undefined || state.votedFor === args.candidateId;
    return isFree && this.isUpToDate(state, args);
  },

  // "If the logs have last entries with different terms, then the log with the later term is more
  // up-to-date. If the logs end with the same term, then whichever log is longer" (§5.4.1).
  isUpToDate({ log }, { lastLogTerm, lastLogIndex }) {
    if (lastLogTerm !== log.lastTerm) return lastLogTerm > log.lastTerm;
    return lastLogIndex >= log.lastIndex;
  },

  // A vote counts in the election for which it was asked.
  countsVote: (state, args, reply) =>
    reply.voteGranted && state.role === 'candidate' && args.term === state.currentTerm,

  // "If election timeout elapses without receiving AppendEntries RPC from current leader or
  // granting vote to candidate" (Figure 2, followers).
  restartsElectionTimer: (_state, cause) => cause === 'current leader' || cause === 'vote granted',

  // "Initialized to leader last log index + 1", "initialized to 0" (Figure 2).
  initialProgress: ({ log }) => ({ nextIndex: log.lastIndex + 1, matchIndex: 0 }),

  // "Reply false if log doesn't contain an entry at prevLogIndex whose term matches prevLogTerm"
  // (Figure 2). What a snapshot covers is committed and so the same everywhere (§7).
  passesConsistencyCheck({ log }, { prevLogIndex, prevLogTerm }) {
    if (prevLogIndex < log.snapshotIndex) return true;
    return log.term(prevLogIndex) === prevLogTerm;
  },

  // "If an existing entry conflicts with a new one (same index but different terms), delete the
  // existing entry and all that follow it" (Figure 2), and otherwise delete nothing: the request
  // may be an old one, and entries beyond it acknowledged since.
  conflictAt({ log }, { prevLogIndex, entries }) {
    const last = Math.min(log.lastIndex, prevLogIndex + entries.length);
    for (let index = Math.max(prevLogIndex, log.snapshotIndex) + 1; index <= last; index++) {
      if (log.term(index) !== entries[index - prevLogIndex - 1]!.term) return index;
    }
    return undefined;
  },

  // "The follower can include the term of the conflicting entry and the first index it stores for
  // that term" (§5.3).
  conflictHint({ log }, { prevLogIndex }) {
    const term = log.term(prevLogIndex);
    if (term === undefined) return { conflictTerm: 0, conflictIndex: log.lastIndex + 1 };
    return { conflictTerm: term, conflictIndex: log.firstOfTerm(prevLogIndex) };
  },

  // "If leaderCommit > commitIndex, set commitIndex = min(leaderCommit, index of last new entry)"
  // (Figure 2). Beyond that entry the log may differ from the leader's.
  followerCommitIndex(state, { leaderCommit, prevLogIndex, entries }) {
    return Math.max(state.commitIndex, Math.min(leaderCommit, prevLogIndex + entries.length));
  },

  // What the request brought, whatever the log has become since.
  matchIndexAfter: (_state, { prevLogIndex, entries }) => prevLogIndex + entries.length,

  // "The leader can decrement nextIndex to bypass all of the conflicting entries in that term"
  // (§5.3): to its own last entry of that term if it has any, where the logs may agree.
  nextIndexAfterConflict({ log }, _follower, args, { conflictTerm = 0, conflictIndex = 0 }) {
    const own = conflictTerm === 0 ? undefined : log.lastOfTerm(conflictTerm);
    const next = own === undefined ? conflictIndex : own + 1;
    return Math.min(next, args.prevLogIndex);
  },

  // "If there exists an N such that N > commitIndex, a majority of matchIndex[i] >= N, and
  // log[N].term == currentTerm: set commitIndex = N" (Figure 2; §5.4.2 and Figure 8 say why the
  // term counts).
  leaderCommitIndex(state) {
    const { commitIndex, currentTerm, log, progress } = state;
    let n = commitIndex;
    // Asked for every reply, and mostly nobody has more than is committed.
    for (const { matchIndex } of progress) {
      if (matchIndex > n && this.isQuorum(state, holders(progress, matchIndex))) n = matchIndex;
    }
    return log.term(n) === currentTerm ? n : commitIndex;
  },

  // Only what the service has been given can be in its snapshot, and not what is gone already.
  mayCompact: ({ log, lastApplied }, index) => index > log.snapshotIndex && index <= lastApplied,

  // Whatever is committed here the snapshot cannot add to: it comes late, or twice, and the service
  // must never be taken back.
  acceptsSnapshot: (state, { lastIncludedIndex }) => lastIncludedIndex > state.commitIndex,

  // "If existing log entry has same index and term as snapshot's last included entry, retain log
  // entries following it" (Figure 13); otherwise they conflict.
  retainsSuffix: ({ log }, { lastIncludedIndex, lastIncludedTerm }) =>
    log.term(lastIncludedIndex) === lastIncludedTerm,

  // What was sent, and not what the leader's snapshot is by now.
  matchIndexAfterSnapshot: (_state, { lastIncludedIndex }) => lastIncludedIndex,
};

/** How many servers have an entry. */
function holders(progress: ReadonlyState['progress'], index: number): number {
  let servers = 0;
  for (const { matchIndex } of progress) if (matchIndex >= index) servers++;
  return servers;
}
