/**
 * Lab 5 as one would write it in Go: groups whose servers carry out what their log says, a
 * controller that moves shards between them in tasks of its own and keeps nothing in memory, and a
 * clerk that goes from group to group. Written from the lab's text, independent of Faultlab's own;
 * the replicated state machine below is Faultlab's. Try it with
 *
 *     faultlab grade examples/shardkv-async.ts
 */
import { CommandTooLarge, type Rsm, type StateMachine } from 'faultlab/raft';
import type {
  GetReply,
  KvClerk,
  PutOutcome,
  PutReply,
  TooLarge,
  WrongLeader,
} from 'faultlab/kvsrv';
import {
  checkConfig,
  configText,
  FIRST_NUM,
  movesBetween,
  ownerOf,
  parseConfig,
  shardOf,
  type ChangeResult,
  type DeleteReply,
  type FreezeReply,
  type GivesUp,
  type GroupClerk,
  type GroupClerks,
  type GroupView,
  type InstallArgs,
  type InstallReply,
  type MakeGroupClerk,
  type MakeShardClerk,
  type MakeShardCtrler,
  type MakeShardGroup,
  type Move,
  type ShardConfig,
  type ShardCtrler,
  type ShardGroup,
  type ShardGroupHost,
  type ShardView,
  type Tried,
  type WrongGroup,
} from 'faultlab/shardkv';
import type { Env, Peer } from 'faultlab/sim';

// --- a server of a group

/** What stands in the log of a group. */
type Request =
  | { readonly op: 'get'; readonly key: string }
  | { readonly op: 'put'; readonly key: string; readonly value: string; readonly version: number }
  | { readonly op: 'freezeShard' | 'deleteShard'; readonly shard: number; readonly num: number }
  | ({ readonly op: 'installShard' } & InstallArgs);

interface Row {
  readonly value: string;
  readonly version: number;
}

/** All that a group knows of a shard, also of one that it does not have. */
interface Shard extends ShardView {
  readonly entries: Map<string, Row>;
  /** Of a state that is still coming in: what is there already. */
  readonly pieces?: readonly string[] | undefined;
}

const WRONG_GROUP: WrongGroup = { err: 'ErrWrongGroup' };

/**
 * Whether a shard is served is asked here, in the order of the log, and nowhere else: a handler
 * that asked would not know of a freeze that comes before its request.
 */
class Machine implements StateMachine, GroupView {
  changes = 0;
  shards: Shard[];

  constructor({ shards, owned }: ShardGroupHost) {
    this.shards = Array.from({ length: shards }, (_, shard) => {
      const isOurs = owned.includes(shard);
      const status = isOurs ? 'serving' : 'absent';
      return { status, num: isOurs ? FIRST_NUM : 0, entries: new Map<string, Row>() };
    });
  }

  doOp(request: unknown): unknown {
    const asked = request as Request;
    switch (asked.op) {
      case 'get':
        return this.get(asked.key);
      case 'put':
        return this.put(asked.key, asked.value, asked.version);
      case 'freezeShard':
        return this.freeze(asked.shard, asked.num);
      case 'installShard':
        return this.install(asked);
      case 'deleteShard':
        return this.delete(asked.shard, asked.num);
    }
  }

  /** A server that restarts from it has to know again what it serves, not only the keys. */
  snapshot(): string {
    return JSON.stringify(this.shards.map((own) => ({ ...own, entries: [...own.entries] })));
  }

  restore(snapshot: string): void {
    const shards = JSON.parse(snapshot) as (Omit<Shard, 'entries'> & {
      entries: [string, Row][];
    })[];
    this.shards = shards.map((own) => ({ ...own, entries: new Map(own.entries) }));
    this.changes++;
  }

  private get(key: string): GetReply | WrongGroup {
    const { status, entries } = this.shardOf(key);
    if (status !== 'serving') return WRONG_GROUP;
    const row = entries.get(key);
    return row === undefined ? { value: '', version: 0, err: 'ErrNoKey' } : { ...row, err: 'OK' };
  }

  private put(key: string, value: string, version: number): PutReply | WrongGroup {
    const { status, entries } = this.shardOf(key);
    if (status !== 'serving') return WRONG_GROUP;
    const row = entries.get(key);
    if (row === undefined && version > 0) return { err: 'ErrNoKey' };
    if (row !== undefined && row.version !== version) return { err: 'ErrVersion' };
    entries.set(key, { value, version: version + 1 });
    return { err: 'OK' };
  }

