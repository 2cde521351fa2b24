import type { AppendEntriesArgs, RequestVoteArgs } from '../../../raft/index.ts';
import type { ObservedServer } from './observed-server.ts';
import { isPositive, termOf, type MessageInvariant, type Spoken } from './spoken.ts';

/** What a server has let others see, and so must find again after a crash. */
interface Promised {
  term: number;
  /** The vote that it gave in that term; undefined = none. */
  vote: number | undefined;
  /** The entries that it has acknowledged: up to an index, and what the log amounts to there. */
  index: number;
  hash: number;
}

/**
 * Persisted state is never behind what was promised to others: "before responding to RPCs" (Figure
 * 2) the term, the vote and the log are durable. Looked at whenever a server comes back.
 */
export class DurablePromises implements MessageInvariant {
  readonly name = 'Durable Promises';
  private readonly promised = new Map<string, Promised>();
  /** The last request for entries, and what the receiver's log was after it, up to their end. */
  private last: { readonly args: object; readonly hash: number } | undefined = undefined;
  /** The same of others that are to be answered later; most are answered at once. */
  private readonly taken = new WeakMap<object, number>();

  /**
   * A server has taken or answered a request, or sent one. A message promises what it says, and no
   * more: when it leaves, after an fsync, the server may be ahead of it.
   */
  spoke(server: ObservedServer, message: Spoken): undefined {
    const { method, args, reply, isOwn } = message;
    if (method === 'AppendEntries') this.acknowledged(server, message);
    if (!isOwn) return;
    const promised = this.of(server.id);
    const term = termOf(message) ?? 0;
    if (term > promised.term) {
      promised.term = term;
      promised.vote = undefined;
    }
    if (method === 'RequestVote') this.voted(promised, args, reply);
  }

  /** Entries were removed for good reasons: a newer leader has others. */
  truncated({ id }: ObservedServer, from: number): void {
    const promised = this.of(id);
    if (from > promised.index) return;
    promised.index = 0;
  }

  /** A server has come back: what is missing, in a sentence; undefined = nothing. */
  missing(server: ObservedServer): string | undefined {
    const { id, view } = server;
    const { term, vote, index, hash } = this.of(id);
    const { currentTerm, votedFor, log } = view;
    const lives = 'before it crashed';
    if (currentTerm < term)
      return `${id} is back in term ${currentTerm}; it was in ${term} ${lives}`;
    if (currentTerm === term && vote !== undefined && votedFor !== vote) {
      return `${id} has forgotten its vote for s${vote} in term ${term}`;
    }
    if (index > log.snapshotIndex && server.hash(index) !== hash) {
      return `${id} has lost entries up to index ${index} that it acknowledged ${lives}`;
    }
    return undefined;
  }

  private acknowledged(server: ObservedServer, { args, reply, isOwn }: Spoken): void {
    const { prevLogIndex, entries } = (args ?? {}) as Partial<AppendEntriesArgs>;
    // Somebody else's messages may look different.
    if (typeof prevLogIndex !== 'number' || !Array.isArray(entries)) return;
    const index = prevLogIndex + entries.length;
    const hash = server.hash(index);
    if (hash === undefined) return;
    if (!isOwn && reply === undefined) this.took(args as object, hash);
    if (!isOwn || !isPositive(reply, 'success')) return;
    // A newer leader may have replaced them before the answer left.
    const promised = this.of(server.id);
    const isStill = this.hashAfter(args as object) === hash;
    if (isStill && index > promised.index) {
      promised.index = index;
      promised.hash = hash;
    }
  }

  private took(args: object, hash: number): void {
    if (this.last !== undefined) this.taken.set(this.last.args, this.last.hash);
    this.last = { args, hash };
  }

  private hashAfter(args: object): number | undefined {
    if (this.last?.args !== args) return this.taken.get(args);
    const { hash } = this.last;
    this.last = undefined;
    return hash;
  }

  private voted(promised: Promised, args: unknown, reply: unknown): void {
    const { term, candidateId } = (args ?? {}) as Partial<RequestVoteArgs>;
    const isRequest = reply === undefined;
    if (term !== promised.term) return;
    if (isRequest || isPositive(reply, 'voteGranted')) promised.vote = candidateId;
  }

  private of(id: string): Promised {
    let promised = this.promised.get(id);
    if (promised === undefined) {
      promised = { term: 0, vote: undefined, index: 0, hash: 0 };
      this.promised.set(id, promised);
    }
    return promised;
  }
}
