/**
 * Raft (lab 3) as one would write it in Go: long-lived tasks, RPCs that one waits for, a ticker
 * that polls, an applier on a condition variable, the whole state saved at every change. Written
 * from the extended Raft paper and the labs' advice, independent of Faultlab's own. Try it with
 *
 *     faultlab sweep raft/figure-8 --impl examples/raft-async.ts
 *
 * In Go everything below would hold `rf.mu`. Here tasks of a node interleave only where they await,
 * and nothing awaits between a test and the write that rests on it (`persister.save` is durable
 * when it returns): each stretch without an await is a critical section as it stands. `start`,
 * `getState` and `snapshot`, which answer at once, could not wait for a lock anyway. What remains
 * of the labs' advice is to test again, after every await, whether term and role are still those
 * for which one waited; and the mutex that condition variables want.
 */
import type { Condition, Env, Mutex, Peer } from 'faultlab/sim';
import type {
  Apply,
  ApplyMessage,
  Command,
  LogView,
  MakeRaft,
  Persister,
  Raft,
  RaftView,
  Role,
  StartResult,
} from 'faultlab/raft';

/** The labs allow ten heartbeats a second, and advise to poll for elections. */
const HEARTBEAT_MS = 100;
const TICK_MS = 10;
/** Election time-outs, in ticks: several heartbeats, and far apart (§5.2). */
const ELECTION_TICKS = [35, 75] as const;

/** Every request and every reply says of which term it is. */
type Dated = { readonly term: number };

type Entry = Dated & { readonly command: Command };

interface RequestVoteArgs extends Dated {
  readonly candidateId: number;
  readonly lastLogIndex: number;
  readonly lastLogTerm: number;
}

type RequestVoteReply = Dated & { readonly voteGranted: boolean };

interface AppendEntriesArgs extends Dated {
  readonly prevLogIndex: number;
  readonly prevLogTerm: number;
  readonly entries: readonly Entry[];
  readonly leaderCommit: number;
}

interface AppendEntriesReply extends Dated {
  readonly success: boolean;
  /** What the follower has at prevLogIndex instead (§5.3): a term; none = its log is too short. */
  readonly xTerm?: number | undefined;
  /** The first entry of that term, or the first index that is free. */
  readonly xIndex?: number;
}

/** Figure 13, in one piece. */
interface InstallSnapshotArgs extends Dated {
  readonly lastIncludedIndex: number;
  readonly lastIncludedTerm: number;
  readonly data: string;
}

/** What is saved beside the snapshot: Figure 2's persistent state on all servers. */
type Saved = Pick<RaftView, 'currentTerm' | 'votedFor' | 'log'>;

/** The log; its first entry stands for all that the snapshot covers (§7). */
class Log implements LogView {
  entries: readonly Entry[] = [{ term: 0, command: null }];
  snapshotIndex = 0;
  truncations = 0;

  get snapshotTerm(): number {
    return this.entries[0]!.term;
  }

  get lastIndex(): number {
    return this.snapshotIndex + this.entries.length - 1;
  }

  term(index: number): number | undefined {
    return this.entries[index - this.snapshotIndex]?.term;
  }

  command(index: number): Command {
    return this.entries[index - this.snapshotIndex]?.command;
  }

  from(index: number): readonly Entry[] {
    return this.entries.slice(index - this.snapshotIndex);
  }

  /** Put entries at an index, in place of whatever was there. */
  replaceFrom(index: number, entries: readonly Entry[]): void {
    if (index <= this.lastIndex) this.truncations++;
    this.entries = [...this.entries.slice(0, index - this.snapshotIndex), ...entries];
  }

  /** Drop what a snapshot covers; what follows it stays if it follows the very same entry. */
  compact(index: number, term: number): void {
    const isPrefix = this.term(index) === term;
    if (!isPrefix && index <= this.lastIndex) this.truncations++;
    const rest = isPrefix ? this.from(index + 1) : [];
    this.entries = [{ term, command: null }, ...rest];
    this.snapshotIndex = index;
  }
}

class AsyncRaft implements Raft, RaftView {
  // Persistent state on all servers.
  currentTerm = 0;
  votedFor: number | undefined = undefined;
  readonly log = new Log();

  // Volatile state on all servers.
  commitIndex = 0;
  lastApplied = 0;
  role: Role = 'follower';

  // Volatile state on leaders.
  private nextIndex: number[] = [];
  matchIndex: number[] = [];