  /** From now on the shard is as it will be where it goes. Asked again, it says the same again. */
  private freeze(shard: number, num: number): FreezeReply {
    const own = this.shards[shard]!;
    if (num < own.num) return { err: 'ErrOldConfig', num: own.num };
    if (num === own.num && own.status === 'absent') return { err: 'ErrDeleted' };
    const isAsked = own.status === (num === own.num ? 'frozen' : 'serving');
    if (!isAsked) return WRONG_GROUP;
    this.become(shard, { ...own, status: 'frozen', num });
    return { err: 'OK', state: JSON.stringify([...own.entries]) };
  }

  private install({ shard, state, num, part }: InstallArgs): InstallReply {
    const own = this.shards[shard]!;
    if (num < own.num) return { err: 'ErrOldConfig', num: own.num };
    // It is here already, and may have been written to.
    if (num === own.num && own.pieces === undefined) return { err: 'OK' };
    const { index, of } = part ?? { index: 0, of: 1 };
    const before = num === own.num ? own.pieces! : [];
    const pieces = index < before.length ? before : [...before, state];
    if (pieces.length < of) {
      this.become(shard, { status: 'absent', num, entries: new Map(), pieces });
    } else {
      const entries = new Map(JSON.parse(pieces.join('')) as [string, Row][]);
      this.become(shard, { status: 'serving', num, entries });
    }
    return { err: 'OK' };
  }

  /** Its number stays: what comes late must find out that it does. */
  private delete(shard: number, num: number): DeleteReply {
    const own = this.shards[shard]!;
    if (num < own.num) return { err: 'ErrOldConfig', num: own.num };
    if (num > own.num || own.status === 'serving') return WRONG_GROUP;
    this.become(shard, { status: 'absent', num, entries: new Map() });
    return { err: 'OK' };
  }

  private shardOf(key: string): Shard {
    return this.shards[shardOf(key, this.shards.length)]!;
  }

  private become(shard: number, now: Shard): void {
    this.shards[shard] = now;
    this.changes++;
  }
}

class AsyncGroup implements ShardGroup {
  readonly handlers: ShardGroup['handlers'];
  private readonly machine: Machine;
  private readonly rsm: Rsm;

  constructor(env: Env, host: ShardGroupHost) {
    this.machine = new Machine(host);
    this.rsm = host.makeRsm(env, host, this.machine);
    this.handlers = {
      ...this.rsm.handlers,
      get: (args) => this.submit({ op: 'get', ...args }),
      put: (args) => this.submit({ op: 'put', ...args }),
      freezeShard: (args) => this.submit({ op: 'freezeShard', ...args }),
      installShard: (args) => this.submit({ op: 'installShard', ...args }),
      deleteShard: (args) => this.submit({ op: 'deleteShard', ...args }),
    };
  }

  getState(): ReturnType<Rsm['getState']> {
    return this.rsm.getState();
  }

  view(): GroupView {
    return this.machine;
  }

  private async submit(request: Request): Promise<unknown> {
    try {
      const submitted = await this.rsm.submit(request);
      return submitted.err === 'OK' ? submitted.result : submitted;
    } catch (error) {
      if (!(error instanceof CommandTooLarge)) throw error;
      return { err: 'ErrTooLarge', bytes: error.bytes, most: error.most } satisfies TooLarge;
    }
  }
}

// --- a way to a group

/** Pause before one asks again, in ms. */
const RETRY_MS = 30;
/** A leader that is alone never answers: so long it is waited for, in ms. */
const SILENCE_MS = 1000;

type Err = { readonly err: string };

class Way {
  private readonly env: Env;
  private readonly servers: readonly Peer[];
  /** Who answered last. */
  private leader = 0;

  constructor(env: Env, servers: readonly Peer[]) {
    this.env = env;
    this.servers = servers;
  }

  async ask<R>(method: string, args: object, givesUp?: GivesUp): Promise<Tried<R>> {
    let failed = 0;
    for (let sent = 1; ; sent++) {
      const server = this.leader;
      const answer = await this.servers[server]!.call(method, args, { timeoutMs: SILENCE_MS });
      const refused = answer as WrongLeader | TooLarge | undefined;
      if (refused?.err === 'ErrTooLarge') throw new CommandTooLarge(refused.bytes, refused.most);
      const isAnswer = refused !== undefined && refused.err !== 'ErrWrongLeader';
      if (isAnswer) return { reply: answer as R, sent, failed };
      // A server that refuses has started it, or has not; of a call that failed nobody knows.
      if (refused === undefined || refused.isMaybe === true) failed++;
      this.leader = (server + 1) % this.servers.length;
      if (givesUp?.(sent) === true) return { reply: undefined, sent, failed };
      await this.env.sleep(RETRY_MS);
    }
  }
}

