import {
  diskPersister,
  type MakeRsm,
  type Persister,
  type RaftLayers,
  type RsmHost,
  type RsmLayers,
  type ServerState,
} from '../../raft/index.ts';
import type { Env } from '../../sim/index.ts';
import type { Tester } from '../define/tester.ts';
import { serverIds } from '../lab3-raft/cluster.ts';
import type { Supervisor } from '../lab3-raft/supervisor.ts';
import { Answers } from './answers.ts';
import { Rafts } from './rafts.ts';

/** What runs on a server: it answers requests, and says whether it leads. */
export interface Booted {
  readonly handlers: Readonly<Record<string, (args: never) => unknown>>;
  getState(): ServerState;
}

/** What a program on a server is given. */
export type ServerHost = RsmHost & { readonly makeRsm: MakeRsm };

export interface ReplicasOptions<B extends Booted> {
  /** Names the servers `<group>.s0`, `<group>.s1`, ...; default: `s0`, `s1`, ... */
  readonly group?: string | undefined;
  /** How many servers. */
  readonly servers: number;
  /** See {@link RsmHost.maxRaftState}. */
  readonly maxRaftState: number;
  /** Do all layers of it leave no promise behind? */
  readonly isSynchronous: boolean;
  /** Where servers keep Raft's state; see `ClusterOptions.storage` of lab 3. */
  readonly storage?: 'persister' | 'disk' | undefined;
  /** Who looks after servers that end by themselves. Default: nobody. */
  readonly supervisor?: Supervisor | undefined;
  /** Labels of the nodes, by the number of their server. Default: none. */
  readonly labelsOf?: ((server: number) => Readonly<Record<string, string>>) | undefined;
  /**
   * Whether to look into Raft, and into the state machines on it. Default: yes; otherwise only
   * clients and {@link Rafts} tell what becomes of requests.
   */
  readonly view?: boolean | undefined;
  /** Start a server. */
  boot(env: Env, host: ServerHost): B;
}

/** A server in its present life. */
interface Up<B> {
  readonly incarnation: number;
  readonly booted: B;
  readonly persister: Persister;
}

/**
 * The servers of a replicated service, `s0` to `sN-1`, or those of one group of several. Raft is
 * judged as in lab 3, and the answers of the state machines are compared.
 */
export class Replicas<P, B extends Booted> {
  readonly t: Tester<P, RaftLayers & RsmLayers>;
  readonly ids: readonly string[];
  /** Of the names of servers and faults. */
  private readonly prefix: string;
  private readonly options: ReplicasOptions<B>;
  private readonly rafts: Rafts;
  private readonly answers: Answers;
  private readonly up = new Map<string, Up<B>>();
  /** Id of the fault that cuts servers from each other, if there is one. */
  private partitionId: string | undefined = undefined;
  private partitions = 0;
  /** Id of the fault that holds servers down, if there is one. */
  private crashId: string | undefined = undefined;
  private crashes = 0;

  constructor(t: Tester<P, RaftLayers & RsmLayers>, options: ReplicasOptions<B>) {
    this.t = t;
    this.options = options;
    const { group } = options;
    this.prefix = group === undefined ? '' : `${group}.`;
    this.ids = serverIds(options.servers).map((id) => this.prefix + id);
    this.rafts = new Rafts(t, this.ids, options.view);
    this.answers = new Answers(t);
    const { makeRaft, makeRsm } = t.declaredLayers();
    const isSynchronous =
      options.isSynchronous && makeRaft.isSynchronous === true && makeRsm.isSynchronous === true;
    for (const [i, id] of this.ids.entries()) {
      const labels = options.labelsOf?.(i) ?? {};
      const exits = options.supervisor?.settingsOf(id);
      t.addNode(id, (env) => this.boot(env), { isSynchronous, labels, ...exits });
    }
  }

  get size(): number {
    return this.ids.length;
  }

  /** What runs on a server; undefined while it is down. */
  server(i: number): B | undefined {
    return this.present(i)?.booted;
  }

  /** Call into a server, in an event of its own; undefined if it is down, or crashes over it. */
  enter<T>(i: number, work: (server: B) => T): Promise<T | undefined> {
    return this.t.enter(this.ids[i]!, () => {
      const server = this.server(i);
      return server === undefined ? undefined : work(server);
    });
  }

  /** The same for work that takes its time; see {@link Tester.ask}. */
  ask<T>(i: number, work: (server: B, done: (answer: T) => void) => void): Promise<T | undefined> {
    return this.t.ask<T | undefined>(this.ids[i]!, (done) => {
      const server = this.server(i);
      if (server === undefined) done(undefined);
      else work(server, done);
    });
  }

  /** Place of the server that leads the latest term, as the servers themselves say. */
  async leader(among: readonly number[] = [...this.ids.keys()]): Promise<number | undefined> {
    let latest: { readonly i: number; readonly term: number } | undefined;
    for (const i of among) {
      const state = await this.enter(i, (server) => server.getState());
      if (state?.isLeader !== true || state.term <= (latest?.term ?? -1)) continue;
      latest = { i, term: state.term };
    }
    return latest?.i;
  }

