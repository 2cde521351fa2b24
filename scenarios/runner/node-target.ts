import { existsSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  describeThrown,
  PlanError,
  RunMetrics,
  Trace,
  type MessageOverride,
  type MetricsData,
  type Monitor,
  type TraceColumns,
  type TraceLevel,
} from '../../sim/index.ts';
import type { ProbeBound } from '../define/check.ts';
import type { HistoryLine } from '../define/history.ts';
import { ours, type Implementation } from '../define/implementation.ts';
import { ParamsError } from '../define/params.ts';
import type { Plan } from '../define/plan.ts';
import type { Registry } from '../define/registry.ts';
import type { RunResult } from '../define/result.ts';
import type { Span } from '../define/span.ts';
import type { Scenario } from '../define/scenario.ts';
import type { Verdict } from '../define/verdict.ts';
import { VERSION } from '../define/version.ts';
import { builtins } from './builtins.ts';
import { completing } from './complete-layers.ts';
import { makePlan, type PlanOverrides } from './make-plan.ts';
import type { ModuleVariable } from './module-state.ts';
import { nodeHost } from './node-host.ts';
import { readInput } from './node-input.ts';
import { inOwnSources } from './node-own-sources.ts';
import { loadUserCode, packageFile, type UserModules, type UserCode } from './node-user-code.ts';
import { runPlan, type Picture, type Run, type RunOptions } from './run-plan.ts';
import { UserCodeError } from './user-code-error.ts';

/** What to run, as the user said it: plain data, so that it can be handed to a worker. */
export interface TargetSpec {
  /** Name of a scenario or of an official test, or a path to a module. */
  readonly scenario: string;
  readonly overrides: PlanOverrides;
  /** Path of the implementation under test. */
  readonly impl?: string | undefined;
  readonly specimen?: string | undefined;
  /** See {@link WorldOptions.isStrict}. Default: no. */
  readonly isStrict?: boolean | undefined;
}

/** What others need to know of an opened target. */
export interface TargetInfo {
  readonly name: string;
  readonly test?: string | undefined;
  readonly lab?: number | undefined;
  readonly once: boolean;
  readonly probes: readonly ProbeBound[];
  readonly atLeast: Readonly<Record<string, number>>;
  readonly expect: Verdict;
  /** Names of the params that say how many nodes there are. */
  readonly sizes: readonly string[];
  /** Identity of the user's code, that of the scenario and that under test; undefined for ours. */
  readonly codeHash?: string | undefined;
}

/** What others need to know of code under test before they choose what to run it in. */
export interface CodeInfo {
  readonly hash: string;
  /** What it exports, by name. */
  readonly exported: readonly string[];
  /** Variables of its modules that it seems to change. */
  readonly variables: readonly ModuleVariable[];
}

/** @throws UserCodeError if it cannot be loaded */
export async function inspectCode(impl: string, modules: UserModules): Promise<CodeInfo> {
  const code = await loadUserCode(impl, modules);
  const { hash } = code;
  return { hash, exported: Object.keys(code.load()), variables: code.variables() };
}

/** One run to do. */
export interface Job {
  /** A seed to draw a plan from, or a plan. */
  readonly from: { readonly seed: string } | { readonly plan: Plan; readonly file?: string };
  /** Keep the history and the trace. */
  readonly isTraced: boolean;
  /** How much of the trace, if it is kept. Default: full. */
  readonly traceLevel?: TraceLevel;
  /** Keep figures of the run. Default: no. */
  readonly isMetered?: boolean;
  /** Keep the fate of every message. Default: no. */
  readonly recordFates?: boolean;
  /**
   * Evaluate the code under test once for all nodes and lives, as no cluster would: whoever keeps
   * state in variables of a module comes to something else then. Default: no.
   */
  readonly sharesModules?: boolean;
  /** Keep what a picture of the run needs. Default: no. */
  readonly isPictured?: boolean;
  /** Look for what code under test has left on globalThis. Default: no. */
  readonly seeksGlobals?: boolean;
}