/** Ways are kept, as each knows who leads. A group may come back at other addresses. */
function kept(groups: GroupClerks): GroupClerks {
  const ways = new Map<string, GroupClerk>();
  return (gid, servers) => {
    const name = `${gid} at ${servers.join()}`;
    const way = ways.get(name) ?? groups(gid, servers);
    ways.set(name, way);
    return way;
  };
}

// --- the controller

/** The configuration in force, and the one that shards go to: all that a controller knows. */
const CURRENT = 'current';
const NEXT = 'next';

/** After so many requests in vain one looks whether others have finished the change. */
const IN_VAIN = 10;

/** No piece of a shard is longer, in characters: an entry of a log has 1 MiB at most. */
const PIECE = 100_000;

/** A configuration in the store, and the version at which it stands there. */
interface Stored {
  readonly config: ShardConfig;
  readonly version: number;
}

class AsyncCtrler implements ShardCtrler {
  private readonly env: Env;
  private readonly store: KvClerk;
  private readonly groups: GroupClerks;

  constructor(env: Env, store: KvClerk, groups: GroupClerks) {
    this.env = env;
    this.store = store;
    this.groups = kept(groups);
  }

  async initConfig(config: ShardConfig): Promise<void> {
    checkConfig(config);
    await this.store.put(CURRENT, configText(config), 0);
  }

  async query(): Promise<ShardConfig> {
    for (;;) {
      const stored = await this.read(CURRENT);
      if (stored !== undefined) return stored.config;
      await this.env.sleep(RETRY_MS);
    }
  }

  async queryNext(): Promise<ShardConfig | undefined> {
    const { current, next } = await this.both();
    return next.config.num > current.config.num ? next.config : undefined;
  }

  /** The put of NEXT decides whose the number is: all of them put at the version that they read. */
  async changeConfigTo(config: ShardConfig): Promise<ChangeResult> {
    checkConfig(config);
    const text = configText(config);
    for (;;) {
      const { current, next } = await this.both();
      const { num } = next.config;
      const taken = { err: 'ErrTaken', reason: `it does not follow configuration ${num}` } as const;
      // It was ours, perhaps, and over before we knew.
      if (num > config.num) return { err: 'ErrMaybe' };
      if (num < config.num && current.config.num + 1 < config.num) return taken;
      const isThere = configText(next.config) === text;
      if (num === config.num && !isThere) return taken;
      if (isThere || (await this.store.put(NEXT, text, next.version)) === 'OK') {
        // Nobody goes on before it is finished, by whomever.
        await this.finish(current, config);
        return { err: 'OK' };
      }
      // Another one was quicker, or nobody knows who it was: what stands there now tells.
    }
  }

  async initController(): Promise<boolean> {
    if ((await this.read(CURRENT)) === undefined) return false;
    const { current, next } = await this.both();
    if (next.config.num === current.config.num) return false;
    await this.finish(current, next.config);
    return true;
  }

  private async read(key: string): Promise<Stored | undefined> {
    const { err, value, version } = await this.store.get(key);
    return err === 'OK' ? { config: parseConfig(value), version } : undefined;
  }

  /** Both as they were at one moment. Until the first change that in force stands for both. */
  private async both(): Promise<{ readonly current: Stored; readonly next: Stored }> {
    for (;;) {
      const current = await this.read(CURRENT);
      const next = (await this.read(NEXT)) ?? (current && { ...current, version: 0 });
      if (current === undefined || next === undefined) await this.env.sleep(RETRY_MS);
      // If not, others have gone on between the two reads.
      else if (next.config.num <= current.config.num + 1) return { current, next };
    }
  }

  /**
   * Every step may be repeated, and every group knows the numbers of its shards, so that several
   * controllers may be at this at once, or come to it late.
   */
  private async finish(current: Stored, next: ShardConfig): Promise<void> {
    if (next.num === current.config.num) return;
    const moves = movesBetween(current.config, next);
    // All at once: a group that is down holds up nobody but its own shards.
    await Promise.all(moves.map((move) => this.move(move, current.config, next)));
    // At the version that was read: if others have done so, and gone on, it changes nothing.
    await this.store.put(CURRENT, configText(next), current.version);
  }

  private async move({ shard, from, to }: Move, before: ShardConfig, next: ShardConfig) {
    const { num } = next;
    const source = this.groups(from, before.groups[from]!);
    const destination = this.groups(to, next.groups[to]!);
    const frozen = await this.step(num, (givesUp) => source.freezeShard({ shard, num }, givesUp));
    // It is there already; or it has seen a later change, which nobody begins before this is over.
    if (frozen?.err !== 'OK') return;
    for (const piece of piecesOf(frozen.state)) {
      const args = { shard, num, ...piece };
      const installed = await this.step(num, (givesUp) => destination.installShard(args, givesUp));
      if (installed?.err !== 'OK') return;
    }
    // Not before the destination has all of it.
    await this.step(num, (givesUp) => source.deleteShard({ shard, num }, givesUp));
  }

