import { clockProfile, clockProfileByName, type ClockProfile } from './clocks/clock-profile.ts';
import { Clock } from './clocks/clock.ts';
import { diskProfile, diskProfileByName, type DiskProfile } from './disk/disk-profile.ts';
import { DiskStore } from './disk/disk-store.ts';
import { Buggify } from './faults/buggify.ts';
import { Faults, type FaultWorld } from './faults/faults.ts';
import type { FaultAction } from './faults/kinds.ts';
import { Guard } from './guard/guard.ts';
import { Strict } from './guard/strict.ts';
import { hardwareOf, type HardwareProfile } from './hardware/hardware-profile.ts';
import { LeakError, type Failure } from './kernel/failure.ts';
import { YIELD_EVERY, type Host } from './kernel/host.ts';
import { eventLabel, Kernel, type Monitor } from './kernel/kernel.ts';
import { runSteps, type Watch } from './kernel/step-loop.ts';
import { formatUs, msToUs, usToMs } from './kernel/time.ts';
import type { RunMetrics } from './metrics/run-metrics.ts';
import { describeThrown, isA } from './kernel/thrown.ts';
import { Network } from './network/network.ts';
import { Rpc } from './network/rpc.ts';
import { CrashSignal } from './node/crash-signal.ts';
import type { Env, Program } from './node/env.ts';
import type { Incarnation } from './node/incarnation.ts';
import type { CallRecorder } from './node/code-point.ts';
import { Machine, type NodeOptions } from './node/machine.ts';
import { NodeEnv } from './node/node-env.ts';
import { StateBoard, type Invariant, type ShownState } from './node/state-board.ts';
import { isConcrete, nodesOf, type NodeTarget } from './faults/target.ts';
import { PlanError } from './plan/plan-error.ts';
import { quietPlan, type WorldPlan } from './plan/plan.ts';
import { Streams } from './random/streams.ts';
import type { TraceSink } from './trace/trace.ts';

const ENTER = eventLabel('enter');

export interface WorldOptions {
  /** The machine underneath; see {@link Host}. */
  readonly host: Host;
  /** What goes wrong, and when. Default: nothing ({@link quietPlan}). */
  readonly plan?: Partial<WorldPlan>;
  /** Where trace records go. Default: nowhere. The digest is the same either way. */
  readonly trace?: TraceSink | undefined;
  /**
   * Keeps figures of this run. Default: none are kept. The digest is the same either way.
   */
  readonly metrics?: RunMetrics | undefined;
  /** Catch node code that touches clocks, timers or randomness of the host. Default: true. */
  readonly guards?: boolean;
  /**
   * Prove what is otherwise believed: that synchronous nodes make no promises, and that nobody
   * changes a message after sending it. Costs time; the run is the same. Default: no.
   */
  readonly isStrict?: boolean | undefined;
  readonly monitor?: Monitor | undefined;
  /** Keep the fate of every message, for a shrinker: see {@link Network.fates}. Default: no. */
  readonly recordFates?: boolean | undefined;
  /** Told of every env call of every node: the crash points that a run has. */
  readonly recordCalls?: CallRecorder | undefined;
  /** Answers `{select: name}` of a fault: the nodes that are it now; none = nobody is. */
  readonly selectors?: Selectors | undefined;
}

/** Functions of a scenario that pick the targets of a fault when it starts. */
export type Selectors = Readonly<Record<string, () => string | readonly string[] | undefined>>;

export interface RunLimits {
  /** Stop before the first event later than this, in ms of virtual time. Default: no limit. */
  readonly untilMs?: number;
  /** Stop after this many events in all. Default: no limit. */
  readonly maxEvents?: number;
  /**
   * Events between two macrotasks of the host. Default: {@link YIELD_EVERY}. With 1, a rejection
   * that nobody handles is reported in the very event that left it behind; the run is the same
   * otherwise.
   */
  readonly yieldEvery?: number;
}

/**
 * One running simulation: nodes, their network and disks, a virtual clock, and the faults of a
 * plan. The same seed, plan and programs give the same run, bit for bit.
 */
