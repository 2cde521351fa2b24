import type { Owner } from './owner.ts';

/** What an event is. The numbers are part of the digest: never renumber, only add. */
export const EventKind = {
  start: 1,
  timer: 2,
  wake: 3,
  message: 4,
  answer: 5,
  invoke: 6,
  action: 7,
} as const;
export type EventKindName = keyof typeof EventKind;

/** One entry of the event queue. */
export interface SimEvent {
  readonly kind: EventKindName;
  /** Whose code it enters; undefined for what happens to the world itself (a fault). */
  readonly owner: Owner | undefined;
  /** Number of the event that scheduled this one; 0 = the set-up of the world. */
  readonly cause: number;
  /** Hash of the label and of the payload, for the digest. */
  readonly labelHash: number;
  readonly payloadHash: number;
  /** What people read in a trace: a method, a timer's name, a fault's id. */
  readonly label: string;
  /** More for the trace: sender, ordinal and payload of a message. */
  readonly detail: EventDetail | undefined;
  /** The work; node code may answer with a promise. Undefined once done or cancelled. */
  run: (() => unknown) | undefined;
}

/** What a trace says about an event beyond its label. */
export interface EventDetail {
  readonly from?: string;
  readonly to?: string;
  /** Ordinal of the message among those of its type on its link, from 0. */
  readonly n?: number;
  readonly payload?: unknown;
}
