import {
  checkBudget,
  describeThrown,
  guarded,
  PlanError,
  placeOf,
  World,
  YIELD_EVERY,
  type CallRecorder,
  type Failure,
  type FaultAction,
  type Host,
  type MessageOverride,
  type Monitor,
  type RunMetrics,
  type TraceSink,
} from '../../sim/index.ts';
import type { Check, CheckedHistory, FinishedRun, Probe } from '../define/check.ts';
import type { HistoryLine } from '../define/history.ts';
import { ours, type Implementation } from '../define/implementation.ts';
import { latencyOf } from '../define/latency.ts';
import { parseParams } from '../define/params.ts';
import type { Plan } from '../define/plan.ts';
import type { RunResult } from '../define/result.ts';
import type { Span } from '../define/span.ts';
import type { Scenario, Selector } from '../define/scenario.ts';
import type { Revealed } from '../define/view.ts';
import { signatureOf, type Finding } from '../define/verdict.ts';
import { measureOperations } from './operation-metrics.ts';
import { ScenarioTester, type ReadInput } from './scenario-tester.ts';

/** A run that has not ended by then will not end. */
const MAX_EVENTS = 20_000_000;

/** What a run needs beyond its plan. */
export interface RunOptions {
  readonly host: Host;
  /** Code under test; default: ours. */
  readonly implementation?: Implementation | undefined;
  readonly trace?: TraceSink | undefined;
  /** Keeps figures of the run, those of client operations among them. Default: none are kept. */
  readonly metrics?: RunMetrics | undefined;
  readonly monitor?: Monitor | undefined;
  /** Heap in use after a collection, where the host can tell. */
  readonly heapBytes?: () => number | undefined;
  /** Files of the user's; default: there are none. */
  readonly readInput?: ReadInput | undefined;
  /** Prove what is otherwise believed of nodes; see {@link WorldOptions.isStrict}. */
  readonly isStrict?: boolean | undefined;
  /** Keep the fate of every message, for a shrinker. Default: no. */
  readonly recordFates?: boolean | undefined;
  /** Keep what a picture of the run needs: see {@link Picture}. Default: no. */
  readonly isPictured?: boolean | undefined;
  /** Told of every env call: see {@link crashPointsOf}. */
  readonly recordCalls?: CallRecorder | undefined;
  /** Called when the run is over and its judges begin. */
  readonly judging?: (() => void) | undefined;
}

/** What is seen of a run besides its trace and history. */
export interface Picture {
  /** What nodes knew, as the scenario has told it. */
  readonly revealed: readonly Revealed[];
  /** What the checks made of the operations. */
  readonly checked: readonly CheckedHistory[];
}

/** A run that is over, and what it came to. */
export interface Run {
  readonly plan: Plan;
  /** Without wall time and repro line, which the caller knows. */
  readonly result: RunResult;
  readonly history: readonly HistoryLine[];
  /** Overrides of the plan that found no message. */
  readonly unmatchedOverrides: number;
  /** Ids of fault actions that found nothing to hit. */
  readonly unmatchedTargets: readonly string[];
  /** Overrides that would repeat the fate of every message; only if asked for. */
  readonly fates: readonly MessageOverride[];
  /** Files that the scenario has made for the user, by name. */
  readonly outputs: readonly (readonly [string, string])[];
  /** The timeline of the run. */
  readonly spans: readonly Span[];
  /** Only if asked for. */
  readonly picture: Picture | undefined;
}

/**
 * Run a plan and judge it: plan, world, history and digest, checks, verdict.
 * @throws PlanError if the plan does not fit the scenario: unknown nodes, impossible times, more
 *   faults than its budget allows
 * @throws ParamsError if its params do not
 * @throws UserCodeError if the scenario refuses what the user has given
 */
