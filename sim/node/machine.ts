import type { ClockProfile } from '../clocks/clock-profile.ts';
import { Clock } from '../clocks/clock.ts';
import type { DiskProfile } from '../disk/disk-profile.ts';
import type { DiskStore } from '../disk/disk-store.ts';
import type { HardwareProfile } from '../hardware/hardware-profile.ts';
import { NodeHardware } from '../hardware/node-hardware.ts';
import { Pace } from '../hardware/pace.ts';
import type { EventLabel } from '../kernel/event.ts';
import { eventLabel, type Kernel } from '../kernel/kernel.ts';
import type { Env, Program } from './env.ts';
import type { CallRecorder, Trap } from './code-point.ts';
import { Incarnation, isPromise } from './incarnation.ts';

const START: EventLabel = eventLabel('start');
const CRASH: EventLabel = eventLabel('crash');
/** What the name of an error follows, of a process that ends by it. */
const EXIT = 'exit by ';
const RESTART: EventLabel = eventLabel('restart');
const PAUSE: EventLabel = eventLabel('pause');
const RESUME: EventLabel = eventLabel('resume');

/** Settings of a node. */
export interface NodeOptions {
  /** Region, zone, rack: faults can target them. */
  readonly labels?: Readonly<Record<string, string>>;
  /** The program leaves no promise behind: it is never drained, which is many times faster. */
  readonly isSynchronous?: boolean;
  /** Faults may not name it: for a tester, which watches and is never harmed. */
  readonly isImmune?: boolean;
  /** Name of its disk; default: its own. Nodes that name the same disk share it. */
  readonly disk?: string;
  /** How its disk behaves; the first node of a disk decides. Default: what the plan says. */
  readonly diskProfile?: DiskProfile;
  /** How wrong its clock is. Default: what the plan's profile of clocks says. */
  readonly clock?: ClockProfile;
  /**
   * Its hardware, by name or as a profile of its own. Default: that of the plan; `ideal` for a node
   * that is immune.
   */
  readonly hardware?: string | HardwareProfile;
  /** It is given messages that were damaged on their way, instead of never seeing them. */
  readonly takesDamaged?: boolean;
  /**
   * Which uncaught errors end its process rather than the run: it crashes where it is, as a server
   * that panics over a failed fsync. Broken invariants, leaks out of the simulation and rejections
   * that nobody handles always end the run. Default: none.
   */
  readonly exitsOn?: (error: unknown) => boolean;
  /** Told of every such end, once the process is gone: for whoever is to start it again. */
  readonly onExit?: (error: unknown) => void;
}

/** What a machine is made of, beside its program. */
export interface Parts {
  readonly disk: DiskStore;
  readonly clock: Clock;
  /** Undefined: ideal. */
  readonly hardware: HardwareProfile | undefined;
}

/** A simulated machine: its program, its disk, and the life it is in. */
export class Machine {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly disk: DiskStore;
  readonly isImmune: boolean;
  readonly takesDamaged: boolean;
  /** See {@link NodeOptions}. */
  readonly exits: Pick<NodeOptions, 'exitsOn' | 'onExit'>;
  readonly clock: Clock;
  /** How many times its time the CPU takes at present, and the network card. */
  readonly cpuPace: Pace = new Pace();
  readonly nicPace: Pace = new Pace();
  /** Undefined: ideal. */
  readonly hardware: HardwareProfile | undefined;
  /** Told of every env call; see {@link CallRecorder}. */
  recorder: CallRecorder | undefined = undefined;
  /** The present life; undefined while the machine is down. */
  life: Incarnation | undefined;
  /** How many faults hold it down. */
  holds = 0;
  /** How many lives it has had. */
  lives = 0;
  private readonly kernel: Kernel;
  private readonly program: Program;
  private readonly isSynchronous: boolean;
  private readonly makeEnv: (life: Incarnation) => Env;
  private readonly onExit: (() => void)[] = [];
  private hasExited = false;
  private readonly traps: Trap[] = [];
  private pauses = 0;
  private readonly slowness: (() => number)[] = [];

  constructor(
    kernel: Kernel,
    id: string,
    program: Program,
    options: NodeOptions,
    parts: Parts,
    makeEnv: (life: Incarnation, machine: Machine) => Env,
  ) {
    this.kernel = kernel;
    this.id = id;
    this.program = program;
    this.isImmune = options.isImmune ?? false;
    this.labels = options.labels ?? {};
    this.takesDamaged = options.takesDamaged ?? false;
    this.exits = options;
    this.isSynchronous = options.isSynchronous ?? false;
    this.disk = parts.disk;
    this.clock = parts.clock;
    this.hardware = parts.hardware;
    this.makeEnv = (life) => makeEnv(life, this);
  }

