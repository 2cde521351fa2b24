import type {
  ClerkOptions,
  GetArgs,
  GetReply,
  KvClerk,
  PutArgs,
  PutReply,
  ReplicatedKvHost,
  TooLarge,
  Version,
  WrongLeader,
} from '../kvsrv/index.ts';
import type { RaftLayers, RsmLayers, ServerState } from '../raft/index.ts';
import type { Env, Peer } from '../sim/index.ts';
import type { ConfigNum, Gid, ShardConfig } from './config.ts';

/**
 * The contracts of lab 5 (labs.md §6, §7): groups of replicated servers, each with some of the
 * shards; a controller that moves shards between them; and the clerk that finds the right group.
 */

/** The group does not serve the shard of this key: it has moved, or is about to. */
export interface WrongGroup {
  readonly err: 'ErrWrongGroup';
}

/** The request is of an older configuration than the newest that this shard has seen. */
export interface OldConfig {
  readonly err: 'ErrOldConfig';
  /** Number of that newest one. */
  readonly num: ConfigNum;
}

export interface FreezeArgs {
  readonly shard: number;
  /** The configuration that moves it. */
  readonly num: ConfigNum;
}

export type FreezeReply =
  /** From now on nobody is served here; `state` is what {@link InstallArgs} takes. */
  | { readonly err: 'OK'; readonly state: string }
  /** It was frozen, moved and deleted in this same configuration: it is where it should be. */
  | { readonly err: 'ErrDeleted' }
  | OldConfig
  /** This group has never had the shard: no controller that follows the protocol asks so. */
  | WrongGroup;

export interface InstallArgs {
  readonly shard: number;
  /** All of the state, or a {@link part} of it. */
  readonly state: string;
  readonly num: ConfigNum;
  /** Of a state that is too long for one entry of a log: the `index`-th piece, from 0, of `of`. */
  readonly part?: Part;
}

/** Pieces are sent in order; each may be sent again. */
export interface Part {
  readonly index: number;
  readonly of: number;
}

export type InstallReply = { readonly err: 'OK' } | OldConfig;

export interface DeleteArgs {
  readonly shard: number;
  readonly num: ConfigNum;
}

export type DeleteReply = { readonly err: 'OK' } | OldConfig | WrongGroup;

/** What any request is answered by a server that does not carry it out. */
export type Refused = WrongLeader | TooLarge;

/** How a group stands to a shard. */
export interface ShardView {
  readonly status: 'serving' | 'frozen' | 'absent';
  /** The largest configuration number that it has seen for this shard; 0 = none. */
  readonly num: ConfigNum;
  /** Its keys, so that none that was acknowledged is lost unseen; absent = a closed box. */
  readonly entries?: ReadonlyMap<string, { readonly version: Version }>;
}

/**
 * Shards of a group as one of its servers has them, live. Whoever keeps it sees what the server was
 * last, even when it is down.
 */
export interface GroupView {
  /** Grows with every change of a shard's status or number. */
  readonly changes: number;
  readonly shards: readonly ShardView[];
}

/** A server of a group, as its RPC handlers: the service's own, and those between servers. */
export interface ShardGroup {
  readonly handlers: Readonly<Record<string, (args: never) => unknown>> & {
    get(args: GetArgs): unknown;
    put(args: PutArgs): unknown;
    freezeShard(args: FreezeArgs): unknown;
    installShard(args: InstallArgs): unknown;
    deleteShard(args: DeleteArgs): unknown;
  };
  /** Does it lead? For tests that aim at the leader. */
  getState(): ServerState;
  /** For invariants and displays; absent = a closed box. */
  view?(): GroupView;
}

/** What a server of a group stands on, and what it is born with. */
export interface ShardGroupHost extends ReplicatedKvHost {
  readonly gid: Gid;
  /** How many shards there are in all. */
  readonly shards: number;
  /** Those that the group owns in the first configuration. */
  readonly owned: readonly number[];
}

export interface MakeShardGroup {
  (env: Env, host: ShardGroupHost): ShardGroup;
  /** It leaves no promise behind if the layers below leave none. */
  readonly isSynchronous?: boolean;
}

/** What came of asking a group. */
export interface Tried<R> {
  /** Undefined = given up: no server that leads has answered. */
  readonly reply: R | undefined;
  /** Requests sent. */
  readonly sent: number;
  /** Those among them that were not answered and may have been carried out, or still be. */
  readonly failed: number;
}

/** Told after each request in vain how many were sent: is it time to give up? Absent = never. */
export type GivesUp = (sent: number) => boolean;

/** A way to one group: it finds the leader, and tells how often nobody knows what happened. */
export interface GroupClerk {
  get(key: string, givesUp?: GivesUp): Promise<Tried<GetReply | WrongGroup>>;
  put(args: PutArgs, givesUp?: GivesUp): Promise<Tried<PutReply | WrongGroup>>;
  freezeShard(args: FreezeArgs, givesUp?: GivesUp): Promise<Tried<FreezeReply>>;
  installShard(args: InstallArgs, givesUp?: GivesUp): Promise<Tried<InstallReply>>;
  deleteShard(args: DeleteArgs, givesUp?: GivesUp): Promise<Tried<DeleteReply>>;
}

/**
 * Make a way to a group. Its requests reject with `CommandTooLarge` if a server says that one is
 * larger than a log takes.
 */
export type MakeGroupClerk = (env: Env, servers: readonly Peer[]) => GroupClerk;

/** Ways to all groups, whoever makes them. */
export type GroupClerks = (gid: Gid, servers: readonly string[]) => GroupClerk;

/** What became of a change of configuration. */
export type ChangeResult =
  | { readonly err: 'OK' }
  /** Nothing was changed: the number belongs to another configuration. */
  | { readonly err: 'ErrTaken'; readonly reason: string }
  /** Others have gone on meanwhile, and nobody can tell whether this one was among them. */
  | { readonly err: 'ErrMaybe' };

/** Whoever moves shards. Its memory is the store: it may crash at any time. */
export interface ShardCtrler {
  /** Make this the first configuration, unless there is one. */
  initConfig(config: ShardConfig): Promise<void>;
  /** The present configuration; waits for the first one. */
  query(): Promise<ShardConfig>;
  /** The one that shards are being moved to; undefined = all are where they should be. */
  queryNext?(): Promise<ShardConfig | undefined>;
  /**
   * Move shards until this is the present configuration. Its number must be the next one. Returns
   * when that is done, by whomever, or will never be.
   * @throws InvalidConfig
   */
  changeConfigTo(config: ShardConfig): Promise<ChangeResult>;
  /** Finish a change that another controller has left half-done. @returns was there one? */
  initController(): Promise<boolean>;
}

/** @param store where configurations are kept: the server of lab 2, or that of lab 4 */
export type MakeShardCtrler = (env: Env, store: KvClerk, groups: GroupClerks) => ShardCtrler;

/**
 * Make a client's way to all keys.
 * @param directory who knows the configuration
 */
export type MakeShardClerk = (
  env: Env,
  directory: Pick<ShardCtrler, 'query' | 'queryNext'>,
  groups: GroupClerks,
  options?: ClerkOptions,
) => KvClerk;

/** The layers of lab 5; a user's file exports any subset under these names. */
export interface ShardLayers extends RaftLayers, RsmLayers {
  readonly makeShardGroup: MakeShardGroup;
  readonly makeGroupClerk: MakeGroupClerk;
  readonly makeShardCtrler: MakeShardCtrler;
  readonly makeShardClerk: MakeShardClerk;
}
