/**
 * The persistent state as text: one record a line, each with a checksum, so that a damaged file is
 * found out and never believed. A record says what changed; read in order they give the state. A
 * line is `<checksum> <record as JSON>`.
 */
export interface StateRecord {
  /** The current term, and the vote in it. */
  readonly v?: readonly [currentTerm: number, votedFor: number | null] | undefined;
  /** The log from an index on. */
  readonly l?:
    | readonly [from: number, entries: readonly (readonly [term: number, command: unknown])[]]
    | undefined;
  /** The last entry that the snapshot covers. */
  readonly s?: readonly [snapshotIndex: number, snapshotTerm: number];
}

/** A file of a server's state that was damaged, or written by halves: the server must not start. */
export class DamagedState extends Error {
  override readonly name = 'DamagedState';
  /** Name of the file. */
  readonly file: string;

  constructor(file: string, problem: string) {
    super(`${file}: ${problem}; the server does not start from a damaged state`);
    this.file = file;
  }
}

/** One line of ASCII, so that its length is its size in bytes; with its end. */
export function writeRecord(record: StateRecord): string {
  const text = JSON.stringify(record);
  return `${seal(isAscii(text) ? text : text.replace(NOT_ASCII, escape))}\n`;
}

/**
 * The records of a text.
 * @param file its name, for the error
 * @throws DamagedState
 */
export function readRecords(file: string, text: string): StateRecord[] {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new DamagedState(file, 'its last record is incomplete');
  return lines.map((line, number) => {
    const body = unseal(line);
    if (body === undefined) {
      throw new DamagedState(file, `record ${number + 1} does not match its checksum`);
    }
    return JSON.parse(body) as StateRecord;
  });
}

/**
 * A text behind its checksum.
 * @param place where it belongs: found elsewhere, it does not match
 */
export function seal(text: string, place: string = ''): string {
  return `${checksum(place, text)} ${text}`;
}

/** The text that was sealed, or undefined if that is not what this holds. */
export function unseal(sealed: string, place: string = ''): string | undefined {
  const text = sealed.slice(CHECKSUM_LENGTH + 1);
  return sealed === seal(text, place) ? text : undefined;
}

const NOT_ASCII = /[^\0-\x7f]/g;

/** The usual case, for which a loop is faster than a search that finds nothing. */
function isAscii(text: string): boolean {
  let bits = 0;
  for (let at = 0; at < text.length; at++) bits |= text.charCodeAt(at);
  return bits < 0x80;
}

function escape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

const CHECKSUM_LENGTH = 8;

/** CRC-32 (IEEE 802.3) over the code units of a text, and of a second one, as eight hex digits. */
export function checksum(text: string, andText: string = ''): string {
  return hex(~crcAfter(crcAfter(-1, text), andText));
}

/**
 * Four bytes at a time, by one table for the place of each ("slicing by 4", Kounavis and Berry
 * 2005): every change of a state goes through here twice.
 */
function crcAfter(before: number, text: string): number {
  const { length } = text;
  let crc = before;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    const a = text.charCodeAt(at);
    const b = text.charCodeAt(at + 1);
    const c = text.charCodeAt(at + 2);
    const d = text.charCodeAt(at + 3);
    if ((a | b | c | d) > 0xff) break;
    crc ^= a | (b << 8) | (c << 16) | (d << 24);
    crc =
      CRC_TABLES[0x300 + (crc & 0xff)]! ^
      CRC_TABLES[0x200 + ((crc >>> 8) & 0xff)]! ^
      CRC_TABLES[0x100 + ((crc >>> 16) & 0xff)]! ^
      CRC_TABLES[crc >>> 24]!;
  }
  for (; at < length; at++) {
    const unit = text.charCodeAt(at);
    crc = (crc >>> 8) ^ CRC_TABLES[(crc ^ unit) & 0xff]!;
    if (unit > 0xff) crc = (crc >>> 8) ^ CRC_TABLES[(crc ^ (unit >>> 8)) & 0xff]!;
  }
  return crc;
}

/** Byte by byte: `toString(16)` of a number of 32 bits takes as long as the rest of a record. */
function hex(word: number): string {
  const high = HEX[word >>> 24]! + HEX[(word >>> 16) & 0xff]!;
  return high + HEX[(word >>> 8) & 0xff]! + HEX[word & 0xff]!;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** What a byte does to the checksum with 0, 1, 2 or 3 bytes after it: 256 words for each. */
const CRC_TABLES = crcTables();

function crcTables(): Int32Array {
  const tables = new Int32Array(4 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    tables[byte] = crc;
  }
  for (let at = 256; at < tables.length; at++) {
    const shorter = tables[at - 256]!;
    tables[at] = (shorter >>> 8) ^ tables[shorter & 0xff]!;
  }
  return tables;
}
