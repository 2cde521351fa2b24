import type { Clock } from '../clocks/clock.ts';
import { hashString } from '../kernel/digest.ts';
import { Departure } from '../hardware/departure.ts';
import { Piece, type NodeHardware } from '../hardware/node-hardware.ts';
import { SimEvent, type EventLabel } from '../kernel/event.ts';
import { LeakError } from '../kernel/failure.ts';
import { eventLabel, type Kernel } from '../kernel/kernel.ts';
import type { Owner } from '../kernel/owner.ts';
import type { Link } from '../network/link.ts';
import { formatUs, msToUs } from '../kernel/time.ts';
import type { CallRecorder, Reached, Trap } from './code-point.ts';
import { CrashSignal } from './crash-signal.ts';
import type { Machine } from './machine.ts';
import type { Timer } from './timer.ts';

const WAKE: EventLabel = eventLabel('wake');
const COMPUTE: EventLabel = eventLabel('compute');

/** Told when an incarnation dies, so that nothing keeps it alive or waits for it in vain. */
export interface CrashListener {
  ownerDied(owner: Incarnation): void;
}

/**
 * One life of a node: from start to crash. Everything a node program does passes through
 * {@link enter}, which is where a crash takes hold.
 */
export class Incarnation implements Owner {
  readonly id: string;
  readonly incarnation: number;
  readonly hash: number;
  readonly synchronous: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly takesDamaged: boolean;
  readonly clock: Clock;
  readonly kernel: Kernel;
  alive = true;
  queued = 0;
  diedIn = -1;
  /** When it died, in µs. */
  diedUs: number = Infinity;
  readyAt = 0;
  stepUs: ((subject: unknown) => number) | undefined = undefined;
  /** A step stands still until then, in µs, and no other one runs; the CPU does not mind. */
  heldUs = 0;
  readonly parked: SimEvent[] = [];
  /** Since when they wait; only while metrics are kept. */
  private readonly dueUs: WeakMap<SimEvent, number> | undefined;
  private waitedUs = 0;
  isCalled = false;
  afterwards: (() => void) | undefined = undefined;
  /** What its work takes time on; undefined = ideal hardware. */
  hardware: NodeHardware | undefined = undefined;
  endsBy: ((error: unknown) => boolean) | undefined = undefined;
  /** Told once, at the crash, in order of registration. */
  readonly crashListeners: Set<CrashListener> = new Set();
  /** Wait for it to reach a place in its code; undefined = none, the usual case. */
  traps: readonly Trap[] | undefined = undefined;
  recorder: CallRecorder | undefined = undefined;
  /** The links on which it sends; set by the network. */
  links: Map<string, Link> | undefined = undefined;
  /** Number of env calls so far. */
  calls = 0;

  constructor(kernel: Kernel, machine: Machine, incarnation: number, synchronous: boolean) {
    this.kernel = kernel;
    this.id = machine.id;
    this.incarnation = incarnation;
    this.hash = hashString(`${machine.id}#${incarnation}`);
    this.synchronous = synchronous;
    this.labels = machine.labels;
    this.takesDamaged = machine.takesDamaged;
    this.clock = machine.clock;
    this.dueUs = kernel.meter === undefined ? undefined : new WeakMap();
  }

  /**
   * The gate of every env call. Returns the ordinal of the call, for {@link exit}.
   * @throws CrashSignal if this incarnation is dead, or is to crash here: the call has no effect
   * @throws LeakError if the call comes from outside the simulation or from another node's event
   */
  enter(call: string): number {
    const { kernel } = this;
    if (!this.alive || kernel.current !== this || !kernel.inStep) this.refuse(call);
    const n = ++this.calls;
    if (this.recorder !== undefined) this.recorder(this.id, this.incarnation, call, n);
    if (this.traps !== undefined) this.reach({ call: n, when: 'before' });
    return n;
  }

  /**
   * The effect of an env call is done.
   * @throws CrashSignal if this incarnation is to crash here
   */
  exit(call: number): void {
    if (this.traps !== undefined) this.reach({ call, when: 'after' });
  }

  /** Its code has come to a place where somebody may wait for it. */
  reach(place: Reached): void {
    for (const trap of this.traps ?? []) trap.reached(place);
  }

  /** Run `work` in an event of its own, at once. */
  soon(kind: 'wake' | 'start', label: EventLabel, work: () => unknown): SimEvent {
    return this.kernel.schedule(kind, this, this.kernel.stepNow, work, label);
  }

  /** Resume a waiting task: the continuation runs in an event of its own. */
  wake(resume: () => void): void {
    this.soon('wake', WAKE, resume);
  }

  /** Run `fn` in an event of its own, after `ms` on this node's clock. */
  timer(ms: number, label: EventLabel, fn: () => unknown): Timer {
    const delayUs = this.clock.rate().toTrueUs(msToUs(ms, label.label));
    const { kernel } = this;
    return kernel.schedule('timer', this, kernel.stepNow + delayUs, fn, label);
  }

