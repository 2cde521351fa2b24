import type { Meter } from '../metrics/meter.ts';
import type { TraceRecord, TraceSink } from '../trace/trace.ts';
import { Digest, hashString } from './digest.ts';
import { EventQueue } from './event-queue.ts';
import {
  kindNumber,
  SimEvent,
  type EventDetail,
  type EventKindName,
  type EventLabel,
  type Work,
} from './event.ts';
import { InvariantViolation, LeakError, type Failure } from './failure.ts';
import type { Owner } from './owner.ts';
import { describeThrown, isA } from './thrown.ts';

/**
 * How events at one instant are ordered: a 32-bit number for an event of this node, link or fault.
 * It must draw from a stream of that name, so that no event shifts the order among others.
 */
export type TieBreak = (place: string) => number;

/** Told whose code is about to run, so that a watchdog can name the node that never comes back. */
export type Monitor = (
  owner: Pick<Owner, 'id' | 'incarnation'>,
  timeUs: number,
  event: number,
) => void;

export interface KernelOptions {
  readonly trace?: TraceSink | undefined;
  readonly meter?: Meter | undefined;
  /** Default: events at one instant run in the order in which they were scheduled. */
  readonly tieBreak?: TieBreak | undefined;
  readonly monitor?: Monitor | undefined;
}

const NO_LABEL: EventLabel = { label: '', labelHash: 0 };
const NO_DETAIL: EventDetail = {};

/** The work of an entry of the queue that is no event: it calls an owner to those that wait. */
const CALL = (): void => {};

/** Labels made from data (a name with a number in it) must not fill the memory. */
const MAX_KEPT_LABELS = 4096;

/** Dead or cancelled events are swept from the queue when they outnumber this and the living. */
const SWEEP_MINIMUM = 1024;

/**
 * The core of the simulation: the clock, the queue, the digest and the trace. It knows owners, but
 * neither networks nor disks nor protocols.
 */
export class Kernel {
  /** Virtual time, in µs. */
  now = 0;
  /** How far the running step has come since it began, in µs: 0 unless hardware takes time. */
  spentUs = 0;
  /** Number of the event that runs, counted from 1; 0 during set-up. */
  event = 0;
  /** Whose code the running event entered. */
  current: Owner | undefined = undefined;
  /** Whose code runs on until it is drained, if somebody looks at it then. */
  private observed: Owner | undefined = undefined;
  /** Whose code an event entered last. */
  lastEntered: Owner | undefined = undefined;
  /** True from the start of an event to the end of its drain. */
  inStep = false;
  /** Set once something went wrong, or the run was told to stop. */
  stopped = false;
  failure: Failure | undefined = undefined;

  readonly digest: Digest = new Digest();
  readonly queue: EventQueue<SimEvent> = new EventQueue();
  trace: TraceSink | undefined;
  /** Told figures that no trace tells. None while metrics are off. */
  readonly meter: Meter | undefined;
  private readonly tieBreak: TieBreak | undefined;
  private readonly monitor: Monitor | undefined;
  private garbage = 0;

  constructor(options: KernelOptions = {}) {
    this.trace = options.trace;
    this.meter = options.meter;
    this.tieBreak = options.tieBreak;
    this.monitor = options.monitor;
  }

  /**
   * Put an event on the queue. `at` is absolute virtual time in µs. Nothing is queued for the dead.
   * @throws RangeError if `at` is before now, or no time at all
   */
  schedule<S = undefined>(
    kind: EventKindName,
    owner: Owner | undefined,
    at: number,
    run: Work<S>,
    name: EventLabel = NO_LABEL,
    payloadHash: number = 0,
    detail?: EventDetail,
    subject?: S,
  ): SimEvent {
    if (!(at >= this.now && at < Infinity)) {
      throw new RangeError(`schedule: expected a time from ${this.now} µs, got ${at}`);
    }
    const work = run as Work<unknown>;
    const event = new SimEvent(kind, owner, this.event, name, payloadHash, detail, work, subject);
    if (owner !== undefined) {
      if (!owner.alive) return event;
      owner.queued++;
    }
    this.enqueue(event, at);
    return event;
  }

  /** The time that the running step has come to: when what it does now takes effect. */
  get stepNow(): number {
    return this.now + this.spentUs;
  }

  /** Put an event of a living owner on the queue, which was kept from it so far. */
  enqueue(event: SimEvent, at: number): void {
    this.queue.push(at, this.tieBreak === undefined ? undefined : this.drawTie(event), event);
  }

