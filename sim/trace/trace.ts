import type { EventKindName } from '../kernel/event.ts';
import {
  ABSENT,
  numberColumns,
  resized,
  StringTable,
  type NumberColumns,
  type TraceColumns,
} from './columns.ts';
import { isKept, type TraceLevel } from './level.ts';

/** Records that fit once there is one: a trace that is off takes no room. */
const INITIAL_CAPACITY = 1024;

/** What happens within an event and is worth telling: sends, losses, faults, a node's own words. */
export type NoteKind =
  | 'send'
  | 'lost'
  | 'late'
  | 'unknown'
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

/**
 * A trace kept in memory, as columns: a record costs some sixty bytes and no object of its own.
 * Records are made when they are read.
 */
export class Trace implements TraceSink, Iterable<TraceRecord> {
  readonly level: TraceLevel;
  private readonly strings: StringTable;
  private columns: NumberColumns;
  private readonly payloads: unknown[];
  private count: number;
  /** Index of the message recorded last; -1 if none was. */
  private message = -1;

  /** @param level what is kept; default: everything */
  constructor(level: TraceLevel = 'full', recorded?: TraceColumns) {
    this.level = level;
    this.strings = new StringTable(recorded?.strings);
    this.columns = recorded?.numbers ?? numberColumns(0);
    this.payloads = [...(recorded?.payloads ?? [])];
    this.count = recorded?.numbers.event.length ?? 0;
  }

  /** The trace that another thread has recorded. */
  static from(columns: TraceColumns): Trace {
    return new Trace(columns.level, columns);
  }

  /** Number of records. */
  get length(): number {
    return this.count;
  }

  /** All records, made at once. */
  get records(): TraceRecord[] {
    return [...this];
  }

  record(record: TraceRecord): void {
    const { kind } = record;
    if (this.level !== 'full' && !isKept(this.level, kind)) return;
    const i = this.count++;
    if (i === this.columns.event.length) {
      this.columns = resized(this.columns, Math.max(INITIAL_CAPACITY, 2 * i));
    }
    if (kind === 'message') this.message = i;
    const { columns, strings } = this;
    columns.event[i] = record.event;
    columns.cause[i] = record.cause;
    columns.timeUs[i] = record.timeUs;
    columns.kind[i] = strings.idOf(kind);
    columns.node[i] = strings.idOf(record.node);
    columns.incarnation[i] = record.incarnation ?? ABSENT;
    columns.label[i] = strings.idOf(record.label);
    columns.from[i] = strings.idOf(record.from);
    columns.to[i] = strings.idOf(record.to);
    columns.n[i] = record.n ?? ABSENT;
    columns.text[i] = strings.idOf(record.text);
    columns.payload[i] = record.payload === undefined ? 0 : this.payloads.push(record.payload);
  }

  entered(incarnation: number): void {
    if (this.message >= 0) this.columns.incarnation[this.message] = incarnation;
  }

  restart(): void {
    this.count = 0;
    this.message = -1;
    this.payloads.length = 0;
  }

  /** The record at an index. @throws RangeError if there is none */
  at(i: number): TraceRecord {
    if (!(i >= 0 && i < this.count)) throw new RangeError(`no record ${i} of ${this.count}`);
    const { columns, strings } = this;
    const { incarnation, n } = columns;
    return {
      event: columns.event[i] as number,
      cause: columns.cause[i] as number,
      timeUs: columns.timeUs[i] as number,
      kind: strings.at(columns.kind[i] as number) as TraceRecord['kind'],
      node: strings.at(columns.node[i] as number),
      incarnation: incarnation[i] === ABSENT ? undefined : incarnation[i],
      label: strings.at(columns.label[i] as number) as string,
      from: strings.at(columns.from[i] as number),
      to: strings.at(columns.to[i] as number),
      n: n[i] === ABSENT ? undefined : n[i],
      payload: this.payloads[(columns.payload[i] as number) - 1],
      text: strings.at(columns.text[i] as number),
    };
  }

  /** The records of an event: the event itself first, then the notes made while it ran. */
  of(event: number): TraceRecord[] {
    const records: TraceRecord[] = [];
    for (let i = this.firstOf(event); i < this.count; i++) {
      if (this.columns.event[i] !== event) break;
      records.push(this.at(i));
    }
    return records;
  }

  *[Symbol.iterator](): Generator<TraceRecord, undefined> {
    for (let i = 0; i < this.count; i++) yield this.at(i);
  }

  /** The whole trace as plain data, for another thread: see {@link Trace.from}. */
  toColumns(): TraceColumns {
    return {
      level: this.level,
      strings: [...this.strings.strings],
      numbers: resized(this.columns, this.count),
      payloads: [...this.payloads],
    };
  }

  /** Index of the first record of an event, or of the next event that has one. */
  private firstOf(event: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.columns.event[middle] as number) < event) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
