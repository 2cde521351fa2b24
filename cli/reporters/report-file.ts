import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { orFileError } from '../../scenarios/report/node-output-folder.ts';

/**
 * Write a report, whole or not at all: one of an earlier sweep is better than half a new one.
 * @throws FileError
 */
export function writeReport(file: string, text: string): void {
  orFileError(file, () => {
    mkdirSync(dirname(file), { recursive: true });
    const next = `${file}-${process.pid}`;
    try {
      writeFileSync(next, text);
      renameSync(next, file);
    } finally {
      rmSync(next, { force: true });
    }
  });
}
