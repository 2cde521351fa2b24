import type { Host } from './host.ts';
import type { Kernel } from './kernel.ts';
import type { Owner } from './owner.ts';
import { describeThrown, isA } from './thrown.ts';

/** More events than this at one instant end the run: "time stands still". */
export const MAX_EVENTS_AT_ONE_INSTANT = 1_000_000;

/** What is switched on while node code may run, and off while the host has its turn. */
export interface Watch {
  enter(): void;
  leave(): void;
  /** Strict mode: an event is about to run; it has entered a synchronous node, and left it. */
  beforeStep?(): void;
  afterSynchronous?(owner: Owner): void;
}

/** When a run ends, besides a failure, {@link Kernel.stopped} and an empty queue. */
export interface Limits {
  /** Virtual time, in µs: events later than this stay in the queue. */
  readonly untilUs: number;
  /** Number of events in all. */
  readonly maxEvents: number;
  /** Events between two macrotasks of the host; {@link YIELD_EVERY} unless somebody is looking. */
  readonly yieldEvery: number;
}

/**
 * Run events one by one until nothing is left or a limit is reached. The loop is synchronous; it
 * hands control to the host only to drain the microtasks of asynchronous node code, and for one
 * macrotask every `yieldEvery` events.
 */
export function runSteps(kernel: Kernel, host: Host, watch: Watch, limits: Limits): Promise<void> {
  return new Promise((resolve, reject) => {
    let sinceYield = 0;
    let instant = -1;
    let atInstant = 0;

    const end = (error?: unknown): void => {
      kernel.leave();
      watch.leave();
      if (error === undefined) resolve();
      else reject(isA(error, Error) ? error : new Error(describeThrown(error).message));
    };

    const enterTurn = (): void => {
      watch.enter();
      turn();
    };

    /** Runs events until one of them needs the host. The previous event is fully drained here. */
    const turn = (): void => {
      try {
        kernel.drained();
        for (;;) {
          kernel.leave();
          if (kernel.stopped) return end();
          if (sinceYield >= limits.yieldEvery) {
            sinceYield = 0;
            watch.leave();
            return host.yield(enterTurn);
          }
          const at = kernel.queue.nextTime;
          if (at > limits.untilUs) {
            // With nothing left to happen, the clock stays where it is: that is no time-out.
            if (at < Infinity) kernel.now = Math.max(kernel.now, limits.untilUs);
            return end();
          }
          // Looked at before the event leaves the queue: put back, it would lose its place.
          if (kernel.event >= limits.maxEvents) return end();
          let event = kernel.queue.pop();
          if (event === undefined) return end();
          if (!kernel.isLive(event)) {
            kernel.dropped();
            continue;
          }
          if (hasToWait(event.owner, at)) {
            event = kernel.takeTurn(event, at);
            if (event === undefined) continue;
          }
          sinceYield++;
          atInstant = at === instant ? atInstant + 1 : 1;
          instant = at;
          watch.beforeStep?.();
          kernel.step(event, at);
          const entered = kernel.current;
          if (atInstant > MAX_EVENTS_AT_ONE_INSTANT) {
            kernel.fail('violation', 'time stands still', standsStill(entered?.id));
          }
          if (entered === undefined) continue;
          if (!entered.synchronous) return host.drain(turn);
          watch.afterSynchronous?.(entered);
        }
      } catch (error) {
        end(error);
      }
    };

    host.yield(enterTurn);
  });
}

/** Is this owner busy or paused, or are there others before? */
function hasToWait(owner: Owner | undefined, at: number): boolean {
  return owner !== undefined && (owner.readyAt > at || owner.isCalled);
}

function standsStill(node: string | undefined): string {
  return (
    `time stands still: more than ${MAX_EVENTS_AT_ONE_INSTANT} events at one instant, ` +
    `the last of them in ${node === undefined ? 'the world itself' : `node ${node}`}`
  );
}
