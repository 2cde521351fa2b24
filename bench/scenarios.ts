import { packs } from '../scenarios/catalogue.ts';
import { Registry } from '../scenarios/define/registry.ts';
import { makePlan } from '../scenarios/runner/make-plan.ts';
import { nodeHost } from '../scenarios/runner/node-host.ts';
import { runPlan } from '../scenarios/runner/run-plan.ts';
import { Trace } from '../sim/index.ts';
import { compare } from './measure.ts';

export interface ScenarioSpeed {
  readonly scenario: string;
  /** Whole runs, judged by their checks. */
  readonly eventsPerSecond: number;
  readonly runsPerSecond: number;
  /** How many times as long a run takes with a full trace. */
  readonly traceFactor: number;
}

const registry = new Registry(packs);

/** Speed of a scenario over a number of seeds, with and without a trace. */
export async function scenarioSpeed(
  name: string,
  seeds: number,
  rounds: number,
): Promise<ScenarioSpeed> {
  const scenario = registry.scenario(name);
  const side = (isTraced: boolean) => async (): Promise<number> => {
    let events = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const trace = isTraced ? new Trace() : undefined;
      const plan = makePlan(scenario, String(seed));
      const { result } = await runPlan(scenario, plan, { host: nodeHost(), trace });
      if (result.verdict !== 'pass') throw new Error(`${name}, seed ${seed}: ${result.verdict}`);
      events += result.events;
    }
    return events;
  };
  const untraced = side(false);
  const events = await untraced();
  const traced = side(true);
  const { oursNs, ratio } = await compare(
    { name, unit: 'event', ours: untraced, yardstick: traced },
    rounds,
  );
  const eventsPerSecond = 1e9 / oursNs;
  return {
    scenario: name,
    eventsPerSecond,
    runsPerSecond: (eventsPerSecond / events) * seeds,
    traceFactor: ratio,
  };
}
