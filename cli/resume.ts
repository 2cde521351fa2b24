import { existsSync } from 'node:fs';
import { FileError } from '../scenarios/define/file-error.ts';
import type { RunResult } from '../scenarios/define/result.ts';
import { seedsIn, type SeedRange } from '../scenarios/define/seed-range.ts';
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

/**
 * What an earlier sweep has done.
 * @param range the seeds that the sweep is to run
 * @throws FileError if it holds others
 */
export function* resultsOf(before: StoredSweep, range: SeedRange): Generator<RunResult> {
  const { path } = before;
  const expected = seedsIn(range);
  for (const result of before.results()) {
    const next = expected.next().value as string | undefined;
    if (result.seed !== next) {
      throw new FileError(path, `seed ${result.seed} stands where ${next ?? 'the end'} should`);
    }
    yield result;
  }
}
