import {
  applier,
  DamagedState,
  diskPersister,
  makeRaft,
  snapshotOn,
  stateSizeOn,
  type Apply,
  type ApplyMessage,
  type Command,
  type MakeRaft,
  type Persister,
  type Raft,
  type RaftLayers,
  type StartResult,
} from '../../raft/index.ts';
import type { Env } from '../../sim/index.ts';
import type { Tester } from '../define/tester.ts';
import { Watch } from './invariants/watch.ts';
import { Outside } from './outside.ts';
import { Chosen, Service } from './service.ts';
import type { Supervisor } from './supervisor.ts';
import { watchedRaft, type Watchers } from './watched-raft.ts';

/** Our implementation of lab 3. */
export const raftLayers: RaftLayers = { makeRaft };

/** A server in its present life. */
interface Server {
  readonly id: string;
  readonly incarnation: number;
  readonly raft: Raft;
  readonly service: Service;
  readonly persister: Persister;
}

export interface ClusterOptions {
  /** How many servers. */
  readonly servers: number;
  /** The service takes a snapshot after every so many entries; absent = never. */
  readonly snapshotEvery?: number | undefined;
  /** Longest time that the service takes for one message, in ms. Default: none at all. */
  readonly applyMs?: number | undefined;
  /** Whether to look into the servers that show a view. Default: yes. */
  readonly view?: boolean | undefined;
  /**
   * Where servers keep their state: through the labs' persister, the default, or on the disk by
   * themselves, if the implementation can ({@link MakeRaft.onDisk}).
   */
  readonly storage?: 'persister' | 'disk' | undefined;
  /**
   * Who looks after servers that end by themselves. Default: nobody; an error of a disk, or a state
   * that is damaged, then ends the run.
   */
  readonly supervisor?: Supervisor | undefined;
  /** Labels of the nodes, by the number of their server. Default: none. */
  readonly labelsOf?: ((server: number) => Readonly<Record<string, string>>) | undefined;
}

/** The cluster of each run, from its set-up to its end. */
const clusters = new WeakMap<object, Cluster<unknown>>();

/** The cluster of a run. */
export function clusterOf(t: object): Cluster<unknown> {
  const cluster = clusters.get(t);
  if (cluster === undefined) throw new Error('the run has no cluster: build it in setup()');
  return cluster;
}

/** What so many servers are called. */
export function serverIds(servers: number): string[] {
  return Array.from({ length: servers }, (_, i) => `s${i}`);
}

/** A cluster of Raft servers, `s0` to `sN-1`, each with a service that checks what is applied. */
export class Cluster<P> {
  readonly t: Tester<P, RaftLayers>;
  readonly ids: readonly string[];
  readonly chosen: Chosen = new Chosen();
  private readonly snapshotEvery: number | undefined;
  private readonly applyMs: number;
  private readonly storage: 'persister' | 'disk';
  private readonly supervisor: Supervisor | undefined;
  private readonly outside: Outside;
  private readonly watchers: Watchers;
  /** The servers that are up. */
  private readonly up = new Map<string, Server>();
  /** The servers that are held down here; faults hold servers down, too. */
  private readonly crashed = new Set<number>();
  /** Ids of the faults that cut servers off. */
  private readonly cuts = new Map<number, string>();
  private cutsMade = 0;

  constructor(t: Tester<P, RaftLayers>, options: ClusterOptions) {
    const { servers, snapshotEvery, applyMs = 0 } = options;
    const { storage = 'persister', view = true, supervisor } = options;
    this.t = t;
    this.applyMs = applyMs;
    this.storage = storage;
    this.supervisor = supervisor;
    this.snapshotEvery = snapshotEvery;
    this.ids = serverIds(servers);
    this.outside = new Outside(t, this.chosen);
    const watch = new Watch(t, this.ids);
    this.watchers = { watch, outside: this.outside, looksInside: view };
    const { isSynchronous = false } = this.makeOf(t.declaredLayers());
    for (const [i, id] of this.ids.entries()) {
      const program = (env: Env): void => this.undamaged(id, () => this.boot(env));
      const labels = options.labelsOf?.(i) ?? {};
      t.addNode(id, program, { isSynchronous, labels, ...supervisor?.settingsOf(id) });
    }
  }

