import {
  handlersOf,
  type ClerkOptions,
  type KvClerk,
  type KvLayers,
  makeKvClerk,
  makeKvServer,
  makeReplicatedKvClerk,
  makeReplicatedKvServer,
  type ReplicatedKvLayers,
} from '../../kvsrv/index.ts';
import { makeRaft, makeRsm } from '../../raft/index.ts';
import {
  FIRST_NUM,
  type Gid,
  type GroupClerk,
  makeGroupClerk,
  makeShardClerk,
  makeShardCtrler,
  makeShardGroup,
  type ShardConfig,
  type ShardCtrler,
  type ShardGroup,
  type ShardLayers,
  SHARDS,
} from '../../shardkv/index.ts';
import type { Env } from '../../sim/index.ts';
import type { Tester } from '../define/tester.ts';
import { recordedClerk } from '../lab2-kv/recorded-clerk.ts';
import { StormGuard } from '../lab2-kv/storm-guard.ts';
import { type Booted, Replicas } from '../lab4-kvraft/replicas.ts';
import { Acknowledged } from './acknowledged.ts';
import { Moves } from './moves.ts';
import { Ownership } from './ownership.ts';
import type { StepsUnderWay } from './steps.ts';
import { ShardTimeline } from './shard-timeline.ts';

/** All that lab 5 is made of: its own layers, and those that keep the configurations. */
export type Lab5Layers = ShardLayers &
  Pick<KvLayers, 'makeKvServer' | 'makeKvClerk'> &
  Pick<ReplicatedKvLayers, 'makeReplicatedKvServer' | 'makeReplicatedKvClerk'>;

/** Our implementation of lab 5. */
export const shardLayers: Lab5Layers = {
  makeRaft,
  makeRsm,
  makeShardGroup,
  makeGroupClerk,
  makeShardCtrler,
  makeShardClerk,
  makeKvServer,
  makeKvClerk,
  makeReplicatedKvServer,
  makeReplicatedKvClerk,
};

/** The group that owns all shards at first. */
export const FIRST_GID: Gid = 1;

/** Servers of a group. */
export const GROUP_SIZE = 3;

/** Who keeps the configurations: in the lab the first server alone. */
const STORE = 'store';
export const STORE_SERVER: string = `${STORE}.s0`;

export interface ClusterOptions {
  /** See {@link RsmHost.maxRaftState}. Default: small, so that groups restart from snapshots. */
  readonly maxRaftState?: number;
  /** Default: {@link SHARDS}. */
  readonly shards?: number;
  /** Servers of each group. Default: {@link GROUP_SIZE}. */
  readonly servers?: number;
  /** Where configurations are: on the one server of lab 2, or on the three of lab 4. */
  readonly store?: 'single' | 'replicated';
  /** May the shards of the groups be looked at? Default: yes, if they show them. */
  readonly view?: boolean;
  /** May Raft and the state machines of groups be looked into? Default: yes. */
  readonly looksBelow?: boolean;
}

/** A few dozen small requests. */
const SMALL_STATE = 2000;

/** The servers of a group. */
export type GroupReplicas = Replicas<unknown, ShardGroup>;

/** Groups, the store of configurations, and ways to them; who owns what is judged. */
export class ShardCluster {
  readonly t: Tester<unknown, Lab5Layers>;
  readonly shards: number;
  readonly ownership: Ownership;
  readonly moves: Moves;
  readonly groups: Map<Gid, GroupReplicas> = new Map();
  private readonly acknowledged: Acknowledged;
  private readonly maxRaftState: number;
  private readonly servers: number;
  private readonly isOpen: boolean;
  private readonly looksBelow: boolean;
  private readonly store: readonly string[];
  /** Undefined = one server of lab 2. */
  private readonly replicas: Replicas<unknown, Booted> | undefined;

  constructor(t: Tester<unknown, Lab5Layers>, options: ClusterOptions = {}) {
    this.t = t;
    this.shards = options.shards ?? SHARDS;
    this.maxRaftState = options.maxRaftState ?? SMALL_STATE;
    this.servers = options.servers ?? GROUP_SIZE;
    this.isOpen = options.view ?? true;
    this.looksBelow = options.looksBelow ?? true;
    const timeline = new ShardTimeline(t, this.shards);
    this.acknowledged = new Acknowledged(t, this.shards);
    this.moves = new Moves(t);
    this.ownership = new Ownership(t, this.acknowledged, (gid, shard, now, before) => {
      timeline.changed(gid, shard, now, before);
      if (now.status === 'serving') this.moves.add(gid, shard, now.num);
    });
    this.replicas = options.store === 'replicated' ? this.addReplicatedStore() : undefined;
    this.store = this.replicas?.ids ?? [STORE_SERVER];
    if (this.replicas === undefined) {
      t.addNode(STORE_SERVER, (env) => env.serve(handlersOf(t.layers(env).makeKvServer(env))));
    }
    this.addGroup(FIRST_GID);
  }

