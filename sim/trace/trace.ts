import type { EventKindName } from '../kernel/event.ts';

/** What happens within an event and is worth telling: sends, losses, faults, a node's own words. */
export type NoteKind =
  | 'send'
  | 'lost'
  | 'late'
  | 'gave-up'
  | 'log'
  | 'state'
  | 'save'
  | 'held'
  | 'duplicated'
  | 'corrupted'
  | 'probe'
  | 'crash'
  | 'restart'
  | 'pause'
  | 'resume'
  | 'fault'
  | 'heal'
  | 'invocation'
  | 'completion';

/** One line of a trace: an event, or a note made while an event was running. */
export interface TraceRecord {
  /** Number of the event; notes carry the number of the event they belong to. */
  readonly event: number;
  /** For an event: the number of the event that scheduled it. For a note: the same as `event`. */
  readonly cause: number;
  readonly timeUs: number;
  readonly kind: EventKindName | NoteKind;
  readonly node?: string | undefined;
  readonly incarnation?: number | undefined;
  /** Method, message type, timer, fault id. */
  readonly label: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Ordinal of a message among those of its type on its link. */
  readonly n?: number | undefined;
  readonly payload?: unknown;
  readonly text?: string | undefined;
}

/** Where trace records go. The kernel has none while the trace is off. */
export interface TraceSink {
  record(record: TraceRecord): void;
  /** The event recorded last (a message) has found the life of the node that it enters. */
  entered(incarnation: number): void;
  /** The run begins again: forget what was recorded. */
  restart?(): void;
}

/** A trace kept in memory. */
export class Trace implements TraceSink {
  readonly records: TraceRecord[] = [];

  record(record: TraceRecord): void {
    this.records.push(record);
  }

  entered(incarnation: number): void {
    const last = this.records.at(-1);
    if (last !== undefined) this.records[this.records.length - 1] = { ...last, incarnation };
  }

  restart(): void {
    this.records.length = 0;
  }
}
