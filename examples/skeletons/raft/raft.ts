/**
 * Raft, lab 3. Keep to Figure 2 of the extended paper (https://raft.github.io/raft.pdf): each line
 * of it is a must. Everything that a server may touch comes from `env`; see docs/from-go.md.
 */
import type { Env, Peer } from 'faultlab/sim';
import type {
  Apply,
  Command,
  MakeRaft,
  Persister,
  Raft,
  ServerState,
  StartResult,
} from 'faultlab/raft';

/** Arguments and replies travel as copies: plain data only. */
interface RequestVoteArgs {
  // Your data here (3A).
  readonly term: number;
}

interface RequestVoteReply {
  // Your data here (3A).
  readonly term: number;
  readonly voteGranted: boolean;
}

interface AppendEntriesArgs {
  // Your data here (3A for heartbeats, 3B).
  readonly term: number;
}

interface AppendEntriesReply {
  // Your data here (3A, 3B).
  readonly term: number;
  readonly success: boolean;
}

class MyRaft implements Raft {
  // Your state here (3A, 3B, 3C): look at Figure 2.
  private currentTerm = 0;

  /** What others may call, by the name of the method. */
  readonly handlers = {
    RequestVote: (args: RequestVoteArgs): RequestVoteReply => this.requestVote(args),
    AppendEntries: (args: AppendEntriesArgs): AppendEntriesReply => this.appendEntries(args),
  };

  private readonly env: Env;
  /** All servers, this one among them, in the same order everywhere. */
  protected readonly peers: readonly Peer[];
  /** The place of this one among them. */
  protected readonly me: number;
  private readonly persister: Persister;
  protected readonly apply: Apply;

  constructor(env: Env, peers: readonly Peer[], me: number, persister: Persister, apply: Apply) {
    this.env = env;
    this.peers = peers;
    this.me = me;
    this.persister = persister;
    this.apply = apply;
    // Your initialization here (3A, 3B, 3C).
    this.readPersist(persister.readState());
    env.spawn('ticker', () => this.ticker());
  }

  /**
   * The service wants agreement on a command. Returns at once: the index at which it will stand if
   * it is ever committed, the term, and whether this server believes that it leads.
   */
  start(_command: Command): StartResult {
    // Your code here (3B).
    return { index: -1, term: this.currentTerm, isLeader: false };
  }

  /** The term, and whether this server believes that it leads. */
  getState(): ServerState {
    // Your code here (3A).
    return { term: this.currentTerm, isLeader: false };
  }

  /** The service has a snapshot of all up to and including an index: the log may forget that. */
  snapshot(_index: number, _snapshot: string): void {
    // Your code here (3D).
  }

  /** Keep what must survive a crash; it is durable when this returns. */
  protected persist(): void {
    // Your code here (3C).
    this.persister.save(JSON.stringify({}), this.persister.readSnapshot());
  }

  /** Take up what was kept before the crash; '' in the first life. */
  private readPersist(_state: string): void {
    // Your code here (3C).
  }

  private requestVote(_args: RequestVoteArgs): RequestVoteReply {
    // Your code here (3A, 3B).
    return { term: this.currentTerm, voteGranted: false };
  }

  private appendEntries(_args: AppendEntriesArgs): AppendEntriesReply {
    // Your code here (3A for heartbeats, 3B).
    return { term: this.currentTerm, success: false };
  }

  /** Ask another server; undefined = the call has failed, and may have been carried out or not. */
  protected async call<R>(server: number, method: string, args: object): Promise<R | undefined> {
    return (await this.peers[server]!.call(method, args)) as R | undefined;
  }

  private async ticker(): Promise<void> {
    for (;;) {
      // Your code here (3A): should an election begin?

      // Pause for a random time between 50 and 350 ms.
      await this.env.sleep(this.env.random.between(50, 350));
    }
  }
}

/** Called for each server, and again after each crash. */
export const makeRaft: MakeRaft = (env, peers, me, persister, apply) =>
  new MyRaft(env, peers, me, persister, apply);
