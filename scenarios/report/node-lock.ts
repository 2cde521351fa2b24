import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { FileError } from '../define/file-error.ts';
import { orFileError } from './node-output-folder.ts';

/**
 * Keeps a file from being written by two processes at once: a file beside it names the one that
 * does. What a process that was killed has left behind is in nobody's way.
 */
export class Lock {
  private readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** @throws FileError if another process writes the file */
  static take(file: string): Lock {
    const path = `${file}.lock`;
    const own = `${process.pid} ${hostname()}`;
    while (!isWritten(path, own)) {
      const owner = ownerIn(path);
      if (owner !== undefined && owner !== own && mayLive(owner)) {
        const [pid, host] = owner.split(' ');
        const who = `process ${pid} on ${host}`;
        throw new FileError(
          file,
          `is being written by ${who}: wait for it, or, if it is no more, remove ${path}`,
        );
      }
      clear(path, owner);
    }
    return new Lock(path);
  }

  release(): void {
    rmSync(this.path, { force: true });
  }
}

/** False if there is one already. */
function isWritten(path: string, own: string): boolean {
  return orFileError(path, () => {
    try {
      writeFileSync(path, own, { flag: 'wx' });
      return true;
    } catch (error) {
      if (isError(error, 'EEXIST')) return false;
      throw error;
    }
  });
}

/** Takes away what a killed process has left, and nothing that has taken its place meanwhile. */
function clear(path: string, left: string | undefined): void {
  const aside = `${path}-${process.pid}`;
  orFileError(path, () => {
    try {
      renameSync(path, aside);
    } catch (error) {
      // Another was faster.
      if (isError(error, 'ENOENT')) return;
      throw error;
    }
    if (ownerIn(aside) === left) rmSync(aside, { force: true });
    else renameSync(aside, path);
  });
}

function isError(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}

function ownerIn(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    return /^\d+ \S+$/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Of a process elsewhere nobody here can tell. */
function mayLive(owner: string): boolean {
  const [pid, host] = owner.split(' ');
  if (host !== hostname()) return true;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    // It is there, but another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
