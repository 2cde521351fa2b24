import type { Plan } from '../scenarios/define/plan.ts';
import { shrinkPlan, type Shrunk } from '../scenarios/shrink/shrink-plan.ts';
import type { RunPlan } from '../scenarios/shrink/trials.ts';
import { StatusLine } from './output.ts';
import type { Runs } from './runs.ts';

/**
 * Shrink a plan by runs in a worker. If it is interrupted, with what has been reached.
 * @returns undefined if it was interrupted before it failed once
 */
export async function shrinkRuns(
  runs: Runs,
  plan: Plan,
  maxRuns: number,
  interrupted: AbortSignal,
): Promise<Shrunk | undefined> {
  const status = new StatusLine();
  const run: RunPlan = async (candidate, recordFates) => {
    const job = { from: { plan: candidate }, isTraced: false, recordFates };
    const report = await runs.run(job);
    return report && { ...report.result, fates: report.fates };
  };
  const shrunk = await shrinkPlan(plan, run, runs.info.sizes, {
    maxRuns,
    isStopped: () => interrupted.aborted,
    seen: ({ runs: done, size }) => {
      const { faults, clients, intents, overrides } = size;
      const left = `${faults} fault actions, ${clients} clients, ${intents} intents`;
      status.show(`${runs.info.name}  run ${done} of ${maxRuns}: ${left}, ${overrides} overrides`);
    },
  });
  status.clear();
  return shrunk;
}
