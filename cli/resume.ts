import { existsSync } from 'node:fs';
import { FileError } from '../scenarios/define/file-error.ts';
import type { SweepHeader } from '../scenarios/define/sweep-file.ts';
import { StoredSweep } from '../scenarios/report/node-sweep-file.ts';
import { differences } from '../scenarios/report/same-sweep.ts';

/**
 * The earlier sweep of the same that was kept there, if it got as far as to leave something.
 * @throws FileError if it was another one: nothing is written over it
 */
export function earlierSweep(path: string, header: SweepHeader): StoredSweep | undefined {
  const before = existsSync(path) ? StoredSweep.openIfBegun(path) : undefined;
  const found = before === undefined ? [] : differences(before.header, header);
  if (found.length === 0) return before;
  const why = found.join('; ');
  throw new FileError(path, `cannot be gone on with: ${why}. Without --resume it begins anew.`);
}