/** What came of a job. */
export interface JobReport {
  /** Undefined if the run took its worker down before it was drawn. */
  readonly plan: Plan | undefined;
  readonly result: RunResult;
  readonly unmatchedOverrides: number;
  /** Ids of the fault actions whose targets were not found. */
  readonly unmatchedTargets: readonly string[];
  /** Only if traced. */
  readonly history: readonly HistoryLine[];
  readonly trace: TraceColumns;
  /** Only if asked for. */
  readonly metrics?: MetricsData | undefined;
  /** Overrides that would repeat the fate of every message; only if asked for. */
  readonly fates: readonly MessageOverride[];
  /** Files that the scenario has made for the user, by name. */
  readonly outputs: readonly (readonly [string, string])[];
  /** The timeline of the run. */
  readonly spans: readonly Span[];
  /** Only if asked for. */
  readonly picture?: Picture | undefined;
  /** Names on globalThis that are new since code under test was loaded; only if asked for. */
  readonly newGlobals?: readonly string[] | undefined;
}

/** Watches a job from outside; see node-watchdog.ts. */
export interface JobWatch {
  /** Told the plan that was drawn, before it runs. */
  planned(plan: Plan): void;
  readonly monitor: Monitor;
  readonly judging: () => void;
}

/** A scenario together with the code under test: loaded, and ready to run seeds. */
export class Target {
  readonly scenario: Scenario;
  readonly info: TargetInfo;
  private readonly spec: TargetSpec;
  private readonly implementation: Implementation;
  private readonly code: readonly UserCode[];

  private constructor(
    spec: TargetSpec,
    scenario: Scenario,
    implementation: Implementation,
    code: readonly UserCode[],
  ) {
    this.spec = spec;
    this.scenario = scenario;
    this.implementation = implementation;
    this.code = code;
    const { name, test, lab, once = false, expect, atLeast = {}, sizes = [] } = scenario;
    const probes = scenario.probes.map(({ name: probe, within }) => ({ name: probe, within }));
    const codeHash =
      code.length === 0 ? undefined : [VERSION, ...code.map(({ hash }) => hash)].join('-');
    this.info = { name, test, lab, once, probes, atLeast, expect, sizes, codeHash };
  }

  /**
   * @param modules what user code may import
   * @throws UnknownNameError, UserCodeError, ParamsError
   */
  static async open(registry: Registry, spec: TargetSpec, modules: UserModules): Promise<Target> {
    const own = isPath(spec.scenario) ? await loadUserCode(spec.scenario, modules) : undefined;
    const scenario =
      own === undefined ? registry.scenario(spec.scenario) : scenarioOf(own, spec.scenario);
    const code = await codeUnderTest(registry, spec, modules);
    const target = new Target(
      spec,
      scenario,
      code === undefined
        ? specimenLayers(registry, spec)
        : asImplementation(code, scenario, registry),
      [own, code].filter((item) => item !== undefined),
    );
    // Refuse wrong params before the first run.
    target.draw('check');
    return target;
  }

  /** Run a seed or a plan. */
  async run(job: Job, watch?: JobWatch): Promise<JobReport & { readonly plan: Plan }> {
    const { from, isTraced, isMetered, recordFates, traceLevel = 'full' } = job;
    const { sharesModules = false, isPictured } = job;
    watch?.monitor({ id: 'the plan of the scenario', incarnation: 0 }, 0, 0);
    const plan = 'plan' in from ? from.plan : this.draw(from.seed);
    if (!('plan' in from)) watch?.planned(plan);
    const trace = new Trace(isTraced ? traceLevel : 'off');
    const metrics = isMetered === true ? new RunMetrics() : undefined;
    const startedAt = performance.now();
    const {
      plan: started,
      result,
      history,
      unmatchedOverrides,
      unmatchedTargets,
      fates,
      outputs,
      spans,
      picture,
    } = await this.runPlan(plan, {
      host: nodeHost(),
      readInput,
      implementation: sharesModules ? evaluatedOnce(this.implementation) : this.implementation,
      trace: trace.level === 'off' ? undefined : trace,
      metrics,
      recordFates,
      isPictured,
      isStrict: this.spec.isStrict,
      monitor: watch?.monitor,
      judging: watch?.judging,
      // A trace fills the heap itself.
      heapBytes: isTraced ? () => undefined : collectedHeapBytes,
    });
    const wallMs = Math.round(performance.now() - startedAt);
    return {
      plan: started,
      result: { ...result, wallMs, ...this.mapped(result) },
      unmatchedOverrides,
      unmatchedTargets,
      history: isTraced ? history : [],
      trace: trace.toColumns(),
      metrics: metrics?.toData(),
      fates,
      outputs,
      spans: isTraced ? spans : [],
      picture,
      newGlobals: job.seeksGlobals === true ? builtins().newGlobals() : undefined,
    };
  }

