/**
 * Lab 5: groups of replicated servers, each with some of the shards; a controller that moves shards
 * between groups; a clerk that finds the right one. The layers below (Raft, the replicated state
 * machine, the way to one group) are Faultlab's unless this file exports its own. Everything that
 * a node may touch comes from `env`; see docs/from-go.md.
 */
import type { ClerkOptions, GetArgs, GetReply, KvClerk, PutArgs, PutOutcome } from 'faultlab/kvsrv';
import type { Rsm, ServerState, StateMachine } from 'faultlab/raft';
import type {
  ChangeResult,
  DeleteArgs,
  FreezeArgs,
  GroupClerks,
  InstallArgs,
  MakeShardClerk,
  MakeShardCtrler,
  MakeShardGroup,
  ShardConfig,
  ShardCtrler,
  ShardGroup,
  ShardGroupHost,
} from 'faultlab/shardkv';
import { shardOf } from 'faultlab/shardkv';
import type { Env } from 'faultlab/sim';

/** What every server of a group carries out, in the order of the log. */
class MyMachine implements StateMachine {
  /** The group's `gid`, how many `shards` there are, and which it has `owned` from the first. */
  protected readonly host: ShardGroupHost;

  constructor(host: ShardGroupHost) {
    this.host = host;
  }

  /** Carry a request out, and answer it; the same on every server. */
  doOp(_request: unknown): unknown {
    // Your code here (5A): get, put, freezeShard, installShard, deleteShard.
    return { err: 'ErrWrongGroup' };
  }

  /** The whole state, for a server that has lagged behind or crashed. */
  snapshot(): string {
    // Your code here (5A).
    return '';
  }

  restore(_snapshot: string): void {
    // Your code here (5A).
  }
}

/** A server of a group: its requests go through the log. */
class MyGroup implements ShardGroup {
  readonly handlers: ShardGroup['handlers'];
  private readonly rsm: Rsm;

  constructor(env: Env, host: ShardGroupHost) {
    this.rsm = host.makeRsm(env, host, new MyMachine(host));
    this.handlers = {
      ...this.rsm.handlers,
      get: (args: GetArgs) => this.submit({ op: 'get', ...args }),
      put: (args: PutArgs) => this.submit({ op: 'put', ...args }),
      freezeShard: (args: FreezeArgs) => this.submit({ op: 'freezeShard', ...args }),
      installShard: (args: InstallArgs) => this.submit({ op: 'installShard', ...args }),
      deleteShard: (args: DeleteArgs) => this.submit({ op: 'deleteShard', ...args }),
    };
  }

  getState(): ServerState {
    return this.rsm.getState();
  }

  private async submit(request: object): Promise<unknown> {
    const submitted = await this.rsm.submit(request);
    return submitted.err === 'OK' ? submitted.result : submitted;
  }
}

/** Its memory is the store: it may crash, or be cut off, at any time. */
class MyCtrler implements ShardCtrler {
  protected readonly env: Env;
  protected readonly store: KvClerk;
  /** `groups(gid, servers)` is a way to a group, with freezeShard, installShard, deleteShard. */
  protected readonly groups: GroupClerks;

  constructor(env: Env, store: KvClerk, groups: GroupClerks) {
    this.env = env;
    this.store = store;
    this.groups = groups;
  }

  /** Make this the first configuration, unless there is one. */
  async initConfig(config: ShardConfig): Promise<void> {
    // Your code here (5A).
    await this.store.put('config', JSON.stringify(config), 0);
  }

  /** The present configuration; waits for the first one. */
  async query(): Promise<ShardConfig> {
    // Your code here (5A).
    const { value } = await this.store.get('config');
    return JSON.parse(value) as ShardConfig;
  }

  /** Move shards until this is the present configuration. Its number must be the next one. */
  async changeConfigTo(_config: ShardConfig): Promise<ChangeResult> {
    // Your code here (5A, 5C).
    return { err: 'ErrTaken', reason: 'not yet' };
  }

  /** Finish a change that another controller has left half-done. @returns was there one? */
  async initController(): Promise<boolean> {
    // Your code here (5B).
    return false;
  }
}

class MyClerk implements KvClerk {
  private readonly directory: Pick<ShardCtrler, 'query'>;
  private readonly groups: GroupClerks;
  protected readonly options: ClerkOptions;

  constructor(directory: Pick<ShardCtrler, 'query'>, groups: GroupClerks, options: ClerkOptions) {
    this.directory = directory;
    this.groups = groups;
    this.options = options;
  }

  async get(key: string): Promise<GetReply> {
    const config = await this.directory.query();
    const shard = shardOf(key, config.shards.length);
    const gid = config.shards[shard]!;
    const tried = await this.groups(gid, config.groups[gid] ?? []).get(key);
    // Your code here (5A): it may be the wrong group by now.
    return tried.reply as GetReply;
  }

  async put(_key: string, _value: string, _version: number): Promise<PutOutcome> {
    // Your code here (5A): after which attempts can nobody know any more?
    return 'ErrMaybe';
  }
}

/** Called for each server of each group, and again after each crash. */
export const makeShardGroup: MakeShardGroup = (env, host) => new MyGroup(env, host);

export const makeShardCtrler: MakeShardCtrler = (env, store, groups) =>
  new MyCtrler(env, store, groups);

export const makeShardClerk: MakeShardClerk = (_env, directory, groups, options = {}) =>
  new MyClerk(directory, groups, options);