  /** Run `fn` in an event of its own, once a core has worked on it for `us`. */
  compute(us: number, fn: () => void): void {
    const { kernel, hardware, parked } = this;
    const at = kernel.stepNow;
    if (hardware === undefined) return void kernel.schedule('wake', this, at + us, fn, COMPUTE);
    const piece = new Piece(us, at);
    const event = new SimEvent('wake', this, kernel.event, COMPUTE, 0, undefined, fn, piece);
    this.queued++;
    // Steps that wait were here before, unless it is the node that keeps them waiting.
    const isHeldUp = this.heldUs > kernel.now && hardware.readyUs < this.heldUs;
    if (parked.length === 0 || isHeldUp) return this.begin(event, piece);
    parked.push(event);
    kernel.callUp(this);
  }

  /** The running step stands still until then; so does the node, but not its CPU. */
  waitUntil(untilUs: number): void {
    const { kernel, hardware } = this;
    if (hardware === undefined || untilUs <= kernel.stepNow) return;
    kernel.spentUs = untilUs - kernel.now;
    this.hold(untilUs);
    this.letWorkPass(untilUs);
  }

  /** No step begins until then. */
  hold(untilUs: number): void {
    this.heldUs = Math.max(this.heldUs, untilUs);
    this.readyAt = Math.max(this.readyAt, untilUs);
  }

  /** No step will run until then: work that waits behind steps need not. */
  letWorkPass(untilUs: number): void {
    const { parked, hardware } = this;
    if (hardware === undefined) return;
    const waiting = parked.filter(({ subject }) => subject instanceof Piece && !subject.isBegun);
    for (const event of waiting) {
      if (hardware.readyUs >= untilUs) return;
      parked.splice(parked.indexOf(event), 1);
      this.begin(event, event.subject as Piece);
    }
  }

  /** Who has worked goes on with the core that it has, unless its node stands still. */
  passes({ subject }: SimEvent): boolean {
    if (!(subject instanceof Piece) || !subject.hasCore) return false;
    const { heldUs, readyAt, kernel } = this;
    subject.hasCore = heldUs <= kernel.now && readyAt < Infinity;
    return subject.hasCore;
  }

  park(event: SimEvent): void {
    this.parked.push(event);
    if (this.hardware !== undefined) this.dueUs?.set(event, this.kernel.now);
  }

  nextInLine(): SimEvent | undefined {
    for (;;) {
      const next = this.parked.shift();
      if (!(next?.subject instanceof Piece) || next.subject.isBegun) {
        const { now } = this.kernel;
        if (next !== undefined) this.waitedUs = now - (this.dueUs?.get(next) ?? now);
        return next;
      }
      this.begin(next, next.subject);
      if (this.readyAt > this.kernel.now) return undefined;
    }
  }

  /** How long the step that now begins has been due, in µs; 0 unless somebody measures. */
  takeWaited(): number {
    const { waitedUs } = this;
    this.waitedUs = 0;
    return waitedUs;
  }

  /** A message of so many bytes queues up for the network. */
  depart(bytes: number): Departure | undefined {
    const { hardware, kernel } = this;
    if (hardware === undefined) return undefined;
    const sendingUs = hardware.sendingUs(bytes);
    return new Departure(this, hardware.send(kernel.stepNow, sendingUs), sendingUs);
  }

  /** A piece of work has its turn: its event is that of its end. */
  private begin(event: SimEvent, piece: Piece): void {
    const { kernel } = this;
    const hardware = this.hardware as NodeHardware;
    kernel.enqueue(event, hardware.begin(piece, kernel.now));
    this.readyAt = Math.max(this.readyAt, hardware.readyUs);
  }

  /** {@link Timer.cancel} of one of its timers. */
  cancel(event: SimEvent): void {
    const call = this.enter('timer.cancel');
    this.kernel.cancel(event);
    this.exit(call);
  }

  /**
   * Start a task. Whatever it throws or rejects with ends the run, unless this node has crashed.
   */
  task(name: string, work: () => unknown): void {
    this.soon('start', eventLabel(name), work);
  }

  /** Report a rejection of node code with node, incarnation and virtual time. */
  watch(result: unknown): void {
    if (!isPromise(result)) return;
    result.then(undefined, (error: unknown) => this.kernel.thrown(this, error));
  }

  /** The crash itself. Memory goes, pending promises are dropped; only disks survive. */
  die(): void {
    this.diedUs = this.kernel.now;
    this.kernel.bury(this);
    this.hardware?.drop();
    const listeners = [...this.crashListeners];
    this.crashListeners.clear();
    for (const listener of listeners) listener.ownerDied(this);
  }

  private refuse(call: string): never {
    const { kernel } = this;
    if (!this.alive) {
      if (kernel.event !== this.diedIn) this.leak(call, 'after its crash: a dead node was entered');
      throw CrashSignal.instance;
    }
    if (!kernel.inStep) {
      throw this.leak(
        call,
        "outside of any event: it awaited something that is not the simulator's " +
          '(a timer, a file or a promise of the host)',
      );
    }
    const other = kernel.current === undefined ? 'the world' : `node ${kernel.current.id}`;
    throw this.leak(call, `in an event of ${other}: nodes must share nothing but messages`);
  }

  private leak(call: string, what: string): LeakError {
    const { kernel } = this;
    const error = new LeakError(
      `${this.id}#${this.incarnation} called env.${call} at ${formatUs(kernel.now)} ${what}`,
    );
    kernel.fail('crash', 'leak', error, this);
    return error;
  }
}

export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}
