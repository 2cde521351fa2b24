import type { TraceRecord } from '../../sim/index.ts';
import { PageError, type PageFile } from '../../scenarios/report/page/page-file.ts';
import { Texts, unpackNumbers } from '../../scenarios/report/page/packed.ts';
import type { RunAbout, RunParts } from '../../scenarios/report/page/run-parts.ts';

type Kind = TraceRecord['kind'];

/** A run as its page holds it: the trace in columns, what is large read when it is asked for. */
export class RunData {
  readonly about: RunAbout;
  readonly history: RunParts['history'];
  readonly checked: RunParts['checked'];
  readonly revealed: RunParts['revealed'];
  /** Number of records. */
  readonly length: number;
  readonly event: Uint32Array;
  readonly cause: Uint32Array;
  readonly timeUs: Float64Array;
  /** Numbers of strings, from 1; 0 is none. */
  readonly node: Uint32Array;
  readonly label: Uint32Array;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  /** Ordinal of a message, or -1. */
  readonly n: Int32Array;
  readonly faultlab: string;
  private readonly kind: Uint32Array;
  private readonly incarnation: Int32Array;
  private readonly text: Uint32Array;
  private readonly payload: Uint32Array;
  private readonly payloads: Texts;
  private readonly strings: readonly string[];

  /** @throws PageError if the page is damaged */
  constructor(file: PageFile) {
    const about = file.about as RunAbout;
    if (!Number.isInteger(about?.records) || !Array.isArray(about.strings)) {
      throw new PageError('The head of the data in this page does not tell of a run.');
    }
    const { records } = about;
    this.about = about;
    this.faultlab = file.faultlab;
    this.strings = about.strings;
    this.length = records;
    const column = <T extends Uint32Array | Int32Array | Float64Array>(name: string, into: T): T =>
      unpackNumbers(file.section(name), into);
    this.event = column('event', new Uint32Array(records));
    this.cause = column('cause', new Uint32Array(records));
    this.timeUs = column('timeUs', new Float64Array(records));
    this.kind = column('kind', new Uint32Array(records));
    this.node = column('node', new Uint32Array(records));
    this.incarnation = column('incarnation', new Int32Array(records));
    this.label = column('label', new Uint32Array(records));
    this.from = column('from', new Uint32Array(records));
    this.to = column('to', new Uint32Array(records));
    this.n = column('n', new Int32Array(records));
    this.text = column('text', new Uint32Array(records));
    this.payload = column('payload', new Uint32Array(records));
    this.payloads = new Texts(file.section('payloads'));
    this.history = partOf(file, 'history');
    this.checked = partOf(file, 'checked');
    this.revealed = partOf(file, 'revealed');
  }

  /** When the run ended, in µs. */
  get endUs(): number {
    const last = this.length === 0 ? 0 : (this.timeUs[this.length - 1] as number);
    return Math.max(last, this.about.result.simMs * 1000);
  }

  string(id: number): string {
    return this.strings[id - 1] ?? '';
  }

  /** The number of a string; 0 if the trace does not name it. */
  idOf(text: string): number {
    return this.strings.indexOf(text) + 1;
  }

  kindAt(i: number): Kind {
    return this.string(this.kind[i] as number) as Kind;
  }

  /** The number under which a kind of record is kept: for loops over all of them. */
  kindId(i: number): number {
    return this.kind[i] as number;
  }

  /** The same for its text; 0 if it has none. */
  textId(i: number): number {
    return this.text[i] as number;
  }

  /** Equal payloads have equal numbers; 0 is none. */
  payloadId(i: number): number {
    return this.payload[i] as number;
  }

  payloadText(i: number): string | undefined {
    const id = this.payload[i] as number;
    return id === 0 ? undefined : this.payloads.at(id - 1);
  }

  /** The content of a record; a text that was cut off stays one. */
  payloadAt(i: number): unknown {
    const text = this.payloadText(i);
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }

  record(i: number): TraceRecord {
    const n = this.n[i] as number;
    const incarnation = this.incarnation[i] as number;
    const optional = (id: number): string | undefined => (id === 0 ? undefined : this.string(id));
    return {
      event: this.event[i] as number,
      cause: this.cause[i] as number,
      timeUs: this.timeUs[i] as number,
      kind: this.kindAt(i),
      node: optional(this.node[i] as number),
      incarnation: incarnation < 0 ? undefined : incarnation,
      label: this.string(this.label[i] as number),
      from: optional(this.from[i] as number),
      to: optional(this.to[i] as number),
      n: n < 0 ? undefined : n,
      payload: this.payloadAt(i),
      text: optional(this.text[i] as number),
    };
  }

  /** All records in turn; payloads are read only where they are asked for by {@link payloadAt}. */
  *bare(): Generator<TraceRecord, undefined> {
    for (let i = 0; i < this.length; i++) {
      const node = this.node[i] as number;
      yield {
        event: this.event[i] as number,
        cause: this.cause[i] as number,
        timeUs: this.timeUs[i] as number,
        kind: this.kindAt(i),
        node: node === 0 ? undefined : this.string(node),
        label: this.string(this.label[i] as number),
        text: this.string(this.text[i] as number),
      };
    }
  }

  /** Index of the first record of an event, or of the next one that has any. */
  firstOf(event: number): number {
    return lowerBound(this.event, event);
  }

  /** Index of the first record at a moment, or after it. */
  firstAt(us: number): number {
    return lowerBound(this.timeUs, us);
  }
}

/** The first index of an ascending column whose value is no less; its length if there is none. */
export function lowerBound(column: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((column[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function partOf<K extends keyof RunParts>(file: PageFile, name: K): RunParts[K] {
  try {
    return JSON.parse(new TextDecoder().decode(file.section(name))) as RunParts[K];
  } catch (error) {
    if (error instanceof PageError) throw error;
    throw new PageError(`The section "${name}" of this page is not JSON: it is damaged.`);
  }
}
