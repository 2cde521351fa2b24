import { hashString } from '../kernel/digest.ts';

/** A message as it travels: a copy that nobody else holds, its size and its hash. */
export interface Payload {
  readonly value: unknown;
  /** Size in bytes under the canonical encoding (see {@link pack}). */
  readonly bytes: number;
  /** 32-bit hash of the canonical encoding. */
  readonly hash: number;
}

/** Deeper payloads are taken for cycles. */
const MAX_DEPTH = 64;

const float = new Float64Array(1);
const floatWords = new Uint32Array(float.buffer);

// State of the walk in progress. Packing never re-enters itself and never awaits.
let bytes = 0;
let hash = 0;

/**
 * Copy a value for sending, and measure and hash it on the same walk, so that a receiver can never
 * see a sender's later change. Canonical encoding: one tag byte, then the content; integers take
 * 1-9 bytes, other numbers 8, strings their UTF-8 length plus a length byte, objects their keys and
 * values in insertion order.
 *
 * Written by hand because it runs for every message: structuredClone alone takes six times as long.
 * @throws TypeError on what cannot travel: functions, symbols, class instances, cycles
 */
export function pack(value: unknown): Payload {
  bytes = 0;
  hash = 0x2545f491;
  const copied = copy(value, 0);
  return { value: copied, bytes, hash };
}

function copy(value: unknown, depth: number): unknown {
  bytes++;
  switch (typeof value) {
    case 'string':
      copyString(value);
      return value;
    case 'number':
      copyNumber(value);
      return value;
    case 'boolean':
      fold(value ? 3 : 4);
      return value;
    case 'undefined':
      fold(5);
      return value;
    case 'object':
      if (value === null) {
        fold(6);
        return null;
      }
      if (depth >= MAX_DEPTH) throw new TypeError(`a message is nested deeper than ${MAX_DEPTH}`);
      return copyObject(value, depth);
    case 'bigint':
      fold(7);
      copyString(value.toString());
      return value;
    default:
      throw new TypeError(`a message cannot carry a ${typeof value}`);
  }
}

function fold(word: number): void {
  hash = Math.imul(hash ^ word, 0x9e3779b1);
  hash ^= hash >>> 15;
}

/** Small integers are most of all values: one step, by a multiplier that nothing else uses. */
function foldSmall(word: number): void {
  hash = Math.imul(hash ^ word, 0x85ebca6b);
  hash ^= hash >>> 15;
}

function copyNumber(value: number): void {
  const small = value | 0;
  if (small === value && !Object.is(value, -0)) {
    foldSmall(small);
    bytes += small >= 0 && small < 128 ? 1 : 4;
    return;
  }
  if (Number.isNaN(value)) {
    // NaN has many bit patterns, and which one a computation yields depends on the machine.
    fold(11);
    bytes += 8;
    return;
  }
  float[0] = value;
  fold(2);
  fold(floatWords[0] as number);
  fold(floatWords[1] as number);
  bytes += 8;
}

function copyString(value: string): void {
  bytes += 1 + utf8Length(value);
  fold(hashString(value));
  fold(value.length);
}

function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    // Surrogates come in pairs: two units of two bytes each beyond their own count make four.
    length += code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 1 : 2;
  }
  return length;
}

function copyObject(value: object, depth: number): unknown {
  if (Array.isArray(value)) {
    fold(8);
    fold(value.length);
    const result: unknown[] = [];
    for (let i = 0; i < value.length; i++) result.push(copy(value[i], depth + 1));
    return result;
  }
  if (value instanceof Uint8Array) {
    fold(9);
    fold(value.length);
    for (let i = 0; i < value.length; i++) fold(value[i] as number);
    bytes += value.length;
    // Not slice(): that of a Buffer shares its memory.
    return new Uint8Array(value);
  }
  return copyRecord(value, depth);
}

/** Keys are few and come again and again: each is measured once. */
interface Key {
  readonly text: string;
  readonly hash: number;
  readonly bytes: number;
  /** The key that came after it the last time: a guess that spares a look-up. */
  next: Key | undefined;
}
const keys = new Map<string, Key>();
const MAX_KEPT_KEYS = 4096;

/** Before the first key of every record. */
const FIRST: Key = { text: '', hash: 0, bytes: 0, next: undefined };

/** Fold a key, given the one before it in the same record. */
function copyKey(text: string, before: Key): Key {
  let key = before.next;
  if (key === undefined || key.text !== text) key = before.next = keyOf(text);
  fold(key.hash);
  bytes += key.bytes;
  return key;
}

function keyOf(text: string): Key {
  let key = keys.get(text);
  if (key === undefined) {
    if (text === '__proto__') throw new TypeError('a message cannot carry a key named __proto__');
    key = { text, hash: hashString(text), bytes: 1 + utf8Length(text), next: undefined };
    if (keys.size < MAX_KEPT_KEYS) keys.set(text, key);
  }
  return key;
}

function copyRecord(value: object, depth: number): Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    const name = (value as { constructor?: { name?: string } }).constructor?.name ?? 'object';
    throw new TypeError(`a message cannot carry a ${name}; send a plain object instead`);
  }
  fold(10);
  // A spread copies the shape at one blow, twice as fast as key by key; then only what is not a
  // plain value is replaced by its own copy.
  const result: Record<string, unknown> = { ...value };
  let last = FIRST;
  for (const key in result) {
    last = copyKey(key, last);
    const item = result[key];
    const copied = copy(item, depth + 1);
    if (typeof item === 'object') result[key] = copied;
  }
  // The end is part of the encoding: {a: {b: 1}} is not {a: {}, b: 1}.
  fold(11);
  bytes++;
  return result;
}
