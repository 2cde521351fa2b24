import { isAsExpected, type RunResult } from '../define/result.ts';
import type { Scenario } from '../define/scenario.ts';
import { worldChoices } from '../define/world-choices.ts';
import { parseSeedRange, seedsIn } from '../define/seed-range.ts';
import { belowBounds, type SweepSummary } from '../report/sweep-summary.ts';
import { summarise } from '../report/sweep-tally.ts';
import { failureText, sweepText } from './node-failure-text.ts';
import { runScenario, type RunScenarioOptions } from './run-scenario.ts';

/** Which seeds a test runs, and what must have happened. */
export interface OverSeedsOptions extends Omit<RunScenarioOptions, 'trace'> {
  /** `50` means 1 to 50; `'7..20'` and `'prefix/1..20'` as on the command line; or a list. */
  readonly seeds: number | string | readonly (string | number)[];
  /**
   * Least medians of activity, of however many seeds. Default: what the scenario demands of 20
   * seeds or more, if nothing but the code under test was chosen.
   */
  readonly atLeast?: Readonly<Record<string, number>> | undefined;
}

/**
 * Run a scenario over many seeds as one test. It fails at the first seed, in the order given, that
 * does not end as the scenario expects; and it fails if all do, but too little happened for that to
 * mean anything: a probe was never hit, a median is below its bound.
 * @returns what the seeds came to, for further expectations
 * @throws SeedsFailed
 */
export async function overSeeds(
  scenario: Scenario,
  { seeds, atLeast, ...options }: OverSeedsOptions,
): Promise<SweepSummary> {
  const results: RunResult[] = [];
  for (const seed of listOf(seeds)) {
    const run = await runScenario(scenario, seed, options);
    results.push(run.result);
    if (!isAsExpected(run.result)) {
      throw new SeedsFailed(`${failureText(run)}\n   ${results.length - 1} seeds before it passed`);
    }
    // What such a scenario measures does not depend on the seed.
    if (scenario.once === true) break;
  }
  const isDrawn = worldChoices.every((choice) => options[choice] === undefined);
  const hasOwnSettings = isDrawn && options.params === undefined && options.faults === undefined;
  const bounds = atLeast === undefined && hasOwnSettings ? scenario.atLeast : {};
  const summary = summarise(scenario.name, results, scenario.probes, false, bounds);
  const tooLow = [...summary.tooLow, ...belowBounds(summary.activity, atLeast ?? {})];
  if (summary.verdict === 'pass' && tooLow.length === 0) return summary;
  throw new SeedsFailed(sweepText({ ...summary, verdict: 'vacuous', tooLow }));
}

/** A seed failed, or all together proved nothing. */
export class SeedsFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SeedsFailed';
  }
}

function listOf(seeds: OverSeedsOptions['seeds']): Iterable<string | number> {
  if (typeof seeds === 'object') return seeds;
  return seedsIn(parseSeedRange(typeof seeds === 'number' ? `1..${seeds}` : seeds));
}
