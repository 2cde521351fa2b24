import { hashString } from '../kernel/digest.ts';

/** Copies a value within a message that is `depth` deep. */
export type Copy = (value: unknown, depth: number) => unknown;

/** The keys of a record in their order: messages of one type have them all alike. */
export interface RecordShape {
  readonly keys: readonly string[];
  /** Hash of the keys in their order. */
  readonly hash: number;
  /** Their size in the canonical encoding. */
  readonly bytes: number;
  /** Copies a record of this shape, value by value in the order of the keys. */
  copy(record: Readonly<Record<string, unknown>>, depth: number): Record<string, unknown>;
}

/** Records with more keys, or with ever new ones, are data rather than messages. */
const MAX_KEYS = 32;
const MAX_SHAPES = 1024;

/**
 * The shapes of the records that were sent so far. Where it may, it compiles a copier for each: an
 * object literal takes a fifth of the time of a spread, and this runs for every message.
 */
export class RecordShapes {
  private readonly copy: Copy;
  private readonly bytesOf: (key: string) => number;
  private readonly byFirstKey = new Map<string, RecordShape[]>();
  private known = 0;
  /** The shape met last: more often than not the next one, too. */
  private last: RecordShape | undefined = undefined;

  constructor(copy: Copy, bytesOf: (key: string) => number) {
    this.copy = copy;
    this.bytesOf = bytesOf;
  }

  /** @throws TypeError on a key that no copy could have */
  of(record: object): RecordShape {
    const keys = Object.keys(record);
    const { last } = this;
    if (last !== undefined && isSame(last.keys, keys)) return last;
    return (this.last = this.find(keys));
  }

  private find(keys: readonly string[]): RecordShape {
    const first = keys[0] ?? '';
    const similar = this.byFirstKey.get(first);
    if (similar !== undefined) {
      for (const shape of similar) if (isSame(shape.keys, keys)) return shape;
    }
    const shape = this.make(keys);
    if (keys.length > MAX_KEYS || this.known >= MAX_SHAPES) return shape;
    this.known++;
    this.byFirstKey.set(first, [...(similar ?? []), shape]);
    return shape;
  }

  private make(keys: readonly string[]): RecordShape {
    if (keys.includes('__proto__')) {
      throw new TypeError('a message cannot carry a key named __proto__');
    }
    let hash = keys.length;
    for (const key of keys) hash = Math.imul(hash ^ hashString(key), 0x9e3779b1) ^ (hash >>> 15);
    const bytes = keys.reduce((sum, key) => sum + this.bytesOf(key), 0);
    const isKept = keys.length <= MAX_KEYS && this.known < MAX_SHAPES;
    const copier = (isKept ? compiled(keys, this.copy) : undefined) ?? this.oneByOne(keys);
    return { keys, hash, bytes, copy: copier };
  }

  private oneByOne(keys: readonly string[]): RecordShape['copy'] {
    return (record, depth) => {
      const result: Record<string, unknown> = {};
      for (const key of keys) result[key] = this.copy(record[key], depth);
      return result;
    };
  }
}

/** Undefined where the host forbids to compile code at run time, as some pages do. */
function compiled(keys: readonly string[], copy: Copy): RecordShape['copy'] | undefined {
  const fields = keys.map(
    (key) => `${JSON.stringify(key)}: copy(record[${JSON.stringify(key)}], d)`,
  );
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- keys stand in it as literals only
    const make = new Function('copy', `return (record, d) => ({ ${fields.join(', ')} });`);
    return (make as (copy: Copy) => RecordShape['copy'])(copy);
  } catch {
    return undefined;
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
