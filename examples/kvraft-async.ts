/**
 * Lab 4 as one would write it in Go: a replicated state machine with a mutex, an applier that reads
 * from a channel, and a condition variable for each operation under way; a key/value server on it,
 * and a clerk that goes from server to server. Independent of Faultlab's own. Try it with
 *
 *     faultlab suite --lab 4 --impl examples/kvraft-async.ts
 */
import {
  CommandTooLarge,
  type ApplyMessage,
  type MakeRsm,
  type Persister,
  type Raft,
  type Rsm,
  type RsmHost,
  type StateMachine,
  type SubmitResult,
} from 'faultlab/raft';
import type {
  ClerkOptions,
  GetArgs,
  GetReply,
  KvClerk,
  MakeReplicatedKvClerk,
  MakeReplicatedKvServer,
  PutArgs,
  PutErr,
  PutOutcome,
  PutReply,
  ReplicatedGetReply,
  ReplicatedKvServer,
  ReplicatedPutReply,
  TooLarge,
  WrongLeader,
} from 'faultlab/kvsrv';
import type { Channel, Condition, Env, Mutex, Peer } from 'faultlab/sim';

// --- the replicated state machine (lab 4A)

/** How often to look whether this server still leads, in ms. */
const LOOK_MS = 40;

/** What stands in Raft's log. */
interface Command {
  readonly ticket: string;
  readonly request: unknown;
}

/** A request whose task waits for its end. */
interface Operation {
  readonly index: number;
  readonly term: number;
  /** Signalled when `end` is there. */
  readonly ended: Condition;
  end: { readonly result: unknown } | 'gone' | 'unknown' | undefined;
}

class AsyncRsm implements Rsm {
  readonly handlers: Raft['handlers'];
  private readonly env: Env;
  private readonly machine: StateMachine;
  private readonly persister: Persister;
  private readonly maxRaftState: number;
  private readonly raft: Raft;
  private readonly applyCh: Channel<ApplyMessage>;
  /** Protects all that follows, and the machine. */
  private readonly mu: Mutex;
  private readonly applied: Condition;
  private readonly operations = new Map<string, Operation>();
  private tickets = 0;
  private lastApplied = 0;

  constructor(env: Env, host: RsmHost, machine: StateMachine) {
    this.env = env;
    this.machine = machine;
    this.persister = host.persister;
    this.maxRaftState = host.maxRaftState;
    this.mu = env.mutex();
    this.applied = env.condition(this.mu);
    this.applyCh = env.channel(0);
    const snapshot = host.persister.readSnapshot();
    if (snapshot !== undefined) this.restore(snapshot);
    const apply = (message: ApplyMessage): Promise<void> => this.applyCh.send(message);
    this.raft = host.makeRaft(env, host.peers, host.me, host.persister, apply);
    this.handlers = this.raft.handlers;
    env.spawn('reader', () => this.reader());
    env.spawn('watcher', () => this.watcher());
  }

  getState(): ReturnType<Raft['getState']> {
    return this.raft.getState();
  }

  async submit(request: unknown): Promise<SubmitResult> {
    await this.mu.lock();
    const ticket = `${this.env.id}/${this.env.incarnation}/${++this.tickets}`;
    let started;
    try {
      started = this.raft.start({ ticket, request } satisfies Command);
    } catch (error) {
      this.mu.unlock();
      throw error;
    }
    const { index, term, isLeader } = started;
    if (!isLeader) {
      this.mu.unlock();
      return this.wrongLeader(false);
    }
    // No await between start and this: the reader must not come in between.
    const ended = this.env.condition(this.mu);
    const operation: Operation = { index, term, ended, end: undefined };
    this.operations.set(ticket, operation);
    while (operation.end === undefined) await operation.ended.wait();
    this.operations.delete(ticket);
    const { end } = operation;
    if (typeof end === 'string') {
      // Leadership was lost on the way.
      this.mu.unlock();
      return this.wrongLeader(end === 'unknown');
    }
    this.mu.unlock();
    return { err: 'OK', result: end.result, index };
  }