  /** Begin a new life: the program starts in an event of its own. */
  start(): void {
    if (this.life !== undefined) return;
    const life = new Incarnation(this.kernel, this, ++this.lives, this.isSynchronous);
    this.life = life;
    life.recorder = this.recorder;
    const { hardware } = this;
    if (hardware !== undefined) life.hardware = this.hardwareOf(hardware);
    this.equip(life);
    if (this.pauses > 0) life.readyAt = Infinity;
    if (this.lives > 1) this.kernel.note('restart', this.id, this.lives, RESTART, life.hash);
    const env = this.makeEnv(life);
    life.soon('start', START, () => {
      const result = this.program(env);
      if (isPromise(result)) result.then(() => this.exited(life), ignore);
      else this.exited(life);
      return result;
    });
  }

  /** Stand still until as many {@link resume} calls: events wait, messages pile up. */
  pause(): void {
    if (this.pauses++ > 0) return;
    this.tellLife('pause', PAUSE);
    if (this.life === undefined) return;
    this.life.readyAt = Infinity;
    this.life.letWorkPass(Infinity);
  }

  resume(): void {
    if (--this.pauses > 0) return;
    this.tellLife('resume', RESUME);
    const { life } = this;
    if (life === undefined) return;
    life.readyAt = life.hardware === undefined ? 0 : Math.max(life.heldUs, life.hardware.readyUs);
    this.kernel.callUp(life);
  }

  /** Let every step take time, drawn by `stepUs`, in µs. Returns what ends it. */
  slowDown(stepUs: () => number): () => void {
    this.slowness.push(stepUs);
    if (this.life !== undefined) this.equip(this.life);
    return () => {
      this.slowness.splice(this.slowness.indexOf(stepUs), 1);
      if (this.life !== undefined) this.equip(this.life);
    };
  }

  /** Wait for a place in its code. Returns what takes the trap away. */
  setTrap(trap: Trap): () => void {
    this.traps.push(trap);
    if (this.life !== undefined) this.equip(this.life);
    return () => {
      this.traps.splice(this.traps.indexOf(trap), 1);
      if (this.life !== undefined) this.equip(this.life);
    };
  }

  /** Let the clock run faster or slower; timers that run go on at the new rate. */
  drift(byPpm: number): void {
    const { kernel, life } = this;
    const before = this.clock.rate();
    this.clock.drift(kernel.now, byPpm);
    const after = this.clock.rate();
    if (life !== undefined) kernel.retime(life, (leftUs) => after.toTrueUs(before.toOwnUs(leftUs)));
  }

  /**
   * Lose the memory. The disk stays.
   * @param error name of the error by which the process ends, if it does so by itself
   */
  crash(error?: string): void {
    const { life } = this;
    if (life === undefined) return;
    this.life = undefined;
    const name = error === undefined ? CRASH : eventLabel(`${EXIT}${error}`);
    this.kernel.note('crash', this.id, life.incarnation, name, life.hash);
    life.die();
  }

  /** Call `fn` once the program has returned, in whichever life. */
  whenDone(fn: () => void): void {
    if (this.hasExited) fn();
    else this.onExit.push(fn);
  }

  /** Give a life what faults want of this machine. */
  private equip(life: Incarnation): void {
    const traps = this.traps.filter((trap) => (trap.life ?? life.incarnation) === life.incarnation);
    life.traps = traps.length === 0 ? undefined : traps;
    const isTimed = this.slowness.length > 0 || life.hardware !== undefined;
    life.stepUs = isTimed ? (subject) => this.busyUs(life, subject) : undefined;
  }

  private hardwareOf(profile: HardwareProfile): NodeHardware {
    const { id, cpuPace, nicPace, kernel } = this;
    return new NodeHardware(id, profile, cpuPace, nicPace, kernel.meter);
  }

  /** How long a step that begins keeps the node from taking another, in µs. */
  private busyUs(life: Incarnation, subject: unknown): number {
    const { kernel } = this;
    const { hardware } = life;
    const slowUs = this.slowness.reduce((sum, step) => sum + step(), 0);
    if (hardware === undefined) return slowUs;
    kernel.spentUs += hardware.step(kernel.now, subject, life.takeWaited());
    if (slowUs > 0) life.hold(kernel.now + slowUs);
    return hardware.readyUs - kernel.now;
  }

  private tellLife(kind: 'pause' | 'resume', label: EventLabel): void {
    this.kernel.note(kind, this.id, this.life?.incarnation, label, this.life?.hash ?? 0);
  }

  private exited(life: Incarnation): void {
    if (!life.alive || this.hasExited) return;
    this.hasExited = true;
    for (const fn of this.onExit.splice(0)) fn();
  }
}

/** {@link Incarnation.watch} has reported the rejection already. */
function ignore(): void {}
