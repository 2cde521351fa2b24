import type { Owner } from './owner.ts';

/** What an event is. */
export type EventKindName = 'start' | 'timer' | 'wake' | 'message' | 'answer' | 'invoke' | 'action';

/**
 * The number of a kind. It is part of the digest: never renumber, only add. A switch, because a
 * look-up by a name that varies costs more, and this runs for every event.
 */
export function kindNumber(kind: EventKindName): number {
  switch (kind) {
    case 'timer':
      return 2;
    case 'message':
      return 4;
    case 'answer':
      return 5;
    case 'wake':
      return 3;
    case 'start':
      return 1;
    case 'invoke':
      return 6;
    case 'action':
      return 7;
  }
}

/** A name with its hash, made once: see {@link eventLabel}. */
export interface EventLabel {
  readonly label: string;
  readonly labelHash: number;
  /** Where an event without an owner happens: the link of a message. */
  readonly place?: string;
}

/** The work of an event; node code may answer with a promise. */
export type Work<S = undefined> = (subject: S) => unknown;

/** One entry of the event queue. It is also what a program holds as its timer. */
export class SimEvent {
  readonly kind: EventKindName;
  /** Whose code it enters; undefined for what happens to the world itself (a fault). */
  readonly owner: Owner | undefined;
  /** Number of the event that scheduled this one; 0 = the set-up of the world. */
  readonly cause: number;
  /** What people read in a trace: a method, a timer's name, a fault's id. */
  readonly name: EventLabel;
  /** Hash of the payload, for the digest. */
  readonly payloadHash: number;
  /** More for the trace: sender, ordinal and payload of a message. */
  readonly detail: EventDetail | undefined;
  /** Undefined once done or cancelled. */
  run: Work<unknown> | undefined;
  /** Handed to the work: cheaper than a closure for every message. */
  readonly subject: unknown;

  constructor(
    kind: EventKindName,
    owner: Owner | undefined,
    cause: number,
    name: EventLabel,
    payloadHash: number,
    detail: EventDetail | undefined,
    run: Work<unknown>,
    subject: unknown,
  ) {
    this.kind = kind;
    this.owner = owner;
    this.cause = cause;
    this.name = name;
    this.payloadHash = payloadHash;
    this.detail = detail;
    this.run = run;
    this.subject = subject;
  }

  /** Take it back, if it has not run. */
  cancel(): void {
    this.owner?.cancel(this);
  }
}

/** What a trace says about an event beyond its label. */
export interface EventDetail {
  readonly from?: string;
  readonly to?: string;
  /** Ordinal of the message among those of its type on its link, from 0. */
  readonly n?: number;
  readonly payload?: unknown;
}