  readAt(index: number, question: unknown, done: (answer: unknown) => void): void {
    this.env.spawn('local read', async () => {
      await this.mu.lock();
      while (this.lastApplied < index) await this.applied.wait();
      const answer = this.machine.read?.(question);
      this.mu.unlock();
      done(answer);
    });
  }

  private wrongLeader(isMaybe: boolean): SubmitResult {
    return { err: 'ErrWrongLeader', isMaybe, leader: this.raft.getState().leader };
  }

  /** End all operations for which `how` has a word; each once. */
  private end(how: (operation: Operation, ticket: string) => Operation['end']): void {
    for (const [ticket, operation] of this.operations) {
      if (operation.end !== undefined) continue;
      operation.end = how(operation, ticket);
      if (operation.end !== undefined) operation.ended.signal();
    }
  }

  /** The only one that carries out, so that everything comes in order. */
  private async reader(): Promise<void> {
    for (;;) {
      const received = await this.applyCh.receive();
      if (received.status !== 'value') return;
      await this.mu.lock();
      this.take(received.value);
      this.applied.broadcast();
      this.mu.unlock();
    }
  }

  private take(message: ApplyMessage): void {
    const { index } = message;
    if (message.kind === 'snapshot') {
      if (index <= this.lastApplied) return;
      this.restore(message.snapshot);
      // Perhaps they are in it, and perhaps others are, in their places.
      this.end((operation) => (operation.index <= index ? 'unknown' : undefined));
      return;
    }
    const { ticket, request } = message.command as Command;
    const result = this.machine.doOp(request, index);
    this.lastApplied = index;
    this.end((operation, own) => {
      if (own === ticket) return { result };
      // Its place is taken, for good.
      return operation.index === index ? 'gone' : undefined;
    });
    this.compact();
  }

  private compact(): void {
    const { maxRaftState, lastApplied } = this;
    if (maxRaftState < 0 || this.persister.stateSize() < 0.9 * maxRaftState) return;
    this.raft.snapshot(lastApplied, JSON.stringify([lastApplied, this.machine.snapshot()]));
  }

  private restore(snapshot: string): void {
    const [index, state] = JSON.parse(snapshot) as [number, string];
    this.machine.restore(state);
    this.lastApplied = index;
  }

  /** A deposed leader may never hear what became of its last entries. */
  private async watcher(): Promise<void> {
    for (;;) {
      await this.env.sleep(LOOK_MS);
      await this.mu.lock();
      const { term, isLeader } = this.raft.getState();
      this.end((operation) => (isLeader && operation.term === term ? undefined : 'unknown'));
      this.mu.unlock();
    }
  }
}

// --- the server (lab 4B)

/** A request in the log. */
type Request =
  | readonly [op: 'get', key: string]
  | readonly [op: 'put', key: string, value: string, version: number];

interface Row {
  readonly value: string;
  readonly version: number;
}

/** The table, which only the reader of the replicated state machine touches. */
class Table implements StateMachine {
  private rows = new Map<string, Row>();

  doOp(request: unknown): GetReply | PutReply {
    const [op, key, value = '', version = 0] = request as Request;
    return op === 'get' ? this.read(key) : { err: this.put(key, value, version) };
  }

  read(key: unknown): GetReply {
    const row = this.rows.get(key as string);
    return row === undefined ? { value: '', version: 0, err: 'ErrNoKey' } : { ...row, err: 'OK' };
  }

  snapshot(): string {
    return JSON.stringify([...this.rows]);
  }

  restore(snapshot: string): void {
    this.rows = new Map(JSON.parse(snapshot) as [string, Row][]);
  }

  private put(key: string, value: string, version: number): PutErr {
    const row = this.rows.get(key);
    if (row === undefined && version > 0) return 'ErrNoKey';
    if (row !== undefined && row.version !== version) return 'ErrVersion';
    this.rows.set(key, { value, version: version + 1 });
    return 'OK';
  }
}