export class World implements FaultWorld {
  readonly kernel: Kernel;
  readonly streams: Streams;
  readonly network: Network;
  readonly buggify: Buggify = new Buggify();
  private readonly rpc: Rpc;
  private readonly board: StateBoard;
  private readonly selectors: Selectors;
  private readonly recordCalls: CallRecorder | undefined;
  readonly plan: WorldPlan;
  /** How often each probe was hit. */
  readonly probes: Map<string, number> = new Map();
  crashes = 0;
  private readonly host: Host;
  private readonly watch: Watch;
  private readonly faults: Faults;
  private readonly machines = new Map<string, Machine>();
  private readonly disks = new Map<string, DiskStore>();
  private readonly diskProfile: DiskProfile;
  private readonly clockProfile: ClockProfile;
  private readonly hardware: HardwareProfile | undefined;
  private hasStarted = false;
  private isLooking = false;
  /** Has the host reported a rejection that nobody handled, whatever else has failed? */
  hasStrayRejection = false;

  /** @param seed names all streams of randomness; a plan's `streamSeed` wins over it */
  constructor(seed: string | number, options: WorldOptions) {
    this.plan = { ...quietPlan(String(seed)), ...options.plan };
    this.host = options.host;
    this.streams = new Streams(this.plan.streamSeed);
    const { streams } = this;
    const drawn = (place: string): number => streams.stream(`ties/${place}`).uint32();
    const { metrics, trace } = options;
    if (metrics !== undefined) metrics.next = trace;
    this.kernel = new Kernel({
      trace: metrics ?? trace,
      meter: metrics,
      monitor: options.monitor,
      tieBreak: this.plan.ties === 'random' ? drawn : undefined,
    });
    this.network = new Network(this.kernel, this.streams, this.plan.profile, this.plan.overrides);
    if (options.recordFates === true) this.network.fates = [];
    this.rpc = new Rpc(this.network);
    this.diskProfile = diskProfileByName(this.plan.disk);
    this.clockProfile = clockProfileByName(this.plan.clocks);
    this.hardware = hardwareOf(this.plan.hardware);
    this.board = new StateBoard(this.kernel);
    this.selectors = options.selectors ?? {};
    this.recordCalls = options.recordCalls;
    this.faults = new Faults(this.kernel, this);
    const guards: Watch =
      options.guards === false
        ? { enter: nothing, leave: nothing }
        : new Guard((touched, instead) => this.blame(touched, instead));
    this.network.isStrict = options.isStrict ?? false;
    this.watch = options.isStrict === true ? new Strict(this.kernel, this.host, guards) : guards;
  }

  /** Virtual time, in ms. */
  now(): number {
    return usToMs(this.kernel.now);
  }

  /** Number of events so far. */
  get events(): number {
    return this.kernel.event;
  }

  /** 16 hexadecimal digits that stand for everything that has happened so far. */
  digest(): string {
    return this.kernel.digest.hex();
  }

  /** What ended the run before its time, if anything. */
  get failure(): Failure | undefined {
    return this.kernel.failure;
  }

  /**
   * Add a node; its program starts at once, in an event of its own.
   * @throws PlanError if there is a node of that name, no link could be named by it, or there can
   *   be no such clock, disk or hardware
   */
  addNode(id: string, program: Program, options: NodeOptions = {}): Machine {
    if (id === '' || id.includes('>')) {
      throw new PlanError(`"${id}" is no name for a node: expected some text without ">"`);
    }
    if (this.machines.has(id)) throw new PlanError(`there is a node "${id}" already`);
    const hardware = this.hardwareFor(options);
    const disk = this.diskStore(options.disk ?? id, options, hardware);
    const parts = { disk, clock: this.clockOf(id, options), hardware };
    const machine = new Machine(this.kernel, id, program, options, parts, (life, self) =>
      this.settle(life, self),
    );
    this.machines.set(id, machine);
    machine.recorder = this.recordCalls;
    machine.start();
    return machine;
  }

  /** Crash a node for as long as a fault lasts; others may hold it down as well. */
  holdDown(id: string): void {
    this.machine(id).holds++;
    this.crash(id);
  }

  /** The fault is over: start the node again, unless another one holds it. */
  letUp(id: string): void {
    const machine = this.machine(id);
    if (--machine.holds === 0) machine.start();
  }

  /** The disk of a node. */
  disk(id: string): DiskStore {
    return this.machine(id).disk;
  }

  /**
   * The nodes that a fault means, by now.
   * @throws PlanError if the scenario has no such selector
   */
  resolve(target: NodeTarget): readonly string[] {
    if (isConcrete(target)) return nodesOf(target);
    const all = this.targets();
    if ('label' in target) {
      return all.filter((id) => this.machine(id).labels[target.label] === target.is);
    }
    const selected = this.selectors[target.select]?.();
    const chosen = selected === undefined ? [] : nodesOf(selected);
    return chosen.filter((id) => all.includes(id));
  }

