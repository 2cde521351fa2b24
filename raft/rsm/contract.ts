import type { Env, Peer } from '../../sim/index.ts';
import type { MakeRaft, Persister, Raft, ServerState } from '../contract.ts';

/**
 * The contract of lab 4A (labs.md §7): a replicated state machine. Requests are plain data, and so
 * are answers.
 */

/** A service as a machine that every replica runs: its answers follow from the requests alone. */
export interface StateMachine {
  /**
   * Carry a request out. It must not change the request, which belongs to the log, nor its answer
   * afterwards, and must do and answer the same on every replica.
   * @param index its place in the log, from 1; absent if the layer below does not tell
   */
  doOp(request: unknown, index?: number): unknown;
  /** Its whole state: the same text for the same state, so that replicas can be compared. */
  snapshot(): string;
  /** Forget everything, and be what a snapshot says. */
  restore(snapshot: string): void;
  /** Answer a question from the state as it is, without changing it; absent = it cannot. */
  read?(question: unknown): unknown;
}

/** What became of a request. */
export type SubmitResult =
  /** It was carried out, at this index of the log. */
  | { readonly err: 'OK'; readonly result: unknown; readonly index: number }
  | {
      readonly err: 'ErrWrongLeader';
      /** Was it started here, and may it still be carried out, or have been? */
      readonly isMaybe: boolean;
      /** Place among the peers of who may know better; undefined = no idea. */
      readonly leader?: number | undefined;
    };

/** A replica: the state machine, and Raft under it. */
export interface Rsm {
  /**
   * Have a request carried out by all replicas. Resolves exactly once, with its answer or with
   * ErrWrongLeader; never, while this server leads alone and cannot know.
   * @throws CommandTooLarge
   */
  submit(request: unknown): Promise<SubmitResult>;
  /** The same for nodes without promises; `done` may be called at once. Absent = promises only. */
  propose?(request: unknown, done: (result: SubmitResult) => void): void;
  /** What the machine's `read` says here, once it has applied everything up to an index. */
  readAt?(index: number, question: unknown, done: (answer: unknown) => void): void;
  /** See {@link Raft.getState}. */
  getState(): ServerState;
  /** Handlers of the RPCs between servers, by method. */
  readonly handlers: Raft['handlers'];
}

/** What a replica stands on. */
export interface RsmHost {
  /** All servers of the cluster, this one among them; the same order everywhere. */
  readonly peers: readonly Peer[];
  /** Its place among them. */
  readonly me: number;
  readonly persister: Persister;
  /** Take a snapshot when Raft's state comes near so many bytes; -1 = never. */
  readonly maxRaftState: number;
  readonly makeRaft: MakeRaft;
}

/** Make a replica, from whatever the persister holds. */
export interface MakeRsm {
  (env: Env, host: RsmHost, machine: StateMachine): Rsm;
  /** It leaves no promise behind if its Raft leaves none; see {@link MakeRaft}. */
  readonly isSynchronous?: boolean;
}

/** The layer of lab 4A; a user's file exports it under this name. */
export interface RsmLayers {
  readonly makeRsm: MakeRsm;
}