  private async runPlan(plan: Plan, options: RunOptions): Promise<Run> {
    try {
      return await runPlan(this.scenario, plan, options);
    } catch (error) {
      if (!(error instanceof UserCodeError)) throw error;
      throw new UserCodeError(this.mapStack(error.message), { cause: error });
    } finally {
      this.refuseChanges();
    }
  }

  private draw(seed: string): Plan {
    try {
      return makePlan(this.scenario, seed, this.spec.overrides);
    } catch (error) {
      if (error instanceof ParamsError || error instanceof PlanError) throw error;
      const { stack, message } = describeThrown(error);
      const own = this.mapStack(stack ?? message);
      const text = `${this.spec.scenario}: plan() throws for seed ${seed}\n${own}`;
      throw new UserCodeError(text, { cause: error });
    }
  }

  /** Whatever else has come of it. */
  private refuseChanges(): void {
    for (const code of this.code) code.refuseChanges();
  }

  private mapStack(stack: string): string {
    return this.code.reduce((text, code) => code.mapStack(text), stack);
  }

  private mapped({ stack }: RunResult): { stack?: string } {
    if (stack === undefined) return {};
    return { stack: inOwnSources(this.mapStack(stack)) };
  }
}

/** A path, not a name: it names a file that is there, or ends like one. */
function isPath(name: string): boolean {
  return /\.[cm]?[jt]s$/.test(name) || (name.startsWith('.') && existsSync(name));
}

async function codeUnderTest(
  registry: Registry,
  { impl, specimen }: TargetSpec,
  modules: UserModules,
): Promise<UserCode | undefined> {
  if (impl !== undefined) return await loadUserCode(impl, modules);
  if (specimen === undefined) return undefined;
  const { edit } = registry.specimen(specimen);
  return edit === undefined ? undefined : await loadUserCode(packageFile(edit.file), modules, edit);
}

function specimenLayers(registry: Registry, { specimen }: TargetSpec): Implementation {
  if (specimen === undefined) return ours;
  const { id, layers = {} } = registry.specimen(specimen);
  return { name: id, evaluate: () => layers };
}

function scenarioOf(code: UserCode, path: string): Scenario {
  const { default: scenario } = code.load() as { default?: Partial<Scenario> };
  const isScenario =
    typeof scenario?.name === 'string' &&
    typeof scenario.setup === 'function' &&
    typeof scenario.plan === 'function';
  if (!isScenario) {
    throw new UserCodeError(`${path}: expected a default export made by defineScenario({...})`);
  }
  return scenario as Scenario;
}

/** Of what a user's file exports, the layers that the scenario knows. */
function asImplementation(code: UserCode, scenario: Scenario, registry: Registry): Implementation {
  if (scenario.onlyOurs !== undefined) {
    throw new UserCodeError(
      `${code.name}: ${scenario.name} takes no such file: ${scenario.onlyOurs}`,
    );
  }
  const ownLayers = scenario.layers as Readonly<Record<string, unknown>>;
  const known = Object.keys(ownLayers);
  const exported = code.load();
  const given = known.filter((name) => name in exported);
  if (given.length === 0) {
    throw new UserCodeError(
      `${code.name}: expected at least one export of ${known.join(', ')} for ${scenario.name}`,
    );
  }
  const odd = given.find((name) => typeof exported[name] !== typeof ownLayers[name]);
  if (odd !== undefined) {
    const expected = typeof ownLayers[odd];
    throw new UserCodeError(
      `${code.name}: ${odd}: expected a ${expected}, got ${typeof exported[odd]}`,
    );
  }
  const evaluate = (): Record<string, unknown> => {
    const fresh = code.evaluate();
    const layers = given.map((name) => {
      const contract = registry.contract(name) ?? [];
      return [name, completing(name, fresh[name], contract, code.frameOf(name))];
    });
    return Object.fromEntries(layers) as Record<string, unknown>;
  };
  return { name: code.name, evaluate };
}

function evaluatedOnce({ name, evaluate }: Implementation): Implementation {
  const layers = evaluate();
  return { name, evaluate: () => layers };
}

let collect: (() => void) | undefined;

/** Bytes of heap in use after a full collection. */
export function collectedHeapBytes(): number {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}
