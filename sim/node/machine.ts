import type { DiskStore } from '../disk/disk.ts';
import { eventLabel, type EventLabel, type Kernel } from '../kernel/kernel.ts';
import type { Env, Program } from './env.ts';
import { Incarnation, isPromise } from './incarnation.ts';

const START: EventLabel = eventLabel('start');
const CRASH: EventLabel = eventLabel('crash');
const RESTART: EventLabel = eventLabel('restart');

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
}

/** A simulated machine: its program, its disk, and the life it is in. */
export class Machine {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly disk: DiskStore;
  readonly isImmune: boolean;
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

  constructor(
    kernel: Kernel,
    id: string,
    program: Program,
    options: NodeOptions,
    disk: DiskStore,
    makeEnv: (life: Incarnation, machine: Machine) => Env,
  ) {
    this.kernel = kernel;
    this.id = id;
    this.program = program;
    this.isImmune = options.isImmune ?? false;
    this.labels = options.labels ?? {};
    this.isSynchronous = options.isSynchronous ?? false;
    this.disk = disk;
    this.makeEnv = (life) => makeEnv(life, this);
  }

  /** Begin a new life: the program starts in an event of its own. */
  start(): void {
    if (this.life !== undefined) return;
    const life = new Incarnation(this.kernel, this.id, ++this.lives, this.isSynchronous);
    this.life = life;
    if (this.lives > 1) this.kernel.note('restart', this.id, this.lives, RESTART, life.hash);
    const env = this.makeEnv(life);
    life.soon('start', START, () => {
      const result = this.program(env);
      life.watch(result);
      if (isPromise(result)) result.then(() => this.exited(life), ignore);
      else this.exited(life);
    });
  }

  /** Lose the memory. The disk stays. */
  crash(): void {
    const { life } = this;
    if (life === undefined) return;
    this.life = undefined;
    this.kernel.note('crash', this.id, life.incarnation, CRASH, life.hash);
    life.die();
  }

  /** Call `fn` once the program has returned, in whichever life. */
  whenDone(fn: () => void): void {
    if (this.hasExited) fn();
    else this.onExit.push(fn);
  }

  private exited(life: Incarnation): void {
    if (!life.alive || this.hasExited) return;
    this.hasExited = true;
    for (const fn of this.onExit.splice(0)) fn();
  }
}

/** {@link Incarnation.watch} has reported the rejection already. */
function ignore(): void {}
