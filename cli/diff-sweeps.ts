import type { RunResult } from '../scenarios/define/result.ts';
import { seedsIn } from '../scenarios/define/seed-range.ts';
import { sweepChanges, type SweepChanges } from '../scenarios/report/diff/sweep-changes.ts';
import { StoredSweep } from '../scenarios/report/node-sweep-file.ts';
import { UsageError } from './errors.ts';
import { jobsFor } from './jobs.ts';
import { StatusLine } from './output.ts';
import { RunPool } from './run-pool.ts';
import { optionsOfWords } from './target-options.ts';

/** Whether the files of sweeps are meant, rather than runs. */
export function areSweeps(whats: readonly string[]): boolean {
  return whats.some((what) => what.endsWith('.jsonl'));
}

/**
 * Which seeds of a sweep that was kept have changed their meaning: in another one, or today.
 * Undefined = interrupted.
 * @throws UsageError, FileError
 */
export async function diffSweeps(
  whats: readonly string[],
  interrupted: AbortSignal,
): Promise<SweepChanges | undefined> {
  const [before, after] = whats.map((what) => StoredSweep.open(what)) as [
    StoredSweep,
    StoredSweep?,
  ];
  if (whats.length > 2) throw new UsageError(`${whats.length} sweeps are too many: two at most`);
  const { scenario } = before.header;
  if (after === undefined) {
    const old = [...before.results()];
    const now = await resultsOfToday(before, old, interrupted);
    return now && sweepChanges(scenario, old, now);
  }
  if (after.header.scenario !== scenario) {
    const names = `${scenario} and ${after.header.scenario}`;
    throw new UsageError(`two sweeps of different scenarios, ${names}: nothing to compare`);
  }
  return sweepChanges(scenario, before.results(), after.results());
}

/** The same seeds with the same options, as they are today. */
async function resultsOfToday(
  { header, range }: StoredSweep,
  { length }: readonly RunResult[],
  interrupted: AbortSignal,
): Promise<RunResult[] | undefined> {
  const seeds = seedsIn({ ...range, last: range.first + length - 1 });
  const options = optionsOfWords(header.options);
  const pool = await RunPool.open(jobsFor({}, length), header.target, options, interrupted);
  const status = new StatusLine();
  const results: RunResult[] = [];
  try {
    for await (const result of pool.results(seeds)) {
      if (result === undefined) return undefined;
      results.push(result);
      status.show(`${header.scenario}  ${results.length} of ${length} seeds again`);
    }
  } finally {
    status.clear();
    await pool.close();
  }
  return results;
}
