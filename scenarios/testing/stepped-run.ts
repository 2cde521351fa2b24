import { Trace } from '../../sim/index.ts';
import type { Implementation } from '../define/implementation.ts';
import type { Plan } from '../define/plan.ts';
import type { Scenario } from '../define/scenario.ts';
import type { SteppedRun } from '../report/step/stepper.ts';
import { nodeHost } from '../runner/node-host.ts';
import { runPlan } from '../runner/run-plan.ts';

/** A run with all that one needs to step through it, or to compare it with another one. */
export async function steppedRun(
  scenario: Scenario,
  plan: Plan,
  name: string = '',
  implementation?: Implementation,
): Promise<SteppedRun> {
  const trace = new Trace();
  const options = { host: nodeHost(), trace, recordFates: true, implementation };
  const run = await runPlan(scenario, plan, options);
  return { name, trace, ...run };
}
