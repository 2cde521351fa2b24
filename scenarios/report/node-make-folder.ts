import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Make a folder and those it lies in, as far as they are missing. Node's own `recursive` never
 * returns where a folder that is there takes no new ones and says that it is not there: `/proc`.
 * @throws Error of the file system
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && dirname(path) !== path) {
      makeFolder(dirname(path));
      mkdirSync(path);
    } else if (!isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
