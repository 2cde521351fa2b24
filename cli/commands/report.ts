import { existsSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { worstExitCode } from '../../scenarios/report/exit-code.ts';
import { runFolder } from '../../scenarios/report/node-output-folder.ts';
import type { StoredSweep } from '../../scenarios/report/node-sweep-file.ts';
import { drifted, type SweepSummary } from '../../scenarios/report/sweep-summary.ts';
import { mergeSweep, partsByScenario } from '../merge.ts';
import { reporterOf, type ReporterOptions } from '../reporters/by-name.ts';
import type { Reporter } from '../reporters/reporter.ts';
import { storedSweeps } from '../stored-sweeps.ts';
import { Telling } from '../telling.ts';

/** `report show [what...]`: what sweeps that were kept came to. */
export function showReport(paths: readonly string[], options: ReporterOptions): number {
  const reporter = reporterOf(options);
  const codes = storedSweeps(paths).map((stored) => tell(stored, reporter).exitCode);
  reporter.close?.();
  return worstExitCode(codes);
}

export interface MergeOptions extends ReporterOptions {
  readonly out: string;
}

/** `report merge <what...> --out DIR`: the parts of sweeps, from several machines, as wholes. */
export function mergeReports(paths: readonly string[], options: MergeOptions): number {
  const reporter = reporterOf(options);
  const codes: number[] = [];
  const written: string[] = [];
  try {
    for (const parts of partsByScenario(storedSweeps(paths))) {
      const { path, summary } = mergeSweep(parts, options.out, reporter);
      written.push(path);
      codes.push(summary.exitCode);
    }
  } catch (error) {
    // All of them or none: the next attempt finds the folder as this one did.
    for (const path of written) rmSync(path);
    throw error;
  }
  reporter.close?.();
  return worstExitCode(codes);
}

/** Tell of a sweep that was kept as of one that goes on. */
function tell(stored: StoredSweep, reporter: Reporter): SweepSummary {
  const telling = new Telling(stored.header, reporter);
  for (const result of stored.results()) telling.add(result);
  // Without a summary it was cut off, which is an interruption.
  const { wallMs, drift, isBailed, isInterrupted = true } = stored.summary ?? {};
  const found: SweepSummary = {
    ...telling.summary(isInterrupted),
    ...(wallMs !== undefined && { wallMs }),
    ...(isBailed === true && { isBailed }),
  };
  const sum = drift === undefined ? found : drifted(found, drift);
  telling.end(sum, foldersBeside(stored, sum));
  return sum;
}

/** The folders of failures that were kept with the sweep. */
function foldersBeside({ path }: StoredSweep, { groups }: SweepSummary): Map<string, string> {
  const kept = groups.map(({ smallest: { seed } }): [string, string] => {
    return [seed, join(dirname(path), basename(runFolder('', seed)))];
  });
  return new Map(kept.filter(([, folder]) => existsSync(folder)));
}
