import { PageError } from './page-file.ts';

/**
 * Whole numbers as bytes: the differences of neighbours, which are small where columns are sorted,
 * each in as few bytes as it needs (LEB128, with the sign in the lowest bit). Numbers may be as
 * large as 2^52.
 */
export function packNumbers(values: ArrayLike<number>): Uint8Array {
  let bytes = new Uint8Array(Math.max(16, 2 * values.length));
  let at = 0;
  let before = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const step = value - before;
    before = value;
    let rest = step < 0 ? -2 * step - 1 : 2 * step;
    if (at + 8 > bytes.length) {
      const larger = new Uint8Array(2 * bytes.length);
      larger.set(bytes);
      bytes = larger;
    }
    while (rest >= 128) {
      bytes[at++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    bytes[at++] = rest;
  }
  return bytes.slice(0, at);
}

/**
 * What {@link packNumbers} packed, into a column that has room for exactly as many.
 * @throws PageError if there are fewer or more
 */
export function unpackNumbers<T extends { [i: number]: number; readonly length: number }>(
  bytes: Uint8Array,
  into: T,
): T {
  let at = 0;
  let value = 0;
  for (let i = 0; i < into.length; i++) {
    let rest = 0;
    let scale = 1;
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined) throw new PageError('A table in this page is shorter than it says.');
      rest += (byte & 127) * scale;
      if (byte < 128) break;
      scale *= 128;
    }
    value += rest % 2 === 1 ? -(rest + 1) / 2 : rest / 2;
    into[i] = value;
  }
  if (at !== bytes.length) throw new PageError('A table in this page is longer than it says.');
  return into;
}

/** Texts as bytes, that can be read one by one. */
export function packTexts(texts: readonly string[]): Uint8Array {
  const encoder = new TextEncoder();
  const all = texts.map((text) => encoder.encode(text));
  const lengths = packNumbers(all.map(({ length }) => length));
  const head = new Uint8Array(8);
  const view = new DataView(head.buffer);
  view.setUint32(0, texts.length, true);
  view.setUint32(4, lengths.length, true);
  const size = all.reduce((sum, { length }) => sum + length, 8 + lengths.length);
  const bytes = new Uint8Array(size);
  bytes.set(head);
  bytes.set(lengths, 8);
  let at = 8 + lengths.length;
  for (const text of all) {
    bytes.set(text, at);
    at += text.length;
  }
  return bytes;
}

/** What {@link packTexts} packed; a text is decoded when somebody asks for it. */
export class Texts {
  readonly length: number;
  private readonly bytes: Uint8Array;
  private readonly ends: Float64Array;
  private readonly start: number;
  private readonly decoder = new TextDecoder();

  /** @throws PageError if it is damaged */
  constructor(bytes: Uint8Array) {
    if (bytes.length < 8) throw new PageError('The texts in this page are cut off.');
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    this.length = view.getUint32(0, true);
    const from = 8 + view.getUint32(4, true);
    // Each length takes a byte at least.
    if (this.length > bytes.length) throw new PageError('The texts in this page are cut off.');
    this.ends = unpackNumbers(bytes.subarray(8, from), new Float64Array(this.length));
    let end = from;
    for (let i = 0; i < this.length; i++) this.ends[i] = end += this.ends[i] as number;
    if (end !== bytes.length) throw new PageError('The texts in this page are cut off.');
    this.bytes = bytes;
    this.start = from;
  }

  /** @returns '' if there is none */
  at(i: number): string {
    const end = this.ends[i];
    if (end === undefined) return '';
    const from = i === 0 ? this.start : (this.ends[i - 1] as number);
    return this.decoder.decode(this.bytes.subarray(from, end));
  }
}
