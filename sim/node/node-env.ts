import { Disk } from '../disk/disk.ts';
import type { DiskStore } from '../disk/disk-store.ts';
import type { Buggify } from '../faults/buggify.ts';
import type { EventLabel } from '../kernel/event.ts';
import { eventLabel } from '../kernel/kernel.ts';
import { msToUs, usToMs } from '../kernel/time.ts';
import type { Network } from '../network/network.ts';
import type { Rpc } from '../network/rpc.ts';
import type { Random } from '../random/random.ts';
import { Channel, selectFrom, type Received } from './channel.ts';
import type {
  CallHandler,
  CallOptions,
  Env,
  Interval,
  MessageHandler,
  Peer,
  SendOptions,
} from './env.ts';
import type { Timer } from './timer.ts';
import type { Incarnation } from './incarnation.ts';
import { Condition, Mutex } from './mutex.ts';
import type { StateBoard } from './state-board.ts';
import { WaitGroup } from './wait-group.ts';

const SLEEP: EventLabel = eventLabel('sleep');
const TIMER: EventLabel = eventLabel('timer');

/** What surrounds a node: handed to its env by the world. */
export interface Surroundings {
  readonly network: Network;
  readonly rpc: Rpc;
  readonly disk: DiskStore;
  readonly random: Random;
  readonly board: StateBoard;
  readonly buggify: Buggify;
  /** Called for every probe of a node program. */
  probed(name: string): void;
}

/** {@link Env} of one incarnation. Every method passes the gate {@link Incarnation.enter} first. */
export class NodeEnv implements Env {
  readonly id: string;
  readonly incarnation: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly random: Random;
  readonly disk: Disk;
  private readonly self: Incarnation;
  private readonly around: Surroundings;

  constructor(self: Incarnation, around: Surroundings) {
    this.self = self;
    this.around = around;
    this.id = self.id;
    this.incarnation = self.incarnation;
    this.labels = self.labels;
    this.random = around.random;
    this.disk = new Disk(self, around.disk);
  }

  now(): number {
    this.self.enter('now');
    return usToMs(this.self.clock.read(this.self.kernel.stepNow));
  }

  monotonic(): number {
    this.self.enter('monotonic');
    return usToMs(this.self.clock.elapsed(this.self.kernel.stepNow));
  }

  interval(): Interval {
    this.self.enter('interval');
    const { clock, kernel } = this.self;
    const own = clock.read(kernel.stepNow);
    const off = clock.uncertaintyUs(kernel.stepNow);
    return { earliest: usToMs(own - off), latest: usToMs(own + off) };
  }

  sleep(ms: number): Promise<void> {
    const call = this.self.enter('sleep');
    const promise = new Promise<void>((resolve) => void this.self.timer(ms, SLEEP, resolve));
    this.self.exit(call);
    return promise;
  }

  setTimer(ms: number, fn: () => void | Promise<void>): Timer {
    const call = this.self.enter('setTimer');
    const timer = this.self.timer(ms, TIMER, fn);
    this.self.exit(call);
    return timer;
  }

  compute(ms: number): Promise<void> {
    const call = this.self.enter('compute');
    const us = msToUs(ms, 'compute');
    const promise = new Promise<void>((resolve) => this.self.compute(us, resolve));
    this.self.exit(call);
    return promise;
  }

  work(ms: number, done: () => void): void {
    const call = this.self.enter('work');
    this.self.compute(msToUs(ms, 'work'), done);
    this.self.exit(call);
  }

  send(to: string, type: string, payload: unknown, options?: SendOptions): void {
    const call = this.self.enter('send');
    this.around.network.send(this.self, to, type, payload, options?.bytes);
    this.self.exit(call);
  }

  call(to: string, method: string, args: unknown, options?: CallOptions): Promise<unknown> {
    const call = this.self.enter('call');
    let resolve!: (reply: unknown) => void;
    const reply = new Promise<unknown>((settle) => (resolve = settle));
    this.around.rpc.call(this.self, to, method, args, options, resolve);
    this.self.exit(call);
    return reply;
  }

  request(
    to: string,
    method: string,
    args: unknown,
    done: (reply: unknown) => void,
    options?: CallOptions,
  ): void {
    const call = this.self.enter('request');
    this.around.rpc.call(this.self, to, method, args, options, done);
    this.self.exit(call);
  }

  peer(id: string): Peer {
    return {
      id,
      call: (method, args, options) => this.call(id, method, args, options),
      request: (method, args, done, options) => this.request(id, method, args, done, options),
    };
  }

  serve(handlers: Readonly<Record<string, CallHandler>>): void {
    const call = this.self.enter('serve');
    this.around.rpc.serve(this.self, handlers);
    this.self.exit(call);
  }

  receive(handlers: Readonly<Record<string, MessageHandler>>): void {
    const call = this.self.enter('receive');
    this.around.network.receive(this.self, handlers);
    this.self.exit(call);
  }

  spawn(name: string, fn: () => void | Promise<void>): void {
    const call = this.self.enter('spawn');
    this.self.task(name, fn);
    this.self.exit(call);
  }

  channel<T>(capacity: number = 0): Channel<T> {
    this.self.enter('channel');
    return new Channel<T>(this.self, capacity);
  }

  select<T>(
    channels: readonly Channel<T>[],
    timeoutMs?: number,
  ): Promise<Received<T> & { readonly channel?: Channel<T> }> {
    return selectFrom(this.self, channels, timeoutMs);
  }

  mutex(): Mutex {
    this.self.enter('mutex');
    return new Mutex(this.self);
  }

  condition(mutex: Mutex): Condition {
    this.self.enter('condition');
    return new Condition(this.self, mutex);
  }

  waitGroup(): WaitGroup {
    this.self.enter('waitGroup');
    return new WaitGroup(this.self);
  }

  count(name: string, by: number = 1): void {
    const call = this.self.enter('count');
    if (!Number.isSafeInteger(by) || by < 0) {
      throw new RangeError(`count "${name}": expected a whole number from 0, got ${by}`);
    }
    this.self.kernel.meter?.count('program', name, this.id, '', by);
    this.self.exit(call);
  }

  measure(name: string, value: number): void {
    const call = this.self.enter('measure');
    const rounded = Math.round(value);
    if (!Number.isSafeInteger(rounded) || value < 0) {
      throw new RangeError(`measure "${name}": expected a number from 0, got ${value}`);
    }
    this.self.kernel.meter?.measure('program', name, this.id, '', rounded);
    this.self.exit(call);
  }

  log(text: string): void {
    const call = this.self.enter('log');
    const { id, incarnation, kernel } = this.self;
    kernel.tell({ kind: 'log', node: id, incarnation, label: 'log', text });
    this.self.exit(call);
  }

  probe(name: string): void {
    const call = this.self.enter('probe');
    const { id, incarnation, kernel } = this.self;
    kernel.tell({ kind: 'probe', node: id, incarnation, label: name });
    this.around.probed(name);
    this.self.exit(call);
  }

  show(fields: Readonly<Record<string, unknown>>): void {
    const call = this.self.enter('show');
    this.around.board.show(this.id, this.incarnation, fields);
    this.self.exit(call);
  }

  point(name: string): void {
    const call = this.self.enter('point');
    this.self.reach({ point: name });
    this.self.exit(call);
  }

  buggify(name: string): boolean {
    const call = this.self.enter('buggify');
    const isFiring = this.around.buggify.fires(name, this.id);
    this.self.exit(call);
    return isFiring;
  }
}
