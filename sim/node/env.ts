import type { Random } from '../random/random.ts';
import type { Disk } from '../disk/disk.ts';
import type { Channel, Received } from './channel.ts';
import type { Condition, Mutex } from './mutex.ts';
import type { Timer } from './timer.ts';
import type { WaitGroup } from './wait-group.ts';

/** A stretch of time in which an instant lies, in ms. */
export interface Interval {
  readonly earliest: number;
  readonly latest: number;
}

/** A node program: called once for each incarnation, with everything the node may touch. */
export type Program = (env: Env) => void | Promise<void>;

/** Handles one RPC method. The reply is copied; a promise or a LaterReply takes its time. */
export type CallHandler = (args: never, from: string) => unknown;

/** Handles one type of one-way message. */
export type MessageHandler = (payload: never, from: string) => void | Promise<void>;

export interface SendOptions {
  /**
   * Size of what it stands for, on top of what it carries: bytes without content, that are counted
   * and take their time on network cards as one piece. Default: 0.
   */
  readonly bytes?: number;
}

export interface CallOptions extends SendOptions {
  /**
   * Give up after this many ms and answer undefined. Default: what the network profile says; under
   * the lab profiles a call waits until the network itself reports success or failure.
   */
  readonly timeoutMs?: number;
}

/** Somebody to call: the labs' ClientEnd. */
export interface Peer {
  readonly id: string;
  /**
   * Send a request and wait for the reply. Undefined = it failed (labrpc's false): the request may
   * or may not have been executed.
   */
  call(method: string, args: unknown, options?: CallOptions): Promise<unknown>;
  /**
   * The same for nodes without promises: `done` is called with what {@link call} resolves with, in
   * an event of its own.
   */
  request(
    method: string,
    args: unknown,
    done: (reply: unknown) => void,
    options?: CallOptions,
  ): void;
}

/**
 * The whole world of a node program. Identity comes from this object and nothing else; a node that
 * touches clocks, timers or randomness of the host fails with a {@link LeakError}.
 *
 * Every call throws the crash signal once this incarnation has crashed, and has no effect.
 */
export interface Env {
  /** Name of this node, and which life of it this is (from 1). */
  readonly id: string;
  readonly incarnation: number;
  /** Labels of the machine: region, zone, rack. */
  readonly labels: Readonly<Record<string, string>>;
  /** This node's own stream of randomness: `node/<id>/<incarnation>`. */
  readonly random: Random;
  /** The disk: what is saved or synced survives crashes. */
  readonly disk: Disk;

  /**
   * What this node's own clock shows, in ms: virtual time since the start of the run, unless a
   * fault has set the clock off.
   */
  now(): number;
  /**
   * Time that has passed on this node's clock since the start of the run, in ms. As with the
   * monotonic clock of a real machine nothing sets it; it runs too fast or too slow as the clock
   * does. For deadlines; timers elapse by it.
   */
  monotonic(): number;
  /**
   * Between which times it is now, in ms, by the bound that this node's clock states: TT.now() of
   * Spanner (OSDI 2012, §3). The true virtual time is in it, both ends included, unless a fault has
   * broken the bound.
   */
  interval(): Interval;
  /** Wait, on this node's own clock. Resolves in an event of its own. */
  sleep(ms: number): Promise<void>;
  /** Call `fn` in an event of its own, after `ms`. */
  setTimer(ms: number, fn: () => void | Promise<void>): Timer;
  /**
   * Let the CPU work for so long, behind whatever it has to do already, steps of this node among
   * it. Resolves in an event of its own. True time: a clock that is wrong does not change it. Under
   * ideal hardware there is always a core that has nothing else to do.
   */
  compute(ms: number): Promise<void>;
  /** The same for nodes without promises. */
  work(ms: number, done: () => void): void;

  /** Send a one-way message. It may be lost. */
  send(to: string, type: string, payload: unknown, options?: SendOptions): void;
  /** Send a request, wait for the reply; see {@link Peer.call}. */
  call(to: string, method: string, args: unknown, options?: CallOptions): Promise<unknown>;
  /** The same for nodes without promises; see {@link Peer.request}. */
  request(
    to: string,
    method: string,
    args: unknown,
    done: (reply: unknown) => void,
    options?: CallOptions,
  ): void;
  /** The same as an object to hand on. */
  peer(id: string): Peer;
  /** Answer RPCs. Handlers of one node interleave wherever they await. */
  serve(handlers: Readonly<Record<string, CallHandler>>): void;
  /** Receive one-way messages. */
  receive(handlers: Readonly<Record<string, MessageHandler>>): void;

  /** Start a task of this node (the labs' goroutine). It starts in an event of its own. */
  spawn(name: string, fn: () => void | Promise<void>): void;
  /** A channel within this node; capacity 0 = a sender waits for its receiver. */
  channel<T>(capacity?: number): Channel<T>;
  /** Wait for the first of several channels; `timeoutMs` absent = for ever. */
  select<T>(
    channels: readonly Channel<T>[],
    timeoutMs?: number,
  ): Promise<Received<T> & { readonly channel?: Channel<T> }>;
  mutex(): Mutex;
  condition(mutex: Mutex): Condition;
  waitGroup(): WaitGroup;

  /**
   * Count something for `--metrics`; no effect on the run.
   * @param by a whole number from 0; default 1
   * @throws RangeError if it is none
   */
  count(name: string, by?: number): void;
  /**
   * Tell `--metrics` how large something is, or how long it took; no effect on the run. Fractions
   * are rounded: measure in units that are small enough, such as bytes and µs.
   * @param value from 0
   * @throws RangeError if it is less, or no number
   */
  measure(name: string, value: number): void;
  /** Words for the trace; no effect on the run. */
  log(text: string): void;
  /** Say that something noteworthy happened; scenarios count on some of them. */
  probe(name: string): void;
  /**
   * Show part of this node's state, under the paper's names: `env.show({ term, role: 'leader' })`.
   * Fields stay until they are shown with another value, or the node crashes. Traces display them,
   * and invariants are called when the fields that they watch change.
   */
  show(fields: Readonly<Record<string, unknown>>): void;
  /** A place where a plan may crash this node, by name; every env call is one, by ordinal. */
  point(name: string): void;
  /**
   * Shall something unusual, but allowed, happen here? False, unless a fault of kind `buggify` is
   * in force: then each name is active in one run of four, and fires one time in four.
   */
  buggify(name: string): boolean;
}
