import type { Command } from '../contract.ts';

/** An entry of the log (Figure 2): a command, and the term in which a leader received it. */
export interface LogEntry {
  readonly term: number;
  readonly command: Command;
}

/** Invoked by candidates to gather votes (§5.2). Servers are named by their place among peers. */
export interface RequestVoteArgs {
  readonly term: number;
  readonly candidateId: number;
  readonly lastLogIndex: number;
  readonly lastLogTerm: number;
}

export interface RequestVoteReply {
  readonly term: number;
  readonly voteGranted: boolean;
}

/** Invoked by the leader to replicate entries (§5.3); also used as heartbeat (§5.2). */
export interface AppendEntriesArgs {
  readonly term: number;
  readonly leaderId: number;
  readonly prevLogIndex: number;
  readonly prevLogTerm: number;
  readonly entries: readonly LogEntry[];
  readonly leaderCommit: number;
}

export interface AppendEntriesReply {
  readonly term: number;
  readonly success: boolean;
  /**
   * After a failed consistency check, so that the leader can pass over a whole term at a time
   * (§5.3): the term of the follower's entry at prevLogIndex, 0 if its log is shorter.
   */
  readonly conflictTerm?: number;
  /** The first index that the follower has of that term; one past its last entry if shorter. */
  readonly conflictIndex?: number;
}

/** Invoked by the leader to bring a follower up that lags behind its log (§7), in one piece. */
export interface InstallSnapshotArgs {
  readonly term: number;
  readonly leaderId: number;
  readonly lastIncludedIndex: number;
  readonly lastIncludedTerm: number;
  readonly snapshot: string;
}

export interface InstallSnapshotReply {
  readonly term: number;
}

/** The RPCs of Raft, with their arguments and replies. */
export interface Rpcs {
  readonly RequestVote: { readonly args: RequestVoteArgs; readonly reply: RequestVoteReply };
  readonly AppendEntries: { readonly args: AppendEntriesArgs; readonly reply: AppendEntriesReply };
  readonly InstallSnapshot: {
    readonly args: InstallSnapshotArgs;
    readonly reply: InstallSnapshotReply;
  };
}

export type Method = keyof Rpcs;

/** A request to one server, by method. */
export type Request = {
  [M in Method]: { readonly to: number; readonly method: M; readonly args: Rpcs[M]['args'] };
}[Method];
