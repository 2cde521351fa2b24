import type { Plan } from '../define/plan.ts';
import type { Scenario } from '../define/scenario.ts';
import { runPlan, type RunOptions } from '../runner/run-plan.ts';
import { shrinkPlan, type ShrinkLimits, type Shrunk } from './shrink-plan.ts';
import type { TrialRun } from './trials.ts';

/** How to run plans, and how far to go. */
export interface ShrinkOptions
  extends Pick<RunOptions, 'host' | 'implementation' | 'monitor' | 'heapBytes'>, ShrinkLimits {}

/**
 * Shrink a plan that fails: the smallest plan that comes to the same verdict with the same
 * signature. Deterministic: the same plan in gives the same plan out.
 * @returns undefined if the plan does not fail
 * @throws PlanError, ParamsError if the plan does not fit the scenario
 */
export async function shrink(
  scenario: Scenario,
  plan: Plan,
  options: ShrinkOptions,
): Promise<Shrunk | undefined> {
  const run = async (candidate: Plan, recordFates: boolean): Promise<TrialRun> => {
    const { result, fates } = await runPlan(scenario, candidate, { ...options, recordFates });
    return { ...result, fates };
  };
  const { signature, ...failed } = await run(plan, false);
  if (signature === undefined) return undefined;
  const { sizes = [] } = scenario;
  return await shrinkPlan({ plan, failed: { ...failed, signature }, run, sizes }, options);
}
