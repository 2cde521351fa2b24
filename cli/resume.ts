import { FileError } from '../scenarios/define/file-error.ts';
import type { RunResult } from '../scenarios/define/result.ts';
import { seedsIn, type SeedRange } from '../scenarios/define/seed-range.ts';
import type { SweepHeader } from '../scenarios/define/sweep-file.ts';
import type { StoredSweep } from '../scenarios/report/node-sweep-file.ts';
import { differences } from '../scenarios/report/same-sweep.ts';

/**
 * What an earlier sweep of the same has done.
 * @param range the seeds that the sweep is to run
 * @throws FileError if it was another one: nothing is written over it
 */
export function* resumable(
  before: StoredSweep,
  header: SweepHeader,
  range: SeedRange,
): Generator<RunResult> {
  const { path } = before;
  const found = differences(before.header, header);
  if (found.length > 0) {
    const why = found.join('; ');
    throw new FileError(path, `cannot be gone on with: ${why}. Without --resume it begins anew.`);
  }
  const expected = seedsIn(range);
  for (const result of before.results()) {
    const next = expected.next().value as string | undefined;
    if (result.seed !== next) {
      throw new FileError(path, `seed ${result.seed} stands where ${next ?? 'the end'} should`);
    }
    yield result;
  }
}
