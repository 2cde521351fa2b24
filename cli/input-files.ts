import { closeSync, openSync, existsSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FileError } from '../scenarios/define/file-error.ts';
import { UsageError } from './errors.ts';

/** A file that a job is to read. */
export interface InputFile {
  readonly file: string;
  readonly bytes: number;
}

/** How much of a file is looked at, to see whether it is text. */
const LOOK_BYTES = 8192;

/**
 * The files that patterns mean, each once, in order: `*` and `?` within a name, `**` any folders.
 * A link to a file is one, a link to a folder leads nowhere.
 * @throws UsageError if a pattern means none
 * @throws FileError if a file or a folder on the way cannot be read, or a file is no text
 */
export function inputFiles(patterns: readonly string[]): InputFile[] {
  return filesLike(patterns, '--input').map((file) => ({ file, bytes: textBytes(file) }));
}

/**
 * The names that patterns mean, each once, in order; a name without `*` or `?` means itself, be it
 * there or not.
 * @param option what the user calls the patterns
 * @throws UsageError if a pattern means none
 * @throws FileError if a folder on the way cannot be read
 */
export function filesLike(patterns: readonly string[], option: string): string[] {
  return [...new Set(patterns.flatMap((pattern) => matches(pattern, option)))].toSorted();
}

function matches(pattern: string, option: string): string[] {
  if (pattern === '') throw new UsageError(`${option}: name a file`);
  if (!/[*?]/.test(pattern)) return [pattern];
  const parts = pattern.split('/');
  const fixed = parts
    .slice(
      0,
      parts.findIndex((part) => /[*?]/.test(part)),
    )
    .join('/');
  const start = pattern.startsWith('/') && fixed === '' ? '/' : fixed;
  const isMeant = regexOf(pattern);
  const found = filesBelow(start, pattern.includes('**') ? Infinity : parts.length).filter((file) =>
    isMeant.test(file),
  );
  if (found.length === 0) throw new UsageError(`${option}: no file matches "${pattern}"`);
  return found;
}

function regexOf(pattern: string): RegExp {
  const text = pattern
    .replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('**/', '\u0001')
    .replaceAll('**', '\u0002')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
    .replaceAll('\u0001', '(?:.*/)?')
    .replaceAll('\u0002', '.*');
  return new RegExp(`^${text}$`, 'u');
}

function filesBelow(folder: string, depth: number): string[] {
  const here = folder === '' ? '.' : folder;
  const there = orFileError(here, () => statSync(here, { throwIfNoEntry: false }));
  if (there?.isDirectory() !== true) return [];
  return orFileError(here, () => readdirSync(here, { withFileTypes: true })).flatMap((entry) => {
    const name = folder === '' ? entry.name : join(folder, entry.name);
    if (entry.isDirectory()) return depth > 1 ? filesBelow(name, depth - 1) : [];
    const isLinked = entry.isSymbolicLink() && existsSync(name) && statSync(name).isFile();
    return isLinked || entry.isFile() ? [name] : [];
  });
}

/** @throws FileError */
function textBytes(file: string): number {
  const stat = orFileError(file, () => statSync(file));
  if (!stat.isFile()) throw new FileError(file, 'is no file');
  const zero = orFileError(file, () => startOf(file)).indexOf(0);
  if (zero === -1) return stat.size;
  throw new FileError(file, `is no text: there is a zero byte at ${zero}`);
}

function startOf(file: string): Buffer {
  const fd = openSync(file, 'r');
  try {
    const start = Buffer.alloc(LOOK_BYTES);
    return start.subarray(0, readSync(fd, start, 0, LOOK_BYTES, 0));
  } finally {
    closeSync(fd);
  }
}

function orFileError<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new FileError(file, `cannot be read: ${(error as Error).message}`);
  }
}