export async function runPlan(scenario: Scenario, drawn: Plan, options: RunOptions): Promise<Run> {
  const plan: Plan = { ...drawn, params: parseParams(scenario, drawn.params) };
  const budget = scenario.budget?.(plan.params);
  if (budget !== undefined) checkBudget(plan.faults, budget);
  let tester = await execute(scenario, plan, options, YIELD_EVERY);
  if (tester.world.hasStrayRejection) {
    // The host reports it late, perhaps after what it has led to, and names nobody. The same run
    // again, one event at a time, tells who left it behind, and what came first: nothing else
    // depends on how often the host has its turn.
    (options.metrics ?? options.trace)?.restart?.();
    tester = await execute(scenario, plan, options, 1);
  }
  if (tester.refusal !== undefined) throw tester.refusal;
  if (options.metrics !== undefined) measureOperations(options.metrics, tester.history.lines);
  options.judging?.();
  const finding = verdictOf(scenario, tester);
  return {
    plan: asStarted(plan, tester.world.faultsStarted),
    result: resultOf(scenario, tester, finding),
    history: tester.history.lines,
    unmatchedOverrides: tester.world.network.overrides.unmatched,
    unmatchedTargets: tester.world.unmatchedTargets,
    fates: tester.world.network.fates ?? [],
    outputs: [...tester.outputs],
    spans: tester.timeline(),
    picture: options.isPictured === true ? pictureOf(scenario, tester) : undefined,
  };
}

/** The plan with the targets that its actions had when they started, so that it repeats the run. */
function asStarted(plan: Plan, started: readonly FaultAction[]): Plan {
  const byId = new Map(started.map((action) => [action.id, action]));
  return { ...plan, faults: plan.faults.map((action) => byId.get(action.id) ?? action) };
}

async function execute(
  scenario: Scenario,
  plan: Plan,
  options: RunOptions,
  yieldEvery: number,
): Promise<ScenarioTester> {
  const { host, trace, metrics, monitor, recordFates, recordCalls, isStrict } = options;
  const { implementation = ours, heapBytes = unknownHeap, readInput = noInput } = options;
  // What a selector asks of the tester is known by the time that a fault starts.
  const selectors = Object.entries(scenario.selectors ?? {}).map(
    ([name, select]) => [name, (): ReturnType<Selector> => select(tester)] as const,
  );
  const world: World = new World(plan.seed, {
    host,
    plan,
    trace,
    metrics,
    monitor,
    recordFates,
    isStrict,
    recordCalls,
    selectors: Object.fromEntries(selectors),
  });
  for (const invariant of scenario.invariants ?? []) world.addInvariant(invariant);
  const tester: ScenarioTester = new ScenarioTester(scenario, plan, world, implementation, {
    heapBytes,
    readInput,
    isPictured: options.isPictured === true,
  });
  monitor?.({ id: 'the set-up of the scenario', incarnation: 0 }, 0, 0);
  try {
    tester.begin();
  } catch (error) {
    if (error instanceof PlanError) throw error;
    world.kernel.fail('crash', 'the scenario throws', error);
    return tester;
  }
  await world.run({ untilMs: scenario.maxSimMs, maxEvents: MAX_EVENTS, yieldEvery });
  return tester;
}

function resultOf(
  scenario: Scenario,
  { plan, world, history, activity }: ScenarioTester,
  finding: Finding | undefined,
): RunResult {
  const { digest } = world.kernel;
  history.foldInto(digest);
  const { counters } = world.network;
  return {
    format: 1,
    scenario: scenario.name,
    seed: plan.seed,
    verdict: finding?.verdict ?? 'pass',
    expected: scenario.expect,
    ...(finding === undefined ? {} : reported(finding)),
    digest: digest.hex(),
    events: world.events,
    simMs: world.now(),
    wallMs: 0,
    operations: history.completed,
    messages: counters.messages,
    calls: counters.calls,
    bytes: counters.bytes,
    latency: latencyOf(history.lines),
    activity: {
      lost: counters.lost,
      late: counters.late,
      crashes: world.crashes,
      ...(counters.unknown === 0 ? {} : { unknown: counters.unknown }),
      ...Object.fromEntries(activity),
    },
    probes: Object.fromEntries(world.probes),
    awaited: scenario.probes.filter((probe) => appliesTo(probe, plan)).map((probe) => probe.name),
    repro: '',
  };
}

/**
 * What went wrong first. A run that was too slow is judged none the less: wrong answers matter more
 * than late ones, and the late ones are often their doing.
 */
