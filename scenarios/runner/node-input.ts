import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const NEWLINE = 10;
/** How much is read at a time beyond a split, to find the end of its last line. */
const STEP_BYTES = 64 * 1024;

/**
 * The lines of a file that begin between two places, in bytes. Pieces that meet have every line
 * once, and no character is cut. Only what was asked for is read.
 * @throws Error naming the file, if it cannot be read
 */
export function readInput(file: string, from: number, to: number): string {
  const fd = openSync(file, 'r');
  try {
    const { size } = fstatSync(fd);
    // A line that begins at `from` follows a newline just before.
    const start = from === 0 ? 0 : lineAfter(fd, from - 1, size);
    const end = to >= size ? size : lineAfter(fd, to - 1, size);
    return end <= start ? '' : bytesOf(fd, start, end).toString('utf8');
  } finally {
    closeSync(fd);
  }
}

/** Where the first line begins that follows a newline at or after a place. */
function lineAfter(fd: number, at: number, size: number): number {
  for (let from = at; from < size; from += STEP_BYTES) {
    const found = bytesOf(fd, from, Math.min(size, from + STEP_BYTES)).indexOf(NEWLINE);
    if (found !== -1) return from + found + 1;
  }
  return size;
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
