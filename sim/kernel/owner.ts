import type { SimEvent } from './event.ts';

/**
 * Whose code an event enters: one incarnation of one node, as far as the kernel needs to know it.
 * A restart makes a new owner; events of a dead one are dropped unseen.
 */
export interface Owner {
  readonly id: string;
  readonly incarnation: number;
  /** Hash of id and incarnation, for the digest. */
  readonly hash: number;
  /** Declared synchronous: its code leaves no microtask behind and is never drained. */
  readonly synchronous: boolean;
  alive: boolean;
  /** Its events in the queue that will still run; lets the kernel see when dead ones fill it. */
  queued: number;
  /** Number of the event in which it died; -1 while alive. */
  diedIn: number;
  /** Its events before this time, in µs, have to wait: it is busy, or (Infinity) paused. */
  readyAt: number;
  /** How long the next step keeps it busy, in µs; undefined = no time at all, as usual. */
  stepUs: ((subject: unknown) => number) | undefined;
  /** Events that wait until it is ready, in the order in which it takes them. */
  readonly parked: SimEvent[];
  /** Let an event that is due wait behind those. */
  park(event: SimEvent): void;
  /** Does it run at once, although others wait? */
  passes(event: SimEvent): boolean;
  /** Take the first of them that is to run now out of the line, if there is one. */
  nextInLine(): SimEvent | undefined;
  /** Its own code takes an event back. */
  cancel(event: SimEvent): void;
  /** Called when an event of it is over, with all its microtasks; undefined = nobody looks. */
  afterwards: (() => void) | undefined;
  /** It will be called to those that wait: the queue holds an entry for that. */
  isCalled: boolean;
  /** Report a rejection of its code, if that is what `result` will come to. */
  watch(result: unknown): void;
  /**
   * Told of an error that has left its code. True = its process has ended by it, and it is dead;
   * otherwise, and if nobody is to be told, the run ends by it.
   */
  endsBy?: ((error: unknown) => boolean) | undefined;
}