  /** Take back an event that has not run. Cancelling twice, or too late, does nothing. */
  cancel(event: SimEvent): void {
    const { owner } = event;
    if (event.run === undefined) return;
    event.run = undefined;
    // Those of a dead owner have been counted at its burial.
    if (owner?.alive === false) return;
    if (owner !== undefined) owner.queued--;
    if (owner?.parked.includes(event) === true) owner.parked.splice(owner.parked.indexOf(event), 1);
    else this.discarded(1);
  }

  /** An owner died: its events will never run. The kernel lets go of them when they are many. */
  bury(owner: Owner): void {
    owner.alive = false;
    owner.diedIn = this.event;
    this.discarded(owner.queued - owner.parked.length);
    owner.parked.length = 0;
    owner.queued = 0;
  }

  /**
   * Run one event in the mode of a step: account for it, then enter it. Errors that leave the code
   * of a node become the failure of the run; errors of the world itself are thrown on.
   */
  step(event: SimEvent, at: number): void {
    this.now = at;
    this.spentUs = 0;
    this.event++;
    const owner = event.owner;
    this.current = owner;
    this.inStep = true;
    this.digest.event(
      at,
      kindNumber(event.kind),
      owner === undefined ? 0 : owner.hash,
      event.name.labelHash,
      event.payloadHash,
    );
    if (this.trace !== undefined) this.traceEvent(this.trace, event);
    const run = event.run as Work<unknown>;
    event.run = undefined;
    if (owner === undefined) {
      run(event.subject);
      return;
    }
    owner.queued--;
    this.guarded(owner, run, event.subject);
  }

  /**
   * Within an event of the world, enter a node: a message finds out only on arrival which
   * incarnation receives it. One that is busy or paused takes it later, in an event of its own.
   */
  enter<S>(owner: Owner, name: EventLabel, run: Work<S>, subject: S): void {
    if (owner.readyAt > this.now || owner.isCalled) {
      this.schedule('wake', owner, this.now, run, name, 0, undefined, subject);
      return;
    }
    this.current = owner;
    this.digest.mix(owner.hash);
    this.trace?.entered(owner.incarnation);
    this.guarded(owner, run as Work<unknown>, subject);
  }

  private guarded(owner: Owner, run: Work<unknown>, subject: unknown): void {
    this.lastEntered = owner;
    this.monitor?.(owner, this.now, this.event);
    if (owner.stepUs !== undefined) {
      // The call may move the time itself: first that, and then the look at it.
      const busyUntil = this.now + owner.stepUs(subject);
      owner.readyAt = Math.max(owner.readyAt, busyUntil);
    }
    try {
      const result = run(subject);
      if (result !== undefined) owner.watch(result);
      if (owner.afterwards !== undefined) this.lookAfter(owner);
    } catch (error) {
      this.thrown(owner, error);
    }
  }

  /** No event is running. */
  leave(): void {
    this.inStep = false;
    this.current = undefined;
  }

  /** The microtasks of the last event have run: whoever looks at its owner may do so now. */
  drained(): void {
    const owner = this.observed;
    this.observed = undefined;
    if (owner === undefined || !owner.alive) return;
    try {
      owner.afterwards?.();
    } catch (error) {
      this.thrown(owner, error);
    }
  }

  /** Synchronous code is done by now; other code once it has been drained. */
  private lookAfter(owner: Owner): void {
    if (!owner.synchronous) this.observed = owner;
    else if (owner.alive) owner.afterwards?.();
  }

  /**
   * An event of an owner that is busy or paused, or has others waiting: it queues up behind them.
   * Returns the one whose turn it is, if the owner is ready.
   */
  takeTurn(event: SimEvent, at: number): SimEvent | undefined {
    this.now = at;
    const owner = event.owner as Owner;
    if (event.run === CALL) {
      owner.queued--;
      owner.isCalled = false;
    } else if (owner.passes(event)) {
      return event;
    } else {
      owner.park(event);
    }
    const next = owner.readyAt > at ? undefined : owner.nextInLine();
    this.callUp(owner);
    return next;
  }

  /** Let an owner take what waits for it as soon as it is ready. */
  callUp(owner: Owner): void {
    if (owner.parked.length === 0 || owner.isCalled || owner.readyAt === Infinity) return;
    owner.isCalled = true;
    owner.queued++;
    const at = Math.max(this.now, owner.readyAt);
    const call = new SimEvent('wake', owner, this.event, NO_LABEL, 0, undefined, CALL, undefined);
    this.queue.push(at, undefined, call);
  }