  /**
   * Start the servers of a group. All but the first one have no shards yet.
   * @param name what their names begin with. Default: `g1`, `g2`, ...
   */
  addGroup(gid: Gid, name: string = `g${gid}`): void {
    const { t, ownership, shards, isOpen } = this;
    const owned = gid === FIRST_GID ? Array.from({ length: shards }, (_, i) => i) : [];
    for (const shard of owned) this.moves.add(gid, shard, FIRST_NUM);
    const { isSynchronous = false } = t.declaredLayers().makeShardGroup;
    const group = new Replicas<unknown, ShardGroup>(t, {
      group: name,
      servers: this.servers,
      view: this.looksBelow,
      maxRaftState: this.maxRaftState,
      isSynchronous,
      boot(env, host) {
        let server: ShardGroup | undefined = undefined;
        const view = () => (isOpen ? server?.view?.() : undefined);
        const judged = ownership.judged(gid, host.makeRsm, view);
        const born = { gid, shards, owned };
        server = t.layers(env).makeShardGroup(env, { ...host, makeRsm: judged, ...born });
        return server;
      },
    });
    this.groups.set(gid, group);
  }

  /** The servers of a group that has left are gone for good, and others have its gid. */
  replaceGroup(gid: Gid): void {
    const { ids } = this.group(gid);
    this.group(gid).shutDown();
    this.ownership.forget(gid);
    // `g2.s0` was of the first group of this gid, `g2+.s0` of the second one.
    this.addGroup(gid, `${ids[0]!.split('.')[0]!}+`);
  }

  /** @throws Error if there is no such group */
  group(gid: Gid): GroupReplicas {
    const group = this.groups.get(gid);
    if (group === undefined) throw new Error(`there is no group ${gid}`);
    return group;
  }

  /** Servers of groups, as a configuration names them. */
  serversOf(...gids: readonly Gid[]): ShardConfig['groups'] {
    return Object.fromEntries(gids.map((gid) => [gid, this.group(gid).ids]));
  }

  /** One group owns everything. */
  firstConfig(): ShardConfig {
    const shards = Array.from({ length: this.shards }, () => FIRST_GID);
    return { num: FIRST_NUM, shards, groups: this.serversOf(FIRST_GID) };
  }

  /** Who answers for the store; undefined = nobody leads it. */
  storeLeader(): string | undefined {
    return this.replicas === undefined ? STORE_SERVER : this.replicas.knownLeader();
  }

  /** Every node that keeps something: all servers. */
  serverIds(): string[] {
    return [...this.store, ...[...this.groups.values()].flatMap(({ ids }) => ids)];
  }

  /**
   * A controller of the implementation under test.
   * @param underWay told what it asks groups for. Default: nobody is
   */
  ctrler(env: Env, underWay?: StepsUnderWay): ShardCtrler {
    const { makeShardCtrler: make, makeGroupClerk: makeGroup } = this.t.layers(env);
    return make(env, this.storeClerk(env), (gid, servers) => {
      const peers = servers.map((id) => env.peer(id));
      const clerk = this.moves.heard(gid, makeGroup(env, peers));
      return underWay?.watched(clerk) ?? clerk;
    });
  }

  /** A clerk of the implementation under test, recorded, and whose requests are watched. */
  clerk(env: Env, options: ClerkOptions = {}): KvClerk {
    const guard = new StormGuard(this.t, env);
    const { makeShardClerk: make, makeGroupClerk: makeGroup } = this.t.layers(env);
    const groups = (_gid: Gid, servers: readonly string[]): GroupClerk =>
      makeGroup(
        env,
        servers.map((id) => guard.peer(env.peer(id))),
      );
    const clerk = guard.clerk(make(env, this.ctrler(env), groups, options));
    return recordedClerk(this.t, env, clerk, (...put) => this.acknowledged.add(...put));
  }

  /**
   * Ask every group something. Clients ask nothing of those without shards, and what a former
   * leader has left in a log is committed only with an entry of the present one's (Raft §5.4.2).
   */
  async askAll(env: Env): Promise<void> {
    const { makeGroupClerk: make } = this.t.layers(env);
    for (const { ids } of this.groups.values()) {
      const peers = ids.map((id) => env.peer(id));
      await make(env, peers).get('');
    }
  }

  private storeClerk(env: Env): KvClerk {
    const layers = this.t.layers(env);
    const peers = this.store.map((id) => env.peer(id));
    return this.replicas === undefined
      ? layers.makeKvClerk(env, peers[0]!)
      : layers.makeReplicatedKvClerk(env, peers);
  }

  private addReplicatedStore(): Replicas<unknown, Booted> {
    const { t } = this;
    const { isSynchronous = false } = t.declaredLayers().makeReplicatedKvServer;
    return new Replicas<unknown, Booted>(t, {
      group: STORE,
      servers: GROUP_SIZE,
      maxRaftState: this.maxRaftState,
      isSynchronous,
      boot: (env, host) => t.layers(env).makeReplicatedKvServer(env, host),
    });
  }
}
