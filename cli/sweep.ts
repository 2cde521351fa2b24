import { identityOf, isAsExpected, type RunResult } from '../scenarios/define/result.ts';
import { ExitCode, worstExitCode } from '../scenarios/report/exit-code.ts';
import { runFolder, SweepFile, writeRun } from '../scenarios/report/node-output-folder.ts';
import type { SweepSummary } from '../scenarios/report/sweep-summary.ts';
import { summarise } from '../scenarios/report/sweep-tally.ts';
import { SessionClosed } from '../scenarios/runner/node-session.ts';
import { RunPool } from './run-pool.ts';
import type { Runs } from './runs.ts';
import type { TargetOptions } from './target-options.ts';

/** A sweep as far as it went. */
export interface SweepOutcome {
  readonly summary: SweepSummary;
  /** In the order of the seeds. */
  readonly results: readonly RunResult[];
  /** By seed: the folders of the smallest failure of each kind. */
  readonly folders: ReadonlyMap<string, string>;
}

/** Told of each result as it comes. */
export type Seen = (result: RunResult, done: number, failures: number) => void;

/**
 * Run seeds, until they or the time are used up. Each result is kept in a file as it comes, in the
 * order of the seeds.
 */
export async function sweep(
  pool: RunPool,
  seeds: Iterable<string>,
  interrupted: AbortSignal,
  seen: Seen,
  untilMs: number = Infinity,
): Promise<SweepOutcome> {
  const { info, one } = pool;
  const results: RunResult[] = [];
  const file = new SweepFile(info.name);
  const startedMs = performance.now();
  let failures = 0;
  const begun = (): boolean => !interrupted.aborted && performance.now() <= untilMs;
  // What a scenario that runs once measures does not depend on the seed.
  const reports = pool.reports(takeWhile(seeds, info.once ? 1 : Infinity, begun));
  for await (const report of reports) {
    // Undefined means interrupted, and nothing else: no seed may get lost in silence.
    if (report === undefined) break;
    file.add(report.result);
    results.push(report.result);
    if (!isAsExpected(report.result)) failures++;
    seen(report.result, results.length, failures);
  }
  const wallMs = Math.round(performance.now() - startedMs);
  const atLeast = one.hasOwnSettings ? info.atLeast : {};
  const sum = summarise(info.name, results, info.probes, interrupted.aborted, atLeast);
  const summary = { ...sum, wallMs };
  const outcome = interrupted.aborted
    ? { summary, folders: new Map<string, string>() }
    : await recordFailures(one, summary);
  file.add({ summary: outcome.summary });
  file.close();
  return { ...outcome, results };
}

/** The first items, so many and as long as it is so. */
function* takeWhile(items: Iterable<string>, most: number, isSo: () => boolean): Iterable<string> {
  let taken = 0;
  for (const item of items) {
    if (taken++ === most || !isSo()) return;
    yield item;
  }
}

/**
 * Sweep scenarios one after the other, in the same workers. An interruption ends it; nothing is
 * told of a scenario of which no seed was done.
 * @param seeds those of a scenario
 */
export async function* sweepEach(
  jobs: number,
  scenarios: readonly string[],
  seeds: (scenario: string) => Iterable<string>,
  options: TargetOptions,
  interrupted: AbortSignal,
  seen: Seen,
): AsyncGenerator<SweepOutcome, void, void> {
  let pool: RunPool | undefined;
  try {
    for (const scenario of scenarios) {
      pool = await RunPool.next(pool, jobs, scenario, options, interrupted);
      const outcome = await sweep(pool, seeds(scenario), interrupted, seen);
      if (outcome.results.length > 0) yield outcome;
    }
  } catch (error) {
    if (!(error instanceof SessionClosed)) throw error;
  } finally {
    await pool?.close();
  }
}

/**
 * Run the smallest failure of each kind again, with its trace, and keep it. Equal digests are a
 * proof of determinism for free; a failure that does not repeat is a finding of its own.
 */
async function recordFailures(
  runs: Runs,
  summary: SweepSummary,
): Promise<Omit<SweepOutcome, 'results'>> {
  const folders = new Map<string, string>();
  if (runs.info.once) return { summary, folders };
  for (const { smallest } of summary.groups) {
    const { seed, digest } = smallest;
    if (digest === '') continue;
    const again = await runs.run({ from: { seed }, isTraced: true });
    if (again === undefined) break;
    const folder = runFolder(runs.info.name, seed);
    writeRun(folder, again);
    folders.set(seed, folder);
    const isSame = identityOf(again.result) === identityOf(smallest);
    if (!isSame) return { summary: drifted(summary, smallest), folders };
  }
  return { summary, folders };
}

function drifted(summary: SweepSummary, { seed, digest }: RunResult): SweepSummary {
  const drift = `seed ${seed}, digest ${digest}, came to something else when it was run again`;
  const exitCode = worstExitCode([summary.exitCode, ExitCode.nondeterminism]);
  return { ...summary, verdict: 'nondeterministic', exitCode, drift };
}
