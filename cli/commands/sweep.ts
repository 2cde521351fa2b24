import { isAsExpected } from '../../scenarios/define/result.ts';
import { worstExitCode } from '../../scenarios/report/exit-code.ts';
import { sweepBlock } from '../../scenarios/report/text-run.ts';
import { onInterrupt } from '../interrupt.ts';
import { jobsFor, type JobsOption } from '../jobs.ts';
import { print, printJson, StatusLine, textWidth } from '../output.ts';
import { RunPool } from '../run-pool.ts';
import { Runs } from '../runs.ts';
import { sweep } from '../sweep.ts';
import { parseDuration, seedRange, seedsOf, type SeedOptions } from '../seeds.ts';
import type { TargetOptions } from '../target-options.ts';

export interface SweepCommandOptions extends TargetOptions, SeedOptions, JobsOption {
  readonly json?: boolean;
}

/** `sweep <scenario...>`: many seeds of each scenario. */
export async function sweepCommand(
  scenarios: readonly string[],
  options: SweepCommandOptions,
): Promise<number> {
  const range = seedRange(options);
  const forMs = options.duration === undefined ? Infinity : parseDuration(options.duration);
  const jobs = jobsFor(options, range.last - range.first + 1);
  const interrupted = onInterrupt();
  // A slip in the last name must not come to light after an hour on the first.
  if (scenarios.length > 1) {
    for (const scenario of scenarios)
      await (await Runs.open(scenario, options, interrupted)).close();
  }
  const exitCodes: number[] = [];
  for (const scenario of scenarios) {
    if (interrupted.aborted) break;
    const pool = await RunPool.open(jobs, scenario, options, interrupted);
    try {
      exitCodes.push(await sweepOne(pool, { ...options, ...fixed(range) }, forMs, interrupted));
    } finally {
      await pool.close();
    }
  }
  return worstExitCode(exitCodes);
}

async function sweepOne(
  pool: RunPool,
  options: SweepCommandOptions,
  forMs: number,
  interrupted: AbortSignal,
): Promise<number> {
  const status = new StatusLine();
  const startedMs = performance.now();
  const { summary, folders } = await sweep(
    pool,
    seedsOf(options),
    interrupted,
    (result, done, failures) => {
      if (options.json === true) printJson(result);
      const rate = Math.round((done * 1000) / (performance.now() - startedMs));
      const last = isAsExpected(result) ? '' : `; seed ${result.seed}: ${result.verdict}`;
      status.show(`${pool.info.name}  ${done} seeds, ${rate}/s, ${failures} failures${last}`);
    },
    startedMs + forMs,
  );
  status.clear();
  if (options.json === true) printJson({ summary });
  else print(sweepBlock(summary, folders, textWidth()));
  return summary.exitCode;
}

/** `--fresh` draws its prefix once for all scenarios; from here on the range is fixed. */
function fixed({ prefix, first, last }: ReturnType<typeof seedRange>): SeedOptions {
  return { seeds: `${prefix}${first}..${last}`, count: undefined, fresh: false };
}