  /** The rate of a clock has changed: `convert` what is left of each timer, in µs. */
  retime(owner: Owner, convert: (leftUs: number) => number): void {
    const { now } = this;
    this.queue.retime((event, at) =>
      event.owner === owner && event.kind === 'timer' ? now + convert(at - now) : at,
    );
  }

  private drawTie({ owner, name }: SimEvent): number | undefined {
    return this.tieBreak?.(owner?.id ?? name.place ?? name.label);
  }

  /** Does this event still concern anybody? */
  isLive(event: SimEvent): boolean {
    return event.run !== undefined && (event.owner === undefined || event.owner.alive);
  }

  /** A dead or cancelled event has left the queue: keep the books. */
  dropped(): void {
    this.garbage--;
  }

  /**
   * Something within the running event that is part of the run's identity: folded into the digest
   * and, if there is a trace, told there.
   */
  note(
    kind: TraceRecord['kind'],
    node: string | undefined,
    incarnation: number | undefined,
    name: EventLabel,
    hash: number,
    more?: EventDetail,
  ): void {
    this.digest.mix(Math.imul(name.labelHash, 0x9e3779b1) ^ hash);
    if (this.trace === undefined) return;
    const { from, to, n, payload } = more ?? NO_DETAIL;
    this.tell({ kind, node, incarnation, label: name.label, from, to, n, payload });
  }

  /** Words for the trace alone; never part of the digest. */
  tell(record: Omit<TraceRecord, 'event' | 'cause' | 'timeUs'>): void {
    if (this.trace === undefined) return;
    const { event, now } = this;
    const { kind, node, incarnation, label, from, to, n, payload, text } = record;
    // Field by field, so that all records have one shape: spreading costs more than recording.
    this.trace.record({
      event,
      cause: event,
      timeUs: now,
      kind,
      node,
      incarnation,
      label,
      from,
      to,
      n,
      payload,
      text,
    });
  }

  /**
   * Node code threw or rejected. Unwinding of a crash is no offence, and a process may end by an
   * error of its own; what the world has to say of it is never that.
   */
  thrown(owner: Owner | undefined, error: unknown): void {
    if (owner !== undefined && !owner.alive) return;
    if (isA(error, InvariantViolation)) this.fail('violation', error.rule, error, owner);
    else if (isA(error, LeakError)) this.fail('crash', 'leak', error, owner);
    else if (owner?.endsBy?.(error) !== true) this.fail('crash', 'uncaught error', error, owner);
  }

  /** End the run with a failure. The first one counts. */
  fail(
    kind: Failure['kind'],
    rule: string,
    reason: unknown,
    owner: Owner | undefined = this.current,
  ): void {
    this.stopped = true;
    if (this.failure !== undefined) return;
    this.failure = {
      kind,
      rule,
      message: messageOf(rule, reason),
      node: owner?.id,
      incarnation: owner?.incarnation,
      timeUs: this.now,
      event: this.event,
      stack: describeThrown(reason).stack,
    };
  }

  private discarded(events: number): void {
    this.garbage += events;
    if (this.garbage < SWEEP_MINIMUM || this.garbage * 2 < this.queue.size) return;
    this.queue.compact((event) => {
      if (this.isLive(event)) return true;
      this.dropped();
      return false;
    });
  }

  private traceEvent(trace: TraceSink, event: SimEvent): void {
    const { cause, kind, owner, detail = NO_DETAIL } = event;
    const { from, to, n, payload } = detail;
    trace.record({
      event: this.event,
      cause,
      timeUs: this.now,
      kind,
      node: owner?.id ?? to,
      incarnation: owner?.incarnation,
      label: event.name.label,
      from,
      to,
      n,
      payload,
      text: undefined,
    });
  }
}

const labels = new Map<string, EventLabel>();

/** A label with its hash. The few labels of a program are kept: hashing is for once. */
export function eventLabel(label: string): EventLabel {
  let known = labels.get(label);
  if (known === undefined) {
    known = { label, labelHash: hashString(label) };
    if (labels.size < MAX_KEPT_LABELS) labels.set(label, known);
  }
  return known;
}

/** What was thrown, in words. A name such as `Error` says nothing; `TypeError` and the like do. */
function messageOf(rule: string, thrown: unknown): string {
  const { name, message } = describeThrown(thrown);
  const isTheirs = rule === 'uncaught error' || rule === 'stray rejection';
  if (isTheirs && !isA(thrown, Error)) return `${message} (not an Error: it has no line)`;
  if (rule !== 'uncaught error' || name === 'Error' || name === '') return message;
  return `${name}: ${message}`;
}
