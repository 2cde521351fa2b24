import type { TraceSink } from '../../sim/index.ts';
import { ours, type Implementation } from '../define/implementation.ts';
import type { Plan, PlanCode } from '../define/plan.ts';
import type { Layers, Scenario } from '../define/scenario.ts';
import { reproLine } from '../report/repro.ts';
import { worldChoicesOf } from '../define/world-choices.ts';
import { makePlan, type PlanOverrides } from '../runner/make-plan.ts';
import { nodeHost } from '../runner/node-host.ts';
import { runPlan, type Run } from '../runner/run-plan.ts';

/** Whose code runs. Default: the scenario's own layers. */
export interface CodeUnderTest {
  /** Layers of yours instead of the scenario's: `{ makeKvServer }`. */
  readonly layers?: Layers | undefined;
  /** The same, evaluated afresh for each incarnation of each node. Wins over `layers`. */
  readonly implementation?: Implementation | undefined;
  /**
   * Where the command finds the same scenario and code. With it, what fails here is run again by a
   * line for the shell.
   */
  readonly code?: PlanCode | undefined;
}

/** How to run one seed or plan. Params, profile and faults go with a seed; a plan has its own. */
export interface RunScenarioOptions extends CodeUnderTest, PlanOverrides {
  readonly trace?: TraceSink | undefined;
}

/** A run in a test. */
export interface ScenarioRun extends Run {
  /** Can the command run it, too? Only if it knows the scenario and the code under test. */
  readonly isKnownToCommand: boolean;
}

/**
 * Run one seed or plan, here and now, and judge it. One world runs at a time: a second call waits
 * for the first.
 * @throws ParamsError, PlanError if params or plan do not fit the scenario
 */
export async function runScenario(
  scenario: Scenario,
  from: Plan | string | number,
  options: RunScenarioOptions = {},
): Promise<ScenarioRun> {
  const { code, layers, implementation = implementationOf(layers) } = options;
  const plan = typeof from === 'object' ? from : makePlan(scenario, String(from), options);
  const startedAt = performance.now();
  const run = await runPlan(scenario, plan, {
    host: nodeHost(),
    implementation,
    trace: options.trace,
  });
  const wallMs = Math.round(performance.now() - startedAt);
  const isKnownToCommand =
    (scenario.lab !== undefined || code?.scenarioFile !== undefined) &&
    (implementation === ours || code?.impl !== undefined || code?.specimen !== undefined);
  const known = isKnownToCommand && typeof from !== 'object';
  const repro = known ? lineFor(scenario, plan.seed, options) : '';
  return {
    ...run,
    plan: code === undefined ? run.plan : { ...run.plan, code },
    result: { ...run.result, wallMs, repro },
    isKnownToCommand,
  };
}

function implementationOf(layers: Layers | undefined): Implementation {
  if (layers === undefined) return ours;
  return { name: 'layers of the test', evaluate: () => layers };
}

function lineFor(scenario: Scenario, seed: string, options: RunScenarioOptions): string {
  const { code = {}, params = {}, faults } = options;
  // Faults of one's own stand in a file, for the command; the kept plan holds them.
  if (faults !== undefined && faults.length > 0) return '';
  const choices = {
    scenario: code.scenarioFile ?? scenario.name,
    set: Object.entries(params).map(([name, value]) => `${name}=${JSON.stringify(value)}`),
    ...worldChoicesOf(options),
    faults: faults === undefined ? undefined : 'none',
    impl: code.impl,
    specimen: code.specimen,
  };
  return reproLine(choices, seed, code.hash);
}