  /** The names that a fault may select. */
  selections(): string[] {
    return Object.keys(this.selectors);
  }

  /** Have a property of the nodes' shown state checked whenever that changes. */
  addInvariant(invariant: Invariant): void {
    this.board.add(invariant);
  }

  /**
   * Let one node call into another as if it were the same process: for testers, which stand beside
   * the nodes. `work` runs in an event of `to`, the promise resolves in one of `from`; with
   * undefined if `to` is down, or crashes before the end of `work`.
   */
  enter<T>(from: string, to: string, work: () => T): Promise<T | undefined> {
    return this.ask(from, to, (done) => done(work()));
  }

  /** The same for work that takes its time: it calls `done`, once, in an event of `to`. */
  ask<T>(
    from: string,
    to: string,
    work: (done: (answer: T) => void) => void,
  ): Promise<T | undefined> {
    const caller = this.machine(from).life;
    const callee = this.machine(to).life;
    if (caller === undefined || callee === undefined) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const died = { ownerDied: (): void => caller.wake(() => resolve(undefined)) };
      const done = (answer: T): void => {
        callee.crashListeners.delete(died);
        caller.wake(() => resolve(answer));
      };
      callee.crashListeners.add(died);
      callee.soon('start', ENTER, () => work(done));
    });
  }

  /**
   * Look at a node after every event of its present life, with all that the event has left to do.
   * What `look` throws ends the run as if the node had thrown it.
   */
  observe(id: string, look: () => void): void {
    const { life } = this.machine(id);
    if (life !== undefined) life.afterwards = look;
  }

  /**
   * Show fields of a node's state that it does not show itself, in an event of that node; see
   * {@link Env.show}.
   */
  show(id: string, fields: Readonly<Record<string, unknown>>): void {
    this.board.show(id, this.machine(id).life?.incarnation ?? 0, fields);
  }

  /** What nodes show of their state at present. */
  get shown(): ShownState {
    return this.board.shown;
  }

  /** The nodes that faults may name. */
  targets(): string[] {
    return this.nodeIds().filter((id) => !this.isImmune(id));
  }

  nodeIds(): string[] {
    return [...this.machines.keys()];
  }

  /** Is this a node that no fault may hit? */
  isImmune(id: string): boolean {
    return this.machines.get(id)?.isImmune === true;
  }

  /** @throws Error if there is no such node */
  machine(id: string): Machine {
    const machine = this.machines.get(id);
    if (machine === undefined) {
      throw new Error(`no node "${id}"; there are ${this.nodeIds().join(', ')}`);
    }
    return machine;
  }

  crash(id: string): void {
    const machine = this.machine(id);
    if (machine.life === undefined) return;
    const { life } = machine;
    const isSelf = this.kernel.current === life;
    this.end(machine, life);
    // A node that crashes itself must not run on.
    if (isSelf) throw CrashSignal.instance;
  }

  /** Its process is gone, by a crash or by an error of that name. */
  private end(machine: Machine, life: Incarnation, error?: string): void {
    this.crashes++;
    this.network.disconnect(machine.id);
    machine.crash(error);
    this.rpc.died(life);
    this.board.forget(machine.id);
  }

  /** {@link Incarnation.endsBy}: nothing of its code is running any more. */
  private exit(machine: Machine, life: Incarnation, error: unknown): boolean {
    const { exitsOn, onExit } = machine.exits;
    if (exitsOn?.(error) !== true) return false;
    this.end(machine, life, describeThrown(error).name);
    onExit?.(error);
    return true;
  }

  restart(id: string): void {
    this.machine(id).start();
  }

  /** Add fault actions to those of the plan. */
  inject(actions: readonly FaultAction[]): void {
    this.faults.schedule(actions);
  }

  /**
   * Begin a fault at once, in the present event; it lasts until it is lifted or the world healed.
   * @throws PlanError if it cannot be carried out, or there was one of that id
   */
  begin(action: FaultAction): void {
    this.faults.begin(action);
  }

  /** End one fault before its time, if it is in force. */
  lift(id: string): void {
    this.faults.lift(id);
  }

  /**
   * End all faults, and start no more of those planned so far.
   * @param core the nodes to which the world is good from now on; the others stand still for ever.
   *   Default: all of them
   */
  heal(core?: readonly string[]): void {
    this.faults.heal();
    if (core === undefined) return;
    for (const id of this.targets()) {
      if (!core.includes(id)) this.machine(id).pause();
    }
  }

  /** The fault actions that have started, with concrete targets. */
  get faultsStarted(): readonly FaultAction[] {
    return this.faults.started;
  }

  /** Ids of actions that found nothing to hit: nobody was selected, a crash point never reached. */
  get unmatchedTargets(): readonly string[] {
    return this.faults.unmatched;
  }

  /** Number of faults that have begun so far. */
  get faultsBegun(): number {
    return this.faults.started.length;
  }

  /** Number of faults that last at present. */
  get faultsInForce(): number {
    return this.faults.inForce;
  }

  probe(name: string): void {
    this.probes.set(name, (this.probes.get(name) ?? 0) + 1);
  }

  /** End the run after the present event. */
  stop(): void {
    this.kernel.stopped = true;
  }

  /**
   * Run until nothing is left to do, a limit is reached, {@link stop} is called or something fails
   * (see {@link failure}). Can be called again to go on.
   * @throws PlanError if the plan names nodes that do not exist
   */
  async run(limits: RunLimits = {}): Promise<void> {
    const untilUs = limits.untilMs === undefined ? Infinity : msToUs(limits.untilMs, 'run until');
    if (!this.hasStarted) {
      this.faults.schedule(this.plan.faults);
      this.hasStarted = true;
    }
    this.kernel.stopped = this.failure !== undefined;
    await this.host.runStarts((reason) => this.strayRejection(reason));
    try {
      const maxEvents = limits.maxEvents ?? Infinity;
      const { yieldEvery = YIELD_EVERY } = limits;
      const steps = { untilUs, maxEvents, yieldEvery };
      this.isLooking = yieldEvery === 1;
      await runSteps(this.kernel, this.host, this.watch, steps);
      // Rejections of the last events are reported by the host in its own turn.
      await new Promise<void>((resolve) => this.host.yield(resolve));
      this.kernel.meter?.reached(this.kernel.now);
    } finally {
      this.host.runEnds();
    }
  }

  private settle(life: Incarnation, machine: Machine): Env {
    this.network.connect(life);
    if (machine.exits.exitsOn !== undefined) {
      life.endsBy = (error) => this.exit(machine, life, error);
    }
    return new NodeEnv(life, {
      network: this.network,
      rpc: this.rpc,
      disk: machine.disk,
      // Not kept: it dies with this life.
      random: this.streams.once(`node/${life.id}/${life.incarnation}`),
      board: this.board,
      buggify: machine.isImmune ? new Buggify() : this.buggify,
      probed: (name) => this.probe(name),
    });
  }

  private clockOf(id: string, options: NodeOptions): Clock {
    const profile = options.clock === undefined ? this.clockProfile : clockProfile(options.clock);
    const isExact = profile.driftPpm === 0 && profile.syncErrorUs === 0;
    return new Clock(profile, isExact ? undefined : this.streams.stream(`clock/${id}`));
  }

  /** Who only watches needs no machine. */
  private hardwareFor({ hardware, isImmune }: NodeOptions): HardwareProfile | undefined {
    if (hardware !== undefined) return hardwareOf(hardware);
    return isImmune === true ? undefined : this.hardware;
  }

  /** A disk that nodes share is that of the machine that was there first. */
  private diskStore(
    name: string,
    { diskProfile: own }: NodeOptions,
    hardware: HardwareProfile | undefined,
  ): DiskStore {
    let disk = this.disks.get(name);
    if (disk === undefined) {
      const profile = own === undefined ? this.diskProfile : diskProfile(own);
      disk = new DiskStore(name, profile, this.streams, hardware, this.kernel.meter);
      this.disks.set(name, disk);
    }
    return disk;
  }

  private strayRejection(reason: unknown): void {
    if (isA(reason, CrashSignal)) return;
    this.hasStrayRejection = true;
    // Between two single steps it can only be the last node entered.
    const { lastEntered } = this.kernel;
    this.kernel.fail('crash', 'stray rejection', reason, this.isLooking ? lastEntered : undefined);
  }

  private blame(touched: string, instead: string): Error {
    const { current, now } = this.kernel;
    const who =
      current === undefined ? 'the scenario' : `node ${current.id}#${current.incarnation}`;
    const error = new LeakError(
      `${who} used ${touched} at ${formatUs(now)}, which differs from run to run; ` +
        `use ${instead} instead`,
    );
    this.kernel.fail('crash', 'leak', error);
    return error;
  }
}

function nothing(): void {}