function verdictOf(scenario: Scenario, tester: ScenarioTester): Finding | undefined {
  const finding = findingOf(tester, scenario);
  if (finding !== undefined && finding.class !== 'liveness') return finding;
  const judged = judge(scenario, tester);
  return finding === undefined || judged?.class === 'safety' ? judged : finding;
}

/** What went wrong while the run went on. */
function findingOf(tester: ScenarioTester, scenario: Scenario): Finding | undefined {
  const { world } = tester;
  const { failure } = world;
  if (failure !== undefined) return fromFailure(failure, tester);
  if (tester.hasFinished) return undefined;
  const waiting = tester.history.lines.filter((line) => line.status === 'pending').length;
  const why =
    world.events >= MAX_EVENTS
      ? `not finished after ${MAX_EVENTS} events`
      : world.now() < scenario.maxSimMs
        ? 'nothing is left to happen, and the scenario still waits'
        : `not finished after ${scenario.maxSimMs} ms of virtual time`;
  return {
    verdict: 'violation',
    class: 'liveness',
    check: 'the run comes to an end',
    message: `${why}; ${waiting} operations are pending`,
    event: world.events,
  };
}

function fromFailure(failure: Failure, tester: ScenarioTester): Finding {
  const isViolation = failure.kind === 'violation';
  return {
    verdict: isViolation ? 'violation' : 'crash',
    class: isViolation ? (tester.failedClass ?? 'safety') : undefined,
    check: failure.rule,
    message: failure.message,
    event: failure.event,
    where: placeOf(failure),
    // An assertion of the scenario is told by its message; a crash by its stack.
    stack: isViolation ? undefined : failure.stack,
  };
}

function finished({ plan, history, world, activity }: ScenarioTester): FinishedRun {
  return { plan, history: history.lines, counters: world.network.counters, activity };
}

/** A check whose picture cannot be drawn has none: its verdict says what is wrong with it. */
function pictureOf(scenario: Scenario, tester: ScenarioTester): Picture {
  const run = finished(tester);
  const checked = scenario.checks.flatMap((check): CheckedHistory[] => {
    if (check.picture === undefined) return [];
    try {
      return [{ check: check.name, ...check.picture(run) }];
    } catch {
      return [];
    }
  });
  return { revealed: tester.revealed, checked };
}

/** The first violation that a check finds; without one, the first check that could not tell. */
function judge(scenario: Scenario, tester: ScenarioTester): Finding | undefined {
  const run = finished(tester);
  let undecided: Finding | undefined;
  for (const check of scenario.checks) {
    const found = judgeOne(check, run);
    if (found === undefined) continue;
    const finding = { check: check.name, ...found };
    if (finding.verdict !== 'unknown') return finding;
    undecided ??= finding;
  }
  return undecided;
}

/** A condition that throws demands all the more. */
function appliesTo(probe: Probe, plan: Plan): boolean {
  try {
    return probe.when?.(plan) !== false;
  } catch {
    return true;
  }
}

function isFinding(found: unknown): found is Omit<Finding, 'check'> {
  if (typeof found !== 'object' || found === null) return false;
  const { verdict, message } = found as { verdict?: unknown; message?: unknown };
  return typeof verdict === 'string' && typeof message === 'string';
}

/** A check that throws has not judged. */
function judgeOne(check: Check, run: FinishedRun): Omit<Finding, 'check'> | undefined {
  try {
    const found: unknown = guarded(`the check "${check.name}"`, () => check.judge(run));
    if (found === undefined || isFinding(found)) return found;
    throw new Error('it must answer undefined or {verdict, message}, at once');
  } catch (error) {
    const { message, stack } = describeThrown(error);
    return {
      verdict: 'crash',
      kind: 'the check throws',
      message: `the check throws: ${message}`,
      stack,
    };
  }
}

function reported(finding: Finding): Partial<RunResult> {
  return {
    class: finding.class,
    check: finding.check,
    signature: signatureOf(finding),
    reason: finding.message,
    event: finding.event,
    where: finding.where,
    stack: finding.stack,
    story: finding.story,
  };
}

function unknownHeap(): undefined {
  return undefined;
}

function noInput(file: string): never {
  throw new Error(`${file} cannot be read: there are no files here`);
}
