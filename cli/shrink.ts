import { shrinkPlan, type Failure, type Shrunk } from '../scenarios/shrink/shrink-plan.ts';
import type { RunPlan } from '../scenarios/shrink/trials.ts';
import { StatusLine } from './output.ts';
import type { Runs } from './runs.ts';

/** Shrink a failing plan by runs in a worker. If interrupted, as far as it went. */
export async function shrinkRuns(
  runs: Runs,
  failure: Pick<Failure, 'plan' | 'failed'>,
  maxRuns: number,
  interrupted: AbortSignal,
): Promise<Shrunk> {
  const status = new StatusLine();
  const { name, sizes } = runs.info;
  const run: RunPlan = async (plan, recordFates) => {
    const report = await runs.run({ from: { plan }, isTraced: false, recordFates });
    return report && { ...report.result, fates: report.fates };
  };
  const shrunk = await shrinkPlan(
    { ...failure, run, sizes },
    {
      maxRuns,
      isStopped: () => interrupted.aborted,
      seen: ({ runs: done, size }) => {
        const { faults, clients, intents, overrides } = size;
        const left = `${faults} fault actions, ${clients} clients, ${intents} intents`;
        status.show(`${name}  run ${done} of ${maxRuns}: ${left}, ${overrides} overrides`);
      },
    },
  );
  status.clear();
  return shrunk;
}
