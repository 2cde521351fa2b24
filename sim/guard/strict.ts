import type { Host, PromiseCount } from '../kernel/host.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Owner } from '../kernel/owner.ts';
import type { Watch } from '../kernel/step-loop.ts';
import { formatUs } from '../kernel/time.ts';

const globals = globalThis as unknown as Record<string, unknown>;
const MICROTASK = 'queueMicrotask';

/**
 * Strict mode: proves what is otherwise believed. A node that is declared synchronous must make no
 * promise and queue no microtask in its events, since nobody would wait for it.
 */
export class Strict implements Watch {
  private readonly kernel: Kernel;
  private readonly host: Host;
  private readonly guards: Watch;
  private promises: PromiseCount | undefined = undefined;
  private readonly queue = globals[MICROTASK];
  private queued = 0;
  private before = 0;

  constructor(kernel: Kernel, host: Host, guards: Watch) {
    this.kernel = kernel;
    this.host = host;
    this.guards = guards;
  }

  enter(): void {
    this.guards.enter();
    this.promises = this.host.countPromises?.();
    const { queue } = this;
    if (typeof queue !== 'function') return;
    globals[MICROTASK] = (...args: unknown[]): unknown => {
      this.queued++;
      return Reflect.apply(queue, undefined, args);
    };
  }

  leave(): void {
    if (this.queue !== undefined) globals[MICROTASK] = this.queue;
    this.promises?.stop();
    this.promises = undefined;
    this.guards.leave();
  }

  /** What others have made does not count. */
  beforeStep(): void {
    this.before = this.made();
  }

  afterSynchronous({ id, incarnation }: Owner): void {
    if (this.made() === this.before) return;
    const { kernel } = this;
    const message =
      `${id}#${incarnation} is declared synchronous, but left a promise or a microtask behind ` +
      `at ${formatUs(kernel.now)}: nobody waits for it; use callbacks, or drop isSynchronous`;
    kernel.fail('crash', 'leak', message);
  }

  private made(): number {
    return (this.promises?.made ?? 0) + this.queued;
  }
}
