import {
  accessSync,
  closeSync,
  constants,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { FileError } from '../define/file-error.ts';

/** Written at once, in characters: a file of any length passes through memory in such pieces. */
const PIECE = 1 << 16;

/**
 * Make sure that an export can be written, before a run that may take long.
 * @throws FileError if its folder is not there or takes no files, or something else than a file has
 *   this name
 */
export function prepareExport(file: string): void {
  const there = lstatSync(file, { throwIfNoEntry: false });
  if (there?.isDirectory() === true) throw new FileError(file, 'is a folder: name a file');
  // A device would be replaced by the file.
  if (there !== undefined && !there.isFile()) throw new FileError(file, 'is no ordinary file');
  orFileError(file, () => accessSync(dirname(file), constants.W_OK));
}

/**
 * Write a text piece by piece. It takes its place in one step: whoever reads the file meanwhile
 * sees what it was, and an export that fails leaves it as it was.
 * @throws FileError if it cannot be written
 */
export function writeExport(file: string, texts: Iterable<string>): void {
  prepareExport(file);
  const next = `${file}.${process.pid}.part`;
  orFileError(file, () => {
    const handle = openSync(next, 'w');
    try {
      try {
        writePieces(handle, texts);
      } finally {
        closeSync(handle);
      }
      renameSync(next, file);
    } finally {
      rmSync(next, { force: true });
    }
  });
}

function writePieces(handle: number, texts: Iterable<string>): void {
  let piece = '';
  for (const text of texts) {
    piece += text;
    if (piece.length < PIECE) continue;
    writeAll(handle, piece);
    piece = '';
  }
  writeAll(handle, piece);
}

/** A disk that is nearly full may take a part only. */
function writeAll(handle: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length;) done += writeSync(handle, bytes, done);
}

/** What the user can mend is said as such, with the name of the file; slips of ours are not. */
function orFileError(file: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new FileError(file, `cannot be written: ${(error as Error).message}`);
  }
}
