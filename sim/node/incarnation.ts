import { hashString } from '../kernel/digest.ts';
import { LeakError } from '../kernel/failure.ts';
import { eventLabel, type EventLabel, type Kernel } from '../kernel/kernel.ts';
import type { Owner } from '../kernel/owner.ts';
import type { SimEvent } from '../kernel/event.ts';
import { formatUs, msToUs } from '../kernel/time.ts';
import type { Timer } from './timer.ts';
import { CrashSignal } from './crash-signal.ts';

const WAKE: EventLabel = eventLabel('wake');

/** Told when an incarnation dies, so that nothing keeps it alive or waits for it in vain. */
export type CrashHook = () => void;

/**
 * One life of a node: from start to crash. Everything a node program does passes through
 * {@link enter}, which is where a crash takes hold.
 */
export class Incarnation implements Owner {
  readonly id: string;
  readonly incarnation: number;
  readonly hash: number;
  readonly synchronous: boolean;
  alive = true;
  queued = 0;
  diedIn = -1;
  readonly kernel: Kernel;
  /** Run once at the crash, in order of registration. */
  readonly crashHooks: Set<CrashHook> = new Set();

  constructor(kernel: Kernel, id: string, incarnation: number, synchronous: boolean) {
    this.kernel = kernel;
    this.id = id;
    this.incarnation = incarnation;
    this.hash = hashString(`${id}#${incarnation}`);
    this.synchronous = synchronous;
  }

  /**
   * The gate of every env call.
   * @throws CrashSignal if this incarnation is dead: the call has no effect
   * @throws LeakError if the call comes from outside the simulation or from another node's event
   */
  enter(call: string): void {
    const { kernel } = this;
    if (!this.alive) {
      if (kernel.event !== this.diedIn) this.leak(call, 'after its crash: a dead node was entered');
      throw CrashSignal.instance;
    }
    if (kernel.current === this && kernel.inStep) return;
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

  /** Run `work` in an event of its own, at once. */
  soon(kind: 'wake' | 'start', label: EventLabel, work: () => void): SimEvent {
    return this.kernel.schedule(kind, this, this.kernel.now, work, label);
  }

  /** Resume a waiting task: the continuation runs in an event of its own. */
  wake(resume: () => void): void {
    this.soon('wake', WAKE, resume);
  }

  /** Run `fn` in an event of its own, after `ms` on this node's clock. */
  timer(ms: number, label: string, fn: () => unknown): Timer {
    const { kernel } = this;
    const at = kernel.now + msToUs(ms, label);
    const event = kernel.schedule('timer', this, at, () => this.watch(fn()), eventLabel(label));
    return {
      cancel: () => {
        this.enter('timer.cancel');
        kernel.cancel(event);
      },
    };
  }

  /**
   * Start a task. Whatever it throws or rejects with ends the run, unless this node has crashed.
   */
  task(name: string, work: () => unknown): void {
    this.soon('start', eventLabel(name), () => this.watch(work()));
  }

  /** Report a rejection of node code with node, incarnation and virtual time. */
  watch(result: unknown): void {
    if (!isPromise(result)) return;
    result.then(undefined, (error: unknown) => this.kernel.thrown(this, error));
  }

  /** The crash itself. Memory goes, pending promises are dropped; only disks survive. */
  die(): void {
    this.kernel.bury(this);
    const hooks = [...this.crashHooks];
    this.crashHooks.clear();
    for (const hook of hooks) hook();
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
