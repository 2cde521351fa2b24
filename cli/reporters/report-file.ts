import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../../scenarios/report/node-make-folder.ts';
import { FileError } from '../../scenarios/define/file-error.ts';
import { orFileError, prepareFolder } from '../../scenarios/report/node-output-folder.ts';

/**
 * Make sure that a report can be written, before a sweep that may take long.
 * @throws FileError if it cannot
 */
export function prepareReport(file: string): void {
  switch (whatIs(file)) {
    case 'folder':
      throw new FileError(file, 'is a folder: name a file in it');
    case 'file':
      return prepareFolder(dirname(file));
    case 'device':
  }
}

/**
 * Write a report, whole or not at all: one of an earlier sweep is better than half a new one.
 * @throws FileError
 */
export function writeReport(file: string, text: string): void {
  orFileError(file, () => {
    // Nothing can take the place of /dev/stdout.
    if (whatIs(file) === 'device') return writeFileSync(file, text);
    makeFolder(dirname(file));
    const next = `${file}-${process.pid}`;
    try {
      writeFileSync(next, text);
      renameSync(next, file);
    } finally {
      rmSync(next, { force: true });
    }
  });
}

/** What is there, or would be. */
function whatIs(file: string): 'file' | 'folder' | 'device' {
  const there = orFileError(file, () => statSync(file, { throwIfNoEntry: false }));
  if (there === undefined || there.isFile()) return 'file';
  return there.isDirectory() ? 'folder' : 'device';
}