  /** Id of the leader, as far as it is known without asking anybody now. */
  knownLeader(): string | undefined {
    return this.rafts.leader(this.ids.filter((_, i) => this.present(i) !== undefined));
  }

  /**
   * Servers of different groups cannot talk to each other any more.
   * @param clients those who reach the servers of their group only; all others reach everybody
   */
  partition(
    groups: readonly (readonly number[])[],
    clients: readonly (readonly string[])[] = [],
  ): void {
    this.heal();
    const id = `${this.prefix}partition #${++this.partitions}`;
    const named = groups.map((group, i) => [
      ...group.map((server) => this.ids[server]!),
      ...(clients[i] ?? []),
    ]);
    this.t.world.begin({ id, kind: 'partition', atMs: this.t.world.now(), groups: named });
    this.partitionId = id;
  }

  /** All servers can talk to each other. */
  heal(): void {
    if (this.partitionId !== undefined) this.t.world.lift(this.partitionId);
    this.partitionId = undefined;
  }

  /** Crash servers at once; default: all. They stay down until they are started again. */
  shutDown(which: readonly number[] = [...this.ids.keys()]): void {
    this.startAgain();
    const id = `${this.prefix}crash #${++this.crashes}`;
    const node = which.map((i) => this.ids[i]!);
    this.t.world.begin({ id, kind: 'crash', atMs: this.t.world.now(), node });
    this.crashId = id;
  }

  /** Start those that were shut down, from their disks. */
  startAgain(): void {
    if (this.crashId !== undefined) this.t.world.lift(this.crashId);
    this.crashId = undefined;
  }

  /** Length of the longest Raft state that a server has persisted, in bytes. */
  stateSize(): number {
    return Math.max(...[...this.up.values()].map(({ persister }) => persister.stateSize()));
  }

  /** Length of the longest snapshot; 0 = there is none. */
  snapshotSize(): number {
    const sizes = [...this.up.values()].map(({ persister }) => persister.readSnapshot()?.length);
    return Math.max(...sizes.map((size) => size ?? 0));
  }

  /** Bytes of Raft state and snapshots of all servers that are up, together. */
  totalSize(): number {
    return this.ids.reduce((sum, _, i) => {
      const persister = this.present(i)?.persister;
      if (persister === undefined) return sum;
      return sum + persister.stateSize() + (persister.readSnapshot()?.length ?? 0);
    }, 0);
  }

  /**
   * What the servers differ in: how far they have come, or their state. Undefined = in nothing.
   * @param ids the servers that count. Default: all
   */
  async difference(ids: readonly string[] = this.ids): Promise<string | undefined> {
    const { answers, t } = this;
    const behind = ids.filter((id) => !answers.hasAll(id));
    if (behind.length > 0) return `${behind.join(', ')} have not carried out all requests`;
    const states: (string | undefined)[] = [];
    for (const id of ids) states.push(await t.enter(id, () => answers.stateOf(id)));
    const other = states.findIndex((state) => state !== states[0]);
    return other < 0 ? undefined : `${ids[0]} and ${ids[other]} are in different states`;
  }

  /** A persister that is told nothing: Raft keeps its state on the disk by itself. */
  private besideDisk(id: string, persister: Persister): Persister {
    const { files } = this.t.world.disk(id);
    const stateSize = (): number => {
      let bytes = 0;
      for (const [file, { content }] of files) if (isAddition(file)) bytes += content.length;
      return bytes;
    };
    return { ...persister, stateSize };
  }

  private present(i: number): Up<B> | undefined {
    const id = this.ids[i]!;
    const up = this.up.get(id);
    return up?.incarnation === this.t.world.machine(id).life?.incarnation ? up : undefined;
  }

  private boot(env: Env): void {
    const { t, ids, options } = this;
    const { makeRaft, makeRsm } = t.layers(env);
    const onDisk = options.storage === 'disk' ? makeRaft.onDisk : undefined;
    const persister =
      onDisk === undefined ? diskPersister(env) : this.besideDisk(env.id, diskPersister(env));
    const booted = options.boot(env, {
      peers: ids.map((id) => env.peer(id)),
      me: ids.indexOf(env.id),
      persister,
      maxRaftState: options.maxRaftState,
      makeRaft: this.rafts.judged(onDisk ?? makeRaft),
      makeRsm: options.view === false ? makeRsm : this.answers.judged(makeRsm),
    });
    this.up.set(env.id, { incarnation: env.incarnation, booted, persister });
    env.serve(booted.handlers);
  }
}

/** Is this the file of some of Raft's entries? All others hold the snapshot as well. */
function isAddition(file: string): boolean {
  return /^raft\/\d+$/.test(file);
}