  readonly handlers = {
    RequestVote: (args: RequestVoteArgs): RequestVoteReply => this.requestVote(args),
    AppendEntries: (args: AppendEntriesArgs): AppendEntriesReply => this.appendEntries(args),
    InstallSnapshot: (args: InstallSnapshotArgs): Dated => this.installSnapshot(args),
  };
  private readonly env: Env;
  private readonly peers: readonly Peer[];
  private readonly me: number;
  private readonly persister: Persister;
  private readonly apply: Apply;
  private readonly others: readonly number[];
  private readonly mutex: Mutex;
  /** There is something to apply. */
  private readonly applicable: Condition;
  /** There is something to send: commands, or a heartbeat is due. */
  private readonly sendable: Condition;
  private electionTicks = 0;
  /** A leader's snapshot that the service has not been given yet. */
  private installed: ApplyMessage | undefined = undefined;

  constructor(env: Env, peers: readonly Peer[], me: number, persister: Persister, apply: Apply) {
    this.env = env;
    this.peers = peers;
    this.me = me;
    this.others = [...peers.keys()].filter((i) => i !== me);
    this.persister = persister;
    this.apply = apply;
    this.mutex = env.mutex();
    this.applicable = env.condition(this.mutex);
    this.sendable = env.condition(this.mutex);
    this.readPersist();
    this.restartElectionTimer();
    env.spawn('ticker', () => this.ticker());
    env.spawn('applier', () => this.applier());
  }

  start(command: Command): StartResult {
    const { log, currentTerm: term } = this;
    if (this.role !== 'leader') return { index: -1, term, isLeader: false };
    const index = log.lastIndex + 1;
    log.replaceFrom(index, [{ term, command }]);
    this.persist();
    this.advanceCommitIndex();
    this.sendable.broadcast();
    return { index, term, isLeader: true };
  }

  getState(): { term: number; isLeader: boolean } {
    return { term: this.currentTerm, isLeader: this.role === 'leader' };
  }

  /** The service has a snapshot; it may be older than one from the leader that came meanwhile. */
  snapshot(index: number, snapshot: string): void {
    if (index <= this.log.snapshotIndex || index > this.lastApplied) return;
    this.log.compact(index, this.log.term(index)!);
    this.persist(snapshot);
  }

  view(): RaftView {
    return this;
  }

  /** Before anybody can observe a change: before a reply, a request, or the return of start. */
  private persist(snapshot: string | undefined = this.persister.readSnapshot()): void {
    const { currentTerm, votedFor, log } = this;
    this.persister.save(JSON.stringify({ currentTerm, votedFor, log }), snapshot);
  }

  private readPersist(): void {
    const text = this.persister.readState();
    if (text === '') return;
    const { currentTerm, votedFor, log } = JSON.parse(text) as Saved;
    this.currentTerm = currentTerm;
    this.votedFor = votedFor;
    Object.assign(this.log, log);
    // The service has read the snapshot itself.
    this.commitIndex = log.snapshotIndex;
    this.lastApplied = log.snapshotIndex;
  }

  /** "If RPC request or response contains term T > currentTerm: set currentTerm = T". */
  private adoptTerm(term: number): void {
    if (term <= this.currentTerm) return;
    this.currentTerm = term;
    this.votedFor = undefined;
    this.role = 'follower';
    this.persist();
  }

  private isLeading(term: number): boolean {
    return this.role === 'leader' && this.currentTerm === term;
  }

  /** Call a server; undefined if that fails, or term or role have changed by the reply. */
  private async call<R extends Dated>(to: number, method: string, args: Dated, role: Role) {
    const reply = (await this.peers[to]!.call(method, args)) as R | undefined;
    if (reply === undefined) return undefined;
    this.adoptTerm(reply.term);
    return this.role === role && this.currentTerm === args.term ? reply : undefined;
  }

  // --- elections (§5.2, §5.4.1)

  private restartElectionTimer(): void {
    this.electionTicks = this.env.random.between(...ELECTION_TICKS);
  }

  /** Counts its own sleeps, so that a clock that is set forward or back does not matter. */
  private async ticker(): Promise<void> {
    for (;;) {
      await this.env.sleep(TICK_MS);
      if (this.role !== 'leader' && --this.electionTicks <= 0) this.startElection();
    }
  }

