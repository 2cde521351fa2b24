import { isUtf8 } from 'node:buffer';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const NEWLINE = 10;
/** How much is read at a time beyond a split, to find the end of its last line. */
const STEP_BYTES = 64 * 1024;

/**
 * The lines of a file that begin between two places, in bytes. Pieces that meet have every line
 * once, and no character is cut. Only what was asked for is read, and the last line to its end.
 * @throws Error if it cannot be read, or is no text
 */
export function readInput(file: string, from: number, to: number): string {
  const fd = openSync(file, 'r');
  try {
    const { size } = fstatSync(fd);
    // A line that begins at `from` follows a newline just before.
    const start = from === 0 ? 0 : lineAfter(fd, from - 1, Math.min(to, size));
    if (start >= Math.min(to, size)) return '';
    const end = to >= size ? size : lineAfter(fd, to - 1, size);
    return textOf(bytesOf(fd, start, end), start);
  } finally {
    closeSync(fd);
  }
}

/** Where the first line begins that follows a newline at or after a place; at the end if none. */
function lineAfter(fd: number, at: number, end: number): number {
  for (let from = at; from < end; from += STEP_BYTES) {
    const found = bytesOf(fd, from, Math.min(end, from + STEP_BYTES)).indexOf(NEWLINE);
    if (found !== -1) return from + found + 1;
  }
  return end;
}

/** @param from where they begin in their file */
function textOf(bytes: Buffer, from: number): string {
  const zero = bytes.indexOf(0);
  if (zero !== -1) throw new Error(`there is a zero byte at ${from + zero}: it is no text`);
  if (isUtf8(bytes)) return bytes.toString('utf8');
  for (let line = 0; ;) {
    const end = bytes.indexOf(NEWLINE, line) + 1;
    const isBad = end === 0 || !isUtf8(bytes.subarray(line, end));
    if (isBad) throw new Error(`the line at byte ${from + line} is no UTF-8`);
    line = end;
  }
}

function bytesOf(fd: number, from: number, to: number): Buffer {
  const bytes = Buffer.alloc(to - from);
  let read = 0;
  while (read < bytes.length) {
    const more = readSync(fd, bytes, read, bytes.length - read, from + read);
    if (more === 0) break;
    read += more;
  }
  return bytes.subarray(0, read);
}