  /** Build the cluster of a run, before time begins. */
  static build<P>(t: Tester<P, RaftLayers>, options: ClusterOptions): void {
    clusters.set(t, new Cluster(t, options));
  }

  get size(): number {
    return this.ids.length;
  }

  /** The server if it is up, and has come to its senses. */
  server(i: number): Server | undefined {
    const id = this.ids[i]!;
    const server = this.up.get(id);
    const isPresent = server?.incarnation === this.t.world.machine(id).life?.incarnation;
    return isPresent ? server : undefined;
  }

  /** The server that leads the latest term, as far as servers show it, or else say so. */
  leader(): string | undefined {
    const present = [...this.ids.keys()].flatMap((i) => this.server(i) ?? []);
    const views = present.flatMap(({ id, raft }) => {
      const view = raft.view?.();
      return view?.role === 'leader' ? [{ id, term: view.currentTerm }] : [];
    });
    const shown = views.toSorted((a, b) => b.term - a.term)[0]?.id;
    return shown ?? this.outside.leader(present.map(({ id }) => id));
  }

  /** Is the server up, and not cut off? */
  isConnected(i: number): boolean {
    return this.server(i) !== undefined && !this.cuts.has(i);
  }

  /** The servers that are up and not cut off. */
  connected(): number[] {
    return [...this.ids.keys()].filter((i) => this.isConnected(i));
  }

  /** Cut a server off from all others, at once. */
  disconnect(i: number): void {
    if (this.cuts.has(i)) return;
    const id = this.ids[i]!;
    const others = this.ids.filter((other) => other !== id);
    const cut = `cut ${id} off #${++this.cutsMade}`;
    const atMs = this.t.world.now();
    this.t.world.begin({ id: cut, kind: 'cut', atMs, between: [id, others] });
    this.cuts.set(i, cut);
  }

  /** Give it back its links. */
  connect(i: number): void {
    const cut = this.cuts.get(i);
    if (cut === undefined) return;
    this.t.world.lift(cut);
    this.cuts.delete(i);
  }

  /** Its memory goes, its disk stays; it is down until {@link restart}, whatever faults do. */
  crash(i: number): void {
    if (this.crashed.has(i)) return;
    this.crashed.add(i);
    this.t.world.holdDown(this.ids[i]!);
  }

  /**
   * Start it again, unless a fault holds it down, with its links (and nobody else's, unlike the
   * edition of 2025).
   */
  restart(i: number): void {
    if (this.crashed.delete(i)) this.t.world.letUp(this.ids[i]!);
    this.connect(i);
  }

  /** {@link Raft.start} on a server, in an event of its own; undefined if it is down. */
  start(i: number, command: Command): Promise<StartResult | undefined> {
    return this.ask(i, (raft) => {
      return answered('start', raft.start(command), { index: 'number', ...STATE });
    });
  }

  /** {@link Raft.getState}, in the same way. */
  state(i: number): Promise<ReturnType<Raft['getState']> | undefined> {
    return this.ask(i, (raft) => answered('getState', raft.getState(), STATE));
  }

  /** Length of the longest state that a server has persisted, in bytes. */
  stateSize(): number {
    if (this.storage === 'persister') {
      return Math.max(...[...this.up.values()].map(({ persister }) => persister.stateSize()));
    }
    return Math.max(0, ...this.ids.map((id, i) => (this.server(i) ? this.sizeOnDisk(id) : 0)));
  }

