import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pc from 'picocolors';
import { Trace } from '../../sim/index.ts';
import type { Plan } from '../../scenarios/define/plan.ts';
import { parsePlan } from '../../scenarios/define/plan-file.ts';
import { isAsExpected, type RunResult } from '../../scenarios/define/result.ts';
import { exitCodeOf, ExitCode } from '../../scenarios/report/exit-code.ts';
import { VERSION } from '../../scenarios/define/version.ts';
import { failureBlock, runLine } from '../../scenarios/report/text-run.ts';
import { unmatchedTexts } from '../../scenarios/report/unmatched.ts';
import type { Job, JobReport } from '../../scenarios/runner/node-target.ts';
import { isUsage, UsageError } from '../errors.ts';
import { onInterrupt } from '../interrupt.ts';
import { pageWidth, print, printJson, textWidth } from '../output.ts';
import { refuseStrangers, viewData, viewLines, viewOf, type ViewOptions } from '../replay-view.ts';
import { Runs } from '../runs.ts';
import { readText, type TargetOptions } from '../target-options.ts';

export interface ReplayOptions extends TargetOptions, ViewOptions {
  readonly seed?: string;
  readonly json?: boolean;
}

/** `replay <plan | folder | scenario>`: run it again and print the trace. */
export async function replayCommand(what: string, options: ReplayOptions): Promise<number> {
  const view = viewOf(options);
  const { scenario, code, job, recorded, file } = subject(what, options);
  const interrupted = onInterrupt();
  const isOtherCode = options.impl !== undefined || options.specimen !== undefined;
  const chosen = isOtherCode ? options : { ...options, ...code };
  const runs = await Runs.open(scenario, chosen, interrupted);
  try {
    // A trace fills the heap, and would spoil what such a scenario measures.
    const isTraced = !runs.info.once;
    const report = await runs.run({ ...job, isTraced }).catch((error: unknown) => {
      // What does not fit the scenario is known only now; the file is what the user can mend.
      if (file !== undefined && error instanceof Error && isUsage(error)) {
        error.message = `${file}: ${error.message}`;
      }
      throw error;
    });
    if (report === undefined) return ExitCode.interrupted;
    const { result } = report;
    const trace = Trace.from(report.trace);
    if (!isTraced) print(`${runs.info.name} measures the heap: it is run without a trace`);
    else refuseStrangers(view, trace, result.events);
    if (options.json === true) for (const item of viewData(trace, view)) printJson(item);
    else printText(report, viewLines(trace, view, pageWidth()));
    const drift = isOtherCode ? undefined : driftOf(recorded, report);
    if (drift === undefined) return exitCodeOf(result);
    process.stderr.write(`${pc.yellow(drift.text)}\n`);
    return drift.isSameCode ? ExitCode.nondeterminism : exitCodeOf(result);
  } finally {
    await runs.close();
  }
}

interface Subject {
  readonly scenario: string;
  readonly code: TargetOptions;
  readonly job: Job;
  /** The file of the plan. */
  readonly file?: string | undefined;
  readonly recorded?: Recording | undefined;
}

/** What was stored beside a plan: the digest it had, under which version and code. */
interface Recording {
  readonly digest: string;
  readonly faultlab: string;
  readonly codeHash: string | undefined;
}

function subject(what: string, options: ReplayOptions): Subject {
  const file = existsSync(what) && statSync(what).isDirectory() ? join(what, 'plan.json') : what;
  if (!file.endsWith('.json')) {
    // What begins like a path and is none was meant as one.
    if (/^(\.|\/|~)/.test(what) && !existsSync(what)) {
      throw new UsageError(`${what}: no such file or folder`);
    }
    const seed = options.seed ?? '1';
    return { scenario: what, code: {}, job: { from: { seed }, isTraced: true } };
  }
  const unfit = ['set', 'profile', 'disk', 'faults', 'seed'] as const;
  const given = unfit.find((name) => options[name] !== undefined);
  if (given !== undefined) {
    throw new UsageError(`--${given} does not go with a plan: a plan holds all of that itself`);
  }
  const plan: Plan = parsePlan(readText(file), file);
  const resultFile = join(dirname(file), 'result.json');
  const { scenarioFile = plan.scenario, impl, specimen } = plan.code ?? {};
  return {
    scenario: scenarioFile,
    code: { impl, specimen },
    job: { from: { plan, file }, isTraced: true },
    file,
    recorded: existsSync(resultFile) ? recordingOf(resultFile, plan) : undefined,
  };
}

function recordingOf(resultFile: string, plan: Plan): Recording {
  const { digest = '' } = JSON.parse(readText(resultFile)) as Partial<RunResult>;
  return { digest, faultlab: plan.faultlab, codeHash: plan.code?.hash };
}

function printText(report: JobReport, lines: Iterable<string>): void {
  const { plan, result } = report;
  if (plan !== undefined) {
    const faults = plan.faults.length === 0 ? 'no faults' : `${plan.faults.length} fault actions`;
    print(`${result.scenario}  seed ${result.seed}  ${plan.profile}, ties ${plan.ties}, ${faults}`);
  }
  for (const line of lines) print(line);
  print('');
  print(isAsExpected(result) ? runLine(result) : failureBlock(result, undefined, textWidth()));
  for (const text of unmatchedTexts(report)) print(pc.yellow(text));
}

/** How a replay differs from its recording, if it does. */
function driftOf(
  recorded: Recording | undefined,
  { result, plan }: JobReport,
): { text: string; isSameCode: boolean } | undefined {
  if (recorded === undefined || recorded.digest === '') return undefined;
  if (recorded.digest === result.digest) return undefined;
  const had = `the recording has digest ${recorded.digest}`;
  const isSameCode = recorded.faultlab === VERSION && recorded.codeHash === plan?.code?.hash;
  const why = isSameCode
    ? `version and code under test are the same: nondeterminism, or Faultlab itself was edited`
    : 'the code has changed since';
  return { text: `${had}; ${why}`, isSameCode };
}
