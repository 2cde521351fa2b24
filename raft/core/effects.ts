import type { ApplyMessage, StartResult } from '../contract.ts';
import type { LogEntry, Method, Request, Rpcs } from './messages.ts';

/** What a step has changed of the persistent state. */
export interface Changes {
  /** The current term and vote, if either changed. */
  readonly vote:
    { readonly currentTerm: number; readonly votedFor: number | undefined } | undefined;
  /** The log from an index on: whatever was there before is replaced by these entries. */
  readonly log: { readonly from: number; readonly entries: readonly LogEntry[] } | undefined;
  /** A new snapshot: together with it the whole state has to be written anew. */
  readonly snapshot: string | undefined;
  /** The leader's log is durable up to here once this is: answer with an input `Persisted`. */
  readonly lastIndex: number;
  readonly term: number;
}

/**
 * What a step wants done. In this order: the changes must be durable before anything else can be
 * observed outside of the server.
 */
export interface Effects {
  readonly persist: Changes | undefined;
  /** The answer to the RPC that this step handled. */
  readonly reply: Rpcs[Method]['reply'] | undefined;
  /** Answer to a `Start`. */
  readonly started: StartResult | undefined;
  readonly requests: readonly Request[];
  readonly apply: readonly ApplyMessage[];
  /** The election timer begins anew, with a new random time-out (§5.2). */
  readonly resetElectionTimer: boolean;
  /** It has become the leader, and sends heartbeats from now on. */
  readonly becameLeader: boolean;
}
