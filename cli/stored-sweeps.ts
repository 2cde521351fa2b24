import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FileError } from '../scenarios/define/file-error.ts';
import { orFileError } from '../scenarios/report/node-output-folder.ts';
import { StoredSweep } from '../scenarios/report/node-sweep-file.ts';

/**
 * The sweeps that were kept, by file or in folders, in the order of their names.
 * @throws FileError if there are none
 */
export function storedSweeps(paths: readonly string[]): StoredSweep[] {
  return paths.flatMap(filesIn).map((path) => StoredSweep.open(path));
}

function filesIn(path: string): string[] {
  const isFolder = orFileError(path, () => statSync(path).isDirectory(), 'read');
  if (!isFolder) return [path];
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(^|[/\\])sweep(-\d+-of-\d+)?\.jsonl$/.test(name))
    .toSorted();
  if (names.length > 0) return names.map((name) => join(path, name));
  throw new FileError(path, 'no sweep was kept in this folder');
}
