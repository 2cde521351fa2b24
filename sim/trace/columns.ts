import type { TraceLevel } from './level.ts';

/** Stands for a number that a record does not have. */
export const ABSENT = -1;

/** The numbers of a trace, a column a field. Strings are ids of a {@link StringTable}. */
export interface NumberColumns {
  readonly event: Uint32Array;
  readonly cause: Uint32Array;
  readonly timeUs: Float64Array;
  readonly kind: Uint32Array;
  readonly node: Uint32Array;
  readonly incarnation: Int32Array;
  readonly label: Uint32Array;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  readonly n: Int32Array;
  readonly text: Uint32Array;
  /** Place in {@link TraceColumns.payloads}, from 1; 0 for none. */
  readonly payload: Uint32Array;
}

/** A trace as plain data: it crosses to another thread in a few block copies. */
export interface TraceColumns {
  readonly level: TraceLevel;
  readonly strings: readonly string[];
  readonly numbers: NumberColumns;
  /** Of the records that have one. */
  readonly payloads: readonly unknown[];
}

export function numberColumns(capacity: number): NumberColumns {
  return {
    event: new Uint32Array(capacity),
    cause: new Uint32Array(capacity),
    timeUs: new Float64Array(capacity),
    kind: new Uint32Array(capacity),
    node: new Uint32Array(capacity),
    incarnation: new Int32Array(capacity),
    label: new Uint32Array(capacity),
    from: new Uint32Array(capacity),
    to: new Uint32Array(capacity),
    n: new Int32Array(capacity),
    text: new Uint32Array(capacity),
    payload: new Uint32Array(capacity),
  };
}

/** A copy with room for `capacity` records; what lies beyond is cut off. */
export function resized(columns: NumberColumns, capacity: number): NumberColumns {
  const copy = numberColumns(capacity);
  for (const name of Object.keys(columns) as (keyof NumberColumns)[]) {
    const column = columns[name];
    copy[name].set(column.length > capacity ? column.subarray(0, capacity) : column);
  }
  return copy;
}

/** Each string once. Its id is its place, from 1; 0 stands for none. */
export class StringTable {
  readonly strings: string[];
  private readonly ids: Map<string, number>;

  constructor(strings: readonly string[] = []) {
    this.strings = [...strings];
    this.ids = new Map(strings.map((text, i) => [text, i + 1]));
  }

  idOf(text: string | undefined): number {
    if (text === undefined) return 0;
    let id = this.ids.get(text);
    if (id === undefined) {
      id = this.strings.push(text);
      this.ids.set(text, id);
    }
    return id;
  }

  at(id: number): string | undefined {
    return this.strings[id - 1];
  }
}