  /** "Increment currentTerm, vote for self, reset election timer, send RequestVote RPCs". */
  private startElection(): void {
    this.role = 'candidate';
    const term = ++this.currentTerm;
    this.votedFor = this.me;
    this.persist();
    this.restartElectionTimer();
    const lastLogIndex = this.log.lastIndex;
    const lastLogTerm = this.log.term(lastLogIndex)!;
    const args: RequestVoteArgs = { term, candidateId: this.me, lastLogIndex, lastLogTerm };
    // Votes are counted here, so that those of another election cannot be among them.
    const votes = new Set([this.me]);
    for (const i of this.others) {
      this.env.spawn('canvasser', async () => {
        const reply = await this.call<RequestVoteReply>(i, 'RequestVote', args, 'candidate');
        if (reply?.voteGranted === true) votes.add(i);
        if (reply !== undefined && 2 * votes.size > this.peers.length) this.becomeLeader();
      });
    }
    if (2 * votes.size > this.peers.length) this.becomeLeader();
  }

  private requestVote(args: RequestVoteArgs): RequestVoteReply {
    const { term, candidateId, lastLogIndex, lastLogTerm } = args;
    this.adoptTerm(term);
    const { currentTerm, votedFor, log } = this;
    // "Candidate's log is at least as up-to-date as receiver's log" (§5.4.1).
    const ownTerm = log.term(log.lastIndex)!;
    const isUpToDate =
      lastLogTerm > ownTerm || (lastLogTerm === ownTerm && lastLogIndex >= log.lastIndex);
    const isFree = votedFor === undefined || votedFor === candidateId;
    const voteGranted = term === currentTerm && isFree && isUpToDate;
    if (voteGranted) {
      this.votedFor = candidateId;
      this.persist();
      this.restartElectionTimer();
    }
    return { term: currentTerm, voteGranted };
  }

  private becomeLeader(): void {
    const { currentTerm: term, env } = this;
    this.role = 'leader';
    this.nextIndex = this.peers.map(() => this.log.lastIndex + 1);
    this.matchIndex = this.peers.map(() => 0);
    env.spawn('replicator', () => this.replicator(term));
    env.spawn('heartbeats', () => this.heartbeats(term));
  }

  // --- replication (§5.3)

  /** "Repeat during idle periods to prevent election timeouts"; the last one lets everybody go. */
  private async heartbeats(term: number): Promise<void> {
    while (this.isLeading(term)) {
      await this.env.sleep(HEARTBEAT_MS);
      this.sendable.broadcast();
    }
  }

  /** A request may be lost for seconds before one is told: each is waited for by its own task. */
  private async replicator(term: number): Promise<void> {
    await this.mutex.lock();
    while (this.isLeading(term)) {
      for (const i of this.others) this.env.spawn('sender', () => this.send(i, term));
      await this.sendable.wait();
    }
    this.mutex.unlock();
  }

  /** Send what the follower lacks; at once again as long as its answers show the way. */
  private async send(to: number, term: number): Promise<void> {
    while (this.isLeading(term)) {
      const lacksSnapshot = this.nextIndex[to]! <= this.log.snapshotIndex;
      if (!(await (lacksSnapshot ? this.sendSnapshot(to) : this.sendEntries(to)))) return;
    }
  }

  /** @returns is there a better request to make at once? */
  private async sendEntries(to: number): Promise<boolean> {
    const { log, currentTerm: term, commitIndex: leaderCommit } = this;
    const prevLogIndex = this.nextIndex[to]! - 1;
    const prevLogTerm = log.term(prevLogIndex)!;
    const entries = log.from(prevLogIndex + 1);
    const args: AppendEntriesArgs = { term, prevLogIndex, prevLogTerm, entries, leaderCommit };
    const reply = await this.call<AppendEntriesReply>(to, 'AppendEntries', args, 'leader');
    if (reply === undefined) return false;
    if (reply.success) {
      this.acknowledge(to, prevLogIndex + entries.length);
      return false;
    }
    // Of several requests that fail alike the first reply counts.
    if (prevLogIndex !== this.nextIndex[to]! - 1) return false;
    this.nextIndex[to] = Math.max(this.nextAfter(reply, prevLogIndex), this.matchIndex[to]! + 1);
    return true;
  }

  /** What a request has brought is there for good, whatever the log has become since. */
  private acknowledge(to: number, index: number): void {
    this.matchIndex[to] = Math.max(this.matchIndex[to]!, index);
    this.nextIndex[to] = Math.max(this.nextIndex[to]!, index + 1);
    this.advanceCommitIndex();
  }