  /** Servers that keep their state by themselves tell their persister nothing of it. */
  private sizeOnDisk(id: string): number {
    const { files } = this.t.world.disk(id);
    const disk = {
      list: () => [...files.keys()],
      read: (file: string) => files.get(file)?.content,
    };
    return this.undamaged(id, () => stateSizeOn(disk)) ?? 0;
  }

  private ask<T>(i: number, question: (raft: Raft) => T): Promise<T | undefined> {
    return this.t.enter(this.ids[i]!, () => {
      const server = this.server(i);
      return server === undefined ? undefined : question(server.raft);
    });
  }

  private makeOf({ makeRaft: make }: RaftLayers): MakeRaft {
    return this.storage === 'disk' ? (make.onDisk ?? make) : make;
  }

  /** Look at what a server has on its disk; undefined = not what it wrote, which is a failure. */
  private undamaged<T>(id: string, look: () => T): T | undefined {
    try {
      return look();
    } catch (error) {
      if (!(error instanceof DamagedState)) throw error;
      if (this.supervisor?.mayRefuse(id) === true) throw error;
      this.t.expect('a server finds its state undamaged', false, () => `${id}: ${error.message}`);
      return undefined;
    }
  }

  private boot(env: Env): void {
    const { t, ids } = this;
    const make = watchedRaft(this.makeOf(t.layers(env)), this.watchers);
    const persister = this.persisterOf(env);
    const peers = ids.map((id) => env.peer(id));
    // First of all it judges what it finds on its disk.
    const raft = make(env, peers, ids.indexOf(env.id), persister, this.applierOf(env, make));
    const service = new Service(t, env.id, this.chosen, persister.readSnapshot());
    const { id, incarnation } = env;
    this.up.set(id, { id, incarnation, raft, service, persister });
    env.serve(raft.handlers);
  }

  /** Who may refuse to start from what is on its disk is to be the first to look at it. */
  private persisterOf(env: Env): Persister {
    const { supervisor, storage, t } = this;
    const ownsDisk = storage === 'disk' && t.layers(env).makeRaft.onDisk !== undefined;
    return supervisor === undefined || !ownsDisk ? diskPersister(env) : untoldPersister(env);
  }

  private applierOf(env: Env, { isSynchronous = false }: MakeRaft): Apply {
    const { applyMs } = this;
    const pauseMs = applyMs === 0 ? undefined : () => env.random.between(0, applyMs);
    return applier(env, (message) => this.take(env.id, message), { isSynchronous, pauseMs });
  }

  private take(id: string, message: ApplyMessage): void {
    const { raft, service } = this.up.get(id)!;
    service.take(message);
    const { lastApplied } = service;
    if (message.kind === 'command') this.outside.applied(message.index);
    const every = this.snapshotEvery;
    if (every !== undefined && message.kind === 'command' && (lastApplied + 1) % every === 0) {
      raft.snapshot(lastApplied, service.snapshot());
    }
  }
}

/** The persister of a server that keeps its state on its disk by itself, and tells it nothing. */
function untoldPersister({ disk }: Env): Persister {
  return {
    save: nothing,
    append: nothing,
    readState: () => '',
    readSnapshot: () => snapshotOn(disk),
    stateSize: () => 0,
  };
}

function nothing(): void {}

const STATE = { term: 'number', isLeader: 'boolean' };

/** Whoever answers with a promise, or with nothing, learns it here and not from what follows. */
function answered<T extends object>(
  method: string,
  answer: T,
  types: Readonly<Record<string, string>>,
): T {
  const given = (answer ?? {}) as Readonly<Record<string, unknown>>;
  const odd = Object.entries(types).find(([key, type]) => typeof given[key] !== type);
  if (odd === undefined) return answer;
  const what = answer instanceof Promise ? 'a promise' : `${odd[0]}: ${typeof given[odd[0]]}`;
  throw new TypeError(`${method} must return {${Object.keys(types).join(', ')}}, not ${what}`);
}
