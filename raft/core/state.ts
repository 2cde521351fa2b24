import type { RaftView, Role } from '../contract.ts';
import { Log } from './log.ts';
import type { LogEntry } from './messages.ts';

/** What a server must find again after a crash (Figure 2, persistent state; §7). */
export interface Durable {
  readonly currentTerm: number;
  readonly votedFor: number | undefined;
  readonly snapshotIndex: number;
  readonly snapshotTerm: number;
  readonly entries: readonly LogEntry[];
  /** The service's snapshot up to `snapshotIndex`; empty if that is 0. */
  readonly snapshot: string;
}

/** A server that has never run. */
export const NOTHING: Durable = {
  currentTerm: 0,
  votedFor: undefined,
  snapshotIndex: 0,
  snapshotTerm: 0,
  entries: [],
  snapshot: '',
};

/** What a leader knows of one follower. */
export interface Progress {
  /** Index of the next entry to send (Figure 2). */
  nextIndex: number;
  /** Index of the highest entry known to be replicated there (Figure 2). */
  matchIndex: number;
  /**
   * Last of the entries that are under way: more wait for that answer, or for the next heartbeat.
   * Undefined = there are none.
   */
  sendingTo: number | undefined;
  /** Heartbeats since a snapshot was sent that is not answered; undefined = there is none. */
  snapshotBeats: number | undefined;
}

/** The state of a server: Figure 2, box "State". */
export class State implements RaftView {
  readonly me: number;
  /** Number of servers. */
  readonly size: number;
  role: Role = 'follower';

  // Persistent: on stable storage before anything is answered or sent.
  currentTerm: number;
  votedFor: number | undefined;
  readonly log: Log;
  /** What stands for the beginning of the log. */
  snapshot: string;

  // Volatile, on all servers.
  commitIndex: number;
  lastApplied: number;

  /** The leader of the current term, once it has been heard of. */
  leaderId: number | undefined = undefined;

  /** On candidates: who has granted its vote in the current term. */
  votes: Set<number> = new Set();
  /** On leaders: one for each server. */
  progress: Progress[] = [];

  constructor(me: number, size: number, durable: Durable) {
    this.me = me;
    this.size = size;
    this.currentTerm = durable.currentTerm;
    this.votedFor = durable.votedFor;
    this.log = new Log(durable.snapshotIndex, durable.snapshotTerm, durable.entries);
    this.snapshot = durable.snapshot;
    // The service restores the snapshot by itself.
    this.commitIndex = durable.snapshotIndex;
    this.lastApplied = durable.snapshotIndex;
  }

  get matchIndex(): readonly number[] {
    return this.progress.map(({ matchIndex }) => matchIndex);
  }

  /** What of it must survive. */
  durable(): Durable {
    const { currentTerm, votedFor, snapshot } = this;
    const { snapshotIndex, snapshotTerm } = this.log;
    const entries = this.log.from(snapshotIndex + 1);
    return { currentTerm, votedFor, snapshotIndex, snapshotTerm, entries, snapshot };
  }
}

/** A state that may be looked at only: what rules are given. */
export type ReadonlyState = Readonly<Omit<State, 'log' | 'votes' | 'progress' | 'durable'>> & {
  readonly log: Pick<
    Log,
    | 'snapshotIndex'
    | 'snapshotTerm'
    | 'lastIndex'
    | 'lastTerm'
    | 'term'
    | 'firstOfTerm'
    | 'lastOfTerm'
  >;
  readonly votes: ReadonlySet<number>;
  readonly progress: readonly Readonly<Progress>[];
};
