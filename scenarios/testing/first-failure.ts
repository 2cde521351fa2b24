import type { JsonObject } from '../define/plan.ts';
import type { RunResult } from '../define/result.ts';
import type { Scenario } from '../define/scenario.ts';
import { runScenario } from './run-scenario.ts';

/** Layers with something wrong, and how hard to look for it. */
export interface Broken {
  readonly layers: object;
  readonly params?: JsonObject;
  /** Seeds of which one must show it; default: the first. */
  readonly seeds?: number;
}

/** What a failing plan came to, with the broken layers and with ours; undefined = none failed. */
export interface FirstFailure {
  readonly broken: RunResult | undefined;
  readonly ours: RunResult | undefined;
}

/** Run seeds until one fails, and then the same plan with ours. */
export async function firstFailure(
  scenario: Scenario,
  { layers, params = {}, seeds = 1 }: Broken,
): Promise<FirstFailure> {
  for (let seed = 1; seed <= seeds; seed++) {
    const broken = await runScenario(scenario, seed, { layers, params });
    if (broken.result.verdict === 'pass') continue;
    const ours = await runScenario(scenario, broken.plan);
    return { broken: broken.result, ours: ours.result };
  }
  return { broken: undefined, ours: undefined };
}