  /** Ask until there is an answer; undefined = others have finished the change. */
  private async step<R extends Err>(
    num: number,
    request: (givesUp: GivesUp) => Promise<Tried<R>>,
  ): Promise<R | undefined> {
    for (;;) {
      const { reply } = await request((sent) => sent >= IN_VAIN);
      if (reply?.err === 'ErrWrongGroup') throw new Error(`no group should say so: change ${num}`);
      if (reply !== undefined) return reply;
      if ((await this.query()).num >= num) return undefined;
    }
  }
}

function piecesOf(state: string): Pick<InstallArgs, 'state' | 'part'>[] {
  const of = Math.ceil(state.length / PIECE);
  if (of <= 1) return [{ state }];
  return Array.from({ length: of }, (_, index) => {
    return { state: state.slice(index * PIECE, (index + 1) * PIECE), part: { index, of } };
  });
}

// --- the clerk

type Directory = Pick<ShardCtrler, 'query' | 'queryNext'>;

class AsyncClerk implements KvClerk {
  private readonly env: Env;
  private readonly directory: Directory;
  private readonly groups: GroupClerks;
  private readonly patienceMs: number;
  /** The configuration in force, and the next one, as they were; empty = to be asked for. */
  private known: readonly ShardConfig[] = [];

  constructor(env: Env, directory: Directory, groups: GroupClerks, patienceMs: number) {
    this.env = env;
    this.directory = directory;
    this.groups = kept(groups);
    this.patienceMs = patienceMs;
  }

  async get(key: string): Promise<GetReply> {
    for (;;) {
      const { reply } = await this.ask(key, (group, givesUp) => group.get(key, givesUp));
      if (reply !== undefined) return reply;
    }
  }

  async put(key: string, value: string, version: number): Promise<PutOutcome> {
    const startedMs = this.env.monotonic();
    let isMaybe = false;
    for (;;) {
      const { reply, failed } = await this.ask(key, (group, givesUp) =>
        group.put({ key, value, version }, givesUp),
      );
      // Of all groups: what one has carried out without an answer moves with its shard.
      isMaybe ||= failed > 0;
      if (reply !== undefined) return isMaybe && reply.err !== 'OK' ? 'ErrMaybe' : reply.err;
      if (this.env.monotonic() - startedMs >= this.patienceMs) return 'ErrMaybe';
    }
  }

  /** Ask those who may have the shard of a key, each for a while; undefined = in vain. */
  private async ask<R extends Err>(
    key: string,
    request: (group: GroupClerk, givesUp: GivesUp) => Promise<Tried<R | WrongGroup>>,
  ): Promise<{ readonly reply: Exclude<R, WrongGroup> | undefined; readonly failed: number }> {
    if (this.known.length === 0) {
      const now = await this.directory.query();
      const next = await this.directory.queryNext?.();
      this.known = next === undefined ? [now] : [now, next];
    }
    let failed = 0;
    // Of a shard that moves only the two groups know whether it is still here, or there already.
    const owners = this.known.map((config) => [ownerOf(config, key), config] as const);
    for (const [gid, { groups }] of new Map(owners)) {
      const servers = groups[gid]!;
      const tried = await request(this.groups(gid, servers), (sent) => sent >= servers.length);
      failed += tried.failed;
      const { reply } = tried;
      if (reply !== undefined && reply.err !== 'ErrWrongGroup') {
        return { reply: reply as Exclude<R, WrongGroup>, failed };
      }
      this.known = [];
    }
    await this.env.sleep(RETRY_MS);
    return { reply: undefined, failed };
  }
}

export const makeShardGroup: MakeShardGroup = (env, host) => new AsyncGroup(env, host);

export const makeGroupClerk: MakeGroupClerk = (env, servers) => {
  const way = new Way(env, servers);
  return {
    get: (key, givesUp) => way.ask('get', { key }, givesUp),
    put: (args, givesUp) => way.ask('put', args, givesUp),
    freezeShard: (args, givesUp) => way.ask('freezeShard', args, givesUp),
    installShard: (args, givesUp) => way.ask('installShard', args, givesUp),
    deleteShard: (args, givesUp) => way.ask('deleteShard', args, givesUp),
  };
};

export const makeShardCtrler: MakeShardCtrler = (env, store, groups) =>
  new AsyncCtrler(env, store, groups);

export const makeShardClerk: MakeShardClerk = (env, directory, groups, options) =>
  new AsyncClerk(env, directory, groups, options?.patienceMs ?? Infinity);
