import { hashString } from '../kernel/digest.ts';

/** What a file holds: all text, or all bytes. Kept contents are never changed in place. */
export type Content = string | Uint8Array;

/** @throws TypeError unless it is text or bytes */
export function copyOf(content: Content): Content {
  if (typeof content === 'string') return content;
  if (!(content instanceof Uint8Array)) {
    throw new TypeError('a file holds a string or a Uint8Array, and nothing else');
  }
  // Not slice(): that of a Buffer shares its memory.
  return new Uint8Array(content);
}

export function isSameSort(a: Content, b: Content): boolean {
  return typeof a === typeof b;
}

/** No content, of the same sort. */
export function emptied(content: Content): Content {
  return typeof content === 'string' ? '' : new Uint8Array(0);
}

/** Both, one after the other. Of two sorts only the second remains: a file is of one sort. */
export function joined(head: Content, tail: Content): Content {
  if (typeof head === 'string' || typeof tail === 'string') {
    return typeof head === 'string' && typeof tail === 'string' ? head + tail : tail;
  }
  const both = new Uint8Array(head.length + tail.length);
  both.set(head);
  both.set(tail, head.length);
  return both;
}

/** The first `length` bytes, or characters. */
export function cutTo(content: Content, length: number): Content {
  return content.slice(0, length);
}

/** How many bits of each byte or character can rot: a letter then stays a letter of ASCII. */
const BITS = { text: 7, bytes: 8 };

/** Number of bits that {@link withFlippedBit} can reach. */
export function bitsOf(content: Content): number {
  return content.length * (typeof content === 'string' ? BITS.text : BITS.bytes);
}

/** A copy in which one bit is another. */
export function withFlippedBit(content: Content, bit: number): Content {
  if (typeof content === 'string') {
    const at = Math.floor(bit / BITS.text);
    const rotten = content.charCodeAt(at) ^ (1 << (bit % BITS.text));
    return content.slice(0, at) + String.fromCharCode(rotten) + content.slice(at + 1);
  }
  const copy = new Uint8Array(content);
  const at = Math.floor(bit / BITS.bytes);
  copy[at] = (copy[at] as number) ^ (1 << (bit % BITS.bytes));
  return copy;
}

export function isEqual(a: Content, b: Content): boolean {
  if (a === b) return true;
  if (typeof a === 'string' || typeof b === 'string' || a.length !== b.length) return false;
  return a.every((byte, i) => byte === b[i]);
}

export function hashContent(content: Content): number {
  if (typeof content === 'string') return hashString(content);
  let hash = ~content.length;
  for (const byte of content) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}
