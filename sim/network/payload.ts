import { RecordShapes } from './record-shape.ts';

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
const TOO_DEEP = new Error('too deep');

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
  try {
    const copied = copy(value, 0);
    return { value: copied, bytes, hash };
  } catch (error) {
    // Thrown anew, up here: deep down there is no room on the stack for the line that sends it.
    if (error === TOO_DEEP)
      throw new TypeError(`a message is nested deeper than ${MAX_DEPTH}`, { cause: error });
    throw error;
  }
}

/** A copy that shares nothing with a message that travels already. */
export function repacked({ value, bytes: size, hash: known }: Payload): Payload {
  return { value: pack(value).value, bytes: size, hash: known };
}

/** A message that stands for so many more bytes than it carries. */
export function weighted(payload: Payload, extraBytes: number): Payload {
  if (extraBytes === 0) return payload;
  const { value, bytes: size, hash: known } = payload;
  return { value, bytes: size + extraBytes, hash: Math.imul(known ^ extraBytes, 0x9e3779b1) };
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
      if (depth >= MAX_DEPTH) throw TOO_DEEP;
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
  if (small === value && (small !== 0 || 1 / value > 0)) {
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

/** Size and hash in one pass: most of a message is strings. */
function copyString(value: string): void {
  const { length } = value;
  let wide = 0;
  let mixed = FNV_START;
  for (let i = 0; i < length; i++) {
    const code = value.charCodeAt(i);
    mixed = Math.imul(mixed ^ code, FNV_PRIME);
    if (code >= 0x80) wide += extraBytes(code);
  }
  bytes += 1 + length + wide;
  fold(mixed);
  fold(length);
}

const FNV_START = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;

/** What a UTF-16 unit takes in UTF-8 beyond one byte. Surrogates come in pairs, of four in all. */
function extraBytes(code: number): number {
  return code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 1 : 2;
}

function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x80) length += extraBytes(code);
  }
  return length;
}

function copyObject(value: object, depth: number): unknown {
  const prototype: unknown = Object.getPrototypeOf(value);
  // Asked first: most objects in messages are plain.
  if (prototype === Object.prototype) return copyRecord(value, depth);
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
  // Plain objects of another realm have a prototype of their own without one.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    const name = (value as { constructor?: { name?: string } }).constructor?.name ?? 'object';
    throw new TypeError(`a message cannot carry a ${name}; send a plain object instead`);
  }
  return copyRecord(value, depth);
}

function copyRecord(value: object, depth: number): Record<string, unknown> {
  const shape = shapes.of(value);
  fold(shape.hash);
  // The end is a byte of its own.
  bytes += shape.bytes + 1;
  return shape.copy(value as Record<string, unknown>, depth + 1);
}

const shapes = new RecordShapes(copy, (key) => 1 + utf8Length(key));
