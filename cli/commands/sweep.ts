import { seedCount } from '../../scenarios/define/seed-range.ts';
import { ExitCode, worstExitCode } from '../../scenarios/report/exit-code.ts';
import { UsageError } from '../errors.ts';
import { onInterrupt } from '../interrupt.ts';
import { jobsFor, type JobsOption } from '../jobs.ts';
import { reporterOf, type ReporterOptions } from '../reporters/by-name.ts';
import { Runs } from '../runs.ts';
import { scenariosLike } from '../scenario-names.ts';
import { parseCount, parseDuration, seedRange, type SeedOptions } from '../seeds.ts';
import { parseShard, seedsOfShard } from '../shard.ts';
import { placeOf, sweepEach, type SweepJob } from '../sweep.ts';
import type { TargetOptions } from '../target-options.ts';

export interface SweepCommandOptions
  extends TargetOptions, SeedOptions, JobsOption, ReporterOptions {
  readonly shard?: string | undefined;
  /** `true` = the first failure ends it. */
  readonly bail?: string | true | undefined;
  readonly resume?: boolean | undefined;
}

/** `sweep <scenario...>`: many seeds of each scenario. */
export async function sweepCommand(
  words: readonly string[],
  options: SweepCommandOptions,
): Promise<number> {
  // Once each: a second time would take the place of the first.
  const scenarios = [...new Set(words.flatMap(scenariosLike))];
  const newJob = jobOf(options);
  const reporter = reporterOf(options);
  const interrupted = onInterrupt();
  await refuseSlips(scenarios, options, newJob(), interrupted);
  const exitCodes: number[] = [];
  // Of all scenarios together.
  const { bail: most = Infinity } = newJob();
  let failures = 0;
  const sweeps = {
    jobs: jobsFor(options, seedCount(newJob().range)),
    scenarios,
    job: () => ({ ...newJob(), bail: most - failures }),
    options,
    opened: (runs: Runs) => runs.warnOfIdleSpecimen(),
  };
  for await (const { summary } of sweepEach(sweeps, interrupted, reporter)) {
    exitCodes.push(summary.exitCode);
    failures += summary.failures;
    if (failures >= most) break;
  }
  reporter.close?.();
  if (interrupted.aborted) exitCodes.push(ExitCode.interrupted);
  return worstExitCode(exitCodes);
}

/** What is to be swept of each scenario; the time it may take begins with it. */
function jobOf(options: SweepCommandOptions): () => SweepJob {
  const { duration, shard: which, bail, resume: isResumed } = options;
  if (which !== undefined && (duration !== undefined || options.fresh === true)) {
    const other = duration === undefined ? '--fresh' : '--duration';
    throw new UsageError(`--shard and ${other} exclude each other: all shards need the same seeds`);
  }
  if (isResumed === true && options.fresh === true) {
    throw new UsageError('--resume and --fresh exclude each other');
  }
  // Drawn once for all scenarios, if a part of it is drawn.
  const whole = seedRange(options);
  const shard = which === undefined ? undefined : parseShard(which);
  const range = shard === undefined ? whole : seedsOfShard(whole, shard);
  const most = bail === undefined ? undefined : bail === true ? 1 : parseCount('--bail', bail);
  const forMs = duration === undefined ? Infinity : parseDuration(duration);
  return () => {
    return { range, whole, shard, untilMs: performance.now() + forMs, bail: most, isResumed };
  };
}

/** What is wrong with the last one must not come to light after an hour on the first. */
async function refuseSlips(
  scenarios: readonly string[],
  options: SweepCommandOptions,
  job: SweepJob,
  interrupted: AbortSignal,
): Promise<void> {
  if (scenarios.length === 1) return;
  let runs: Runs | undefined;
  try {
    for (const scenario of scenarios) {
      runs = await Runs.next(runs, scenario, options, interrupted);
      placeOf(runs, job);
    }
  } finally {
    await runs?.close();
  }
}
