import type { Env, Peer } from '../../sim/index.ts';
import type { MakeRsm, RaftLayers, RsmHost, RsmLayers, ServerState } from '../../raft/index.ts';
import type {
  ClerkOptions,
  GetArgs,
  GetReply,
  KvClerk,
  KvLayers,
  PutArgs,
  PutReply,
} from '../contract.ts';

/**
 * The contract of lab 4B (labs.md §5, §7): the key/value service of lab 2 on a replicated state
 * machine. Gets and puts are those of lab 2, and clients see no difference.
 */

/** This server cannot answer: it does not lead, or has ceased to lead before it knew. */
export interface WrongLeader {
  readonly err: 'ErrWrongLeader';
  /** May the request be carried out all the same? */
  readonly isMaybe?: boolean;
  /** Place among the servers of who may lead. */
  readonly leader?: number;
}

/**
 * The request is larger than the log takes (our Raft: 1 MiB with key, value and all). No server has
 * started it, and none ever will.
 */
export interface TooLarge {
  readonly err: 'ErrTooLarge';
  /** Its size, and the largest that is taken. */
  readonly bytes: number;
  readonly most: number;
}

/** A server, as its RPC handlers: the service's own, and those between servers. */
export interface ReplicatedKvServer {
  readonly handlers: Readonly<Record<string, (args: never) => unknown>> & {
    get(args: GetArgs): unknown;
    put(args: PutArgs): unknown;
  };
  /** Does it lead? For tests that aim at the leader. */
  getState(): ServerState;
}

/** What a server stands on: the layers below it. */
export interface ReplicatedKvHost extends RsmHost {
  readonly makeRsm: MakeRsm;
}

export interface MakeReplicatedKvServer {
  (env: Env, host: ReplicatedKvHost): ReplicatedKvServer;
  /** It leaves no promise behind if the layers below leave none. */
  readonly isSynchronous?: boolean;
}

/**
 * A client's way to the servers, in the order in which they name each other. Its gets and puts
 * reject with `CommandTooLarge` if a server says {@link TooLarge}.
 */
export type MakeReplicatedKvClerk = (
  env: Env,
  servers: readonly Peer[],
  options?: ClerkOptions,
) => KvClerk;

/** What `get` and `put` answer over the network. */
export type ReplicatedGetReply = GetReply | WrongLeader | TooLarge;
export type ReplicatedPutReply = PutReply | WrongLeader | TooLarge;

/** The layers of lab 4; a user's file exports any subset under these names. */
export interface ReplicatedKvLayers extends RaftLayers, RsmLayers, Pick<KvLayers, 'makeLock'> {
  readonly makeReplicatedKvServer: MakeReplicatedKvServer;
  readonly makeReplicatedKvClerk: MakeReplicatedKvClerk;
}
