import type { Env, Peer } from '../sim/index.ts';

/**
 * The contract of lab 3 (labs.md §7): what our Raft offers, and what anybody's must offer to stand
 * in for it.
 */

/** What a service wants agreed on: plain data. Raft never looks at it. */
export type Command = unknown;

/** What {@link Raft.start} answers, at once. */
export interface StartResult {
  /**
   * The index at which the command will appear if it is ever committed, from 1; means nothing if
   * the server is not the leader.
   */
  readonly index: number;
  /** The server's current term. */
  readonly term: number;
  /** Does the server believe itself the leader? If not, it has dropped the command. */
  readonly isLeader: boolean;
}

/**
 * What Raft tells its service, in order: each committed entry once, from index 1 or from the one
 * after a snapshot; and a snapshot, when one from the leader replaces what the service knows.
 */
export type ApplyMessage =
  | { readonly kind: 'command'; readonly index: number; readonly command: Command }
  | {
      readonly kind: 'snapshot';
      /** The last entry that the snapshot covers, and its term. */
      readonly index: number;
      readonly term: number;
      readonly snapshot: string;
    };

/**
 * Hand a message to the service. Messages queue up in order, and the service takes each in an event
 * of its own, never inside a call of Raft's. Resolves when the service has taken the message; a
 * synchronous Raft need not wait, and is given nothing to wait for.
 */
export type Apply = (message: ApplyMessage) => Promise<void> | undefined;

/**
 * What survives a crash: Raft's own state, and the service's snapshot. Every call is synchronous,
 * atomic and durable when it returns.
 */
export interface Persister {
  /** Replace both; `snapshot` undefined = there is none. */
  save(state: string, snapshot: string | undefined): void;
  /** Add to the end of the state, so that persisting a few entries costs no more than they do. */
  append(text: string): void;
  /** What was saved, with all that was added to it; empty at first. */
  readState(): string;
  readSnapshot(): string | undefined;
  /** Length of the state, in bytes of ASCII: what the official tests bound. */
  stateSize(): number;
}

/** A Raft server. `start`, `getState` and `snapshot` are called in events of its node. */
export interface Raft {
  /**
   * Begin agreement on a command, if this server is the leader. Returns without waiting for it;
   * there is no guarantee that the command will ever be committed.
   * @throws CommandTooLarge ours: if the command has more than 1 MiB, as messages are counted
   */
  start(command: Command): StartResult;
  getState(): ServerState;
  /**
   * The service has a snapshot of everything up to and including `index`. It is ignored if a newer
   * one is there, such as the leader's.
   */
  snapshot(index: number, snapshot: string): void;
  /** Handlers of its RPCs, by method. They are called by servers of the cluster only. */
  readonly handlers: Readonly<Record<string, (args: never) => unknown>>;
  /** Its state, for invariants and displays; absent = a closed box. */
  view?(): RaftView;
}

/** What a server knows of its term. */
export interface ServerState {
  readonly term: number;
  /** Does it believe itself the leader? */
  readonly isLeader: boolean;
  /** Place among the peers of the term's leader, as far as it knows: clients are sent there. */
  readonly leader?: number | undefined;
}

/** The state of a server as the paper's Figure 2 names it, live: read it, do not keep it. */
export interface RaftView {
  readonly role: Role;
  readonly currentTerm: number;
  /** Candidate that got this server's vote in the current term; undefined = none. */
  readonly votedFor: number | undefined;
  readonly commitIndex: number;
  readonly lastApplied: number;
  readonly log: LogView;
  /** On leaders, by server: the highest index known to be replicated there; absent = not shown. */
  readonly matchIndex?: readonly number[];
}

export type Role = 'follower' | 'candidate' | 'leader';

/** The log, of which everything up to `snapshotIndex` has been replaced by a snapshot (§7). */
export interface LogView {
  readonly snapshotIndex: number;
  readonly snapshotTerm: number;
  /** `snapshotIndex` if there are no entries after it. */
  readonly lastIndex: number;
  /**
   * How often entries were removed from the end: who has seen the log up to some index need not
   * look there again unless this has changed.
   */
  readonly truncations: number;
  /** Term of an entry, or of the last one in the snapshot; undefined = not in the log. */
  term(index: number): number | undefined;
  command(index: number): Command;
}

/**
 * Make a Raft server, from whatever the persister holds.
 *
 * @param peers all servers of the cluster, itself among them; the same order everywhere
 * @param me its place among them
 * @throws DamagedState ours: if what it finds is not what was written
 */
export interface MakeRaft {
  (env: Env, peers: readonly Peer[], me: number, persister: Persister, apply: Apply): Raft;
  /** It leaves no promise behind: its nodes need no drains, which is many times faster. */
  readonly isSynchronous?: boolean;
  /**
   * The same Raft, which keeps its state on `env.disk` by itself, with fsync, where a
   * {@link Persister} finds the snapshot when the service comes up; it writes nothing through the
   * one it is given. Absent = it can do so through the persister only.
   */
  readonly onDisk?: MakeRaft;
}

/** The layer of lab 3; a user's file exports it under this name. */
export interface RaftLayers {
  readonly makeRaft: MakeRaft;
}

/** A command that is larger than a server takes. */
export class CommandTooLarge extends RangeError {
  override readonly name = 'CommandTooLarge';
  readonly bytes: number;
  readonly most: number;

  constructor(bytes: number, most: number) {
    super(`the command has ${bytes} bytes; at most ${most} are accepted`);
    this.bytes = bytes;
    this.most = most;
  }
}