class AsyncKvServer implements ReplicatedKvServer {
  readonly handlers: ReplicatedKvServer['handlers'];
  private readonly rsm: Rsm;

  constructor(rsm: Rsm) {
    this.rsm = rsm;
    this.handlers = {
      ...rsm.handlers,
      get: ({ key }: GetArgs) => this.answer(['get', key]),
      put: ({ key, value, version }: PutArgs) => this.answer(['put', key, value, version]),
    };
  }

  getState(): ReturnType<Rsm['getState']> {
    return this.rsm.getState();
  }

  private async answer(request: Request): Promise<unknown> {
    try {
      const submitted = await this.rsm.submit(request);
      if (submitted.err === 'OK') return submitted.result;
      return submitted;
    } catch (error) {
      if (!(error instanceof CommandTooLarge)) throw error;
      return { err: 'ErrTooLarge', bytes: error.bytes, most: error.most } satisfies TooLarge;
    }
  }
}

// --- the clerk

/** Pause after an attempt in vain, in ms. */
const RETRY_MS = 30;

/** What an attempt came to. */
type Attempt<R> =
  | { readonly kind: 'answered'; readonly reply: Exclude<R, WrongLeader | TooLarge> }
  /** Not answered; `isMaybe`: it may be carried out all the same. */
  | { readonly kind: 'failed'; readonly isMaybe: boolean };

class AsyncClerk implements KvClerk {
  private readonly env: Env;
  private readonly servers: readonly Peer[];
  private readonly patienceMs: number;
  /** Who answered last. */
  private leader = 0;

  constructor(env: Env, servers: readonly Peer[], { patienceMs = Infinity }: ClerkOptions) {
    this.env = env;
    this.servers = servers;
    this.patienceMs = patienceMs;
  }

  async get(key: string): Promise<GetReply> {
    for (;;) {
      const attempt = await this.attempt<ReplicatedGetReply>('get', { key });
      if (attempt.kind === 'answered') return attempt.reply;
      await this.env.sleep(RETRY_MS);
    }
  }

  async put(key: string, value: string, version: number): Promise<PutOutcome> {
    const startedMs = this.env.monotonic();
    let isMaybe = false;
    for (;;) {
      const attempt = await this.attempt<ReplicatedPutReply>('put', { key, value, version });
      if (attempt.kind === 'answered') {
        const { err } = attempt.reply;
        return isMaybe && err !== 'OK' ? 'ErrMaybe' : err;
      }
      isMaybe ||= attempt.isMaybe;
      if (this.env.monotonic() - startedMs >= this.patienceMs) return 'ErrMaybe';
      await this.env.sleep(RETRY_MS);
    }
  }

  private async attempt<R extends { readonly err: string }>(
    method: string,
    args: object,
  ): Promise<Attempt<R>> {
    const server = this.leader;
    const reply = (await this.servers[server]!.call(method, args)) as R | WrongLeader | undefined;
    if (reply !== undefined && reply.err === 'ErrTooLarge') {
      const { bytes, most } = reply as unknown as TooLarge;
      throw new CommandTooLarge(bytes, most);
    }
    if (reply !== undefined && reply.err !== 'ErrWrongLeader') {
      return { kind: 'answered', reply: reply as Exclude<R, WrongLeader | TooLarge> };
    }
    this.leader = (server + 1) % this.servers.length;
    // Who says so has started it, or has not; of a call that failed nobody knows.
    const isMaybe = reply === undefined || (reply as WrongLeader).isMaybe === true;
    return { kind: 'failed', isMaybe };
  }
}

export const makeRsm: MakeRsm = (env, host, machine) => new AsyncRsm(env, host, machine);

export const makeReplicatedKvServer: MakeReplicatedKvServer = (env, { makeRsm: make, ...host }) =>
  new AsyncKvServer(make(env, host, new Table()));

export const makeReplicatedKvClerk: MakeReplicatedKvClerk = (env, servers, options = {}) =>
  new AsyncClerk(env, servers, options);