  /** After the last entry of the follower's term that is here, too, or before that whole term. */
  private nextAfter({ xTerm = -1, xIndex = 1 }: AppendEntriesReply, prevLogIndex: number): number {
    const { log } = this;
    let index = prevLogIndex;
    while (index > log.snapshotIndex && log.term(index)! > xTerm) index--;
    return log.term(index) === xTerm ? index + 1 : xIndex;
  }

  /** "A majority of matchIndex[i] >= N, and log[N].term == currentTerm" (§5.4.2, Figure 8). */
  private advanceCommitIndex(): void {
    for (let n = this.log.lastIndex; n > this.commitIndex; n--) {
      if (this.log.term(n) !== this.currentTerm) return;
      const copies = this.others.filter((i) => this.matchIndex[i]! >= n).length + 1;
      if (2 * copies > this.peers.length) return this.commit(n);
    }
  }

  private commit(index: number): void {
    if (index <= this.commitIndex) return;
    this.commitIndex = index;
    this.applicable.signal();
  }

  /** Is the request from the leader of the present term? Then there is no other. */
  private heedLeader(term: number): boolean {
    this.adoptTerm(term);
    if (term < this.currentTerm) return false;
    this.role = 'follower';
    this.restartElectionTimer();
    return true;
  }

  private appendEntries(args: AppendEntriesArgs): AppendEntriesReply {
    const { prevLogIndex, prevLogTerm, entries, leaderCommit } = args;
    if (!this.heedLeader(args.term)) return { term: this.currentTerm, success: false };
    const { currentTerm: term, log } = this;
    // "Reply false if log doesn't contain an entry at prevLogIndex whose term matches". What the
    // snapshot covers is committed, and so it does.
    const xTerm = log.term(prevLogIndex);
    if (prevLogIndex >= log.snapshotIndex && xTerm !== prevLogTerm) {
      let xIndex = Math.min(prevLogIndex, log.lastIndex + 1);
      while (log.term(xIndex - 1) === xTerm) xIndex--;
      return { term, success: false, xTerm, xIndex };
    }
    // "If an existing entry conflicts with a new one, delete it and all that follow; append any new
    // entries not already in the log." Without a conflict nothing is deleted: the request may be
    // an old one.
    const first = prevLogIndex + 1;
    const news = entries.findIndex(({ term: newTerm }, i) => {
      return first + i > log.snapshotIndex && log.term(first + i) !== newTerm;
    });
    if (news >= 0) {
      log.replaceFrom(first + news, entries.slice(news));
      this.persist();
    }
    // "Set commitIndex = min(leaderCommit, index of last new entry)".
    this.commit(Math.min(leaderCommit, prevLogIndex + entries.length));
    return { term, success: true };
  }

  // --- snapshots (§7)

  private async sendSnapshot(to: number): Promise<boolean> {
    const { snapshotIndex: lastIncludedIndex, snapshotTerm: lastIncludedTerm } = this.log;
    const data = this.persister.readSnapshot()!;
    const term = this.currentTerm;
    const args: InstallSnapshotArgs = { term, lastIncludedIndex, lastIncludedTerm, data };
    if ((await this.call(to, 'InstallSnapshot', args, 'leader')) === undefined) return false;
    this.acknowledge(to, lastIncludedIndex);
    return true;
  }

  private installSnapshot(args: InstallSnapshotArgs): Dated {
    const { lastIncludedIndex: index, lastIncludedTerm: term, data } = args;
    // The service must never be taken back: an old snapshot has nothing to add.
    if (this.heedLeader(args.term) && index > this.commitIndex) {
      this.log.compact(index, term);
      this.persist(data);
      this.commitIndex = index;
      this.lastApplied = index;
      this.installed = { kind: 'snapshot', index, term, snapshot: data };
      this.applicable.signal();
    }
    return { term: this.currentTerm };
  }

  /** The only one that applies, so that everything comes in order. */
  private async applier(): Promise<void> {
    for (;;) {
      await this.mutex.lock();
      while (this.installed === undefined && this.lastApplied >= this.commitIndex) {
        await this.applicable.wait();
      }
      let message = this.installed;
      this.installed = undefined;
      if (message === undefined) {
        const index = ++this.lastApplied;
        message = { kind: 'command', index, command: this.log.command(index) };
      }
      this.mutex.unlock();
      await this.apply(message);
    }
  }
}

export const makeRaft: MakeRaft = (env, peers, me, persister, apply) =>
  new AsyncRaft(env, peers, me, persister, apply);
