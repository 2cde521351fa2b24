import { join } from 'node:path';
import pc from 'picocolors';
import type { Plan } from '../../scenarios/define/plan.ts';
import { isAsExpected, type RunResult } from '../../scenarios/define/result.ts';
import { exitCodeOf, ExitCode } from '../../scenarios/report/exit-code.ts';
import { prepareFolder, runFolder, writeRun } from '../../scenarios/report/node-output-folder.ts';
import { failureBlock, runLine } from '../../scenarios/report/text-run.ts';
import { shrunkBlock } from '../../scenarios/report/text-shrink.ts';
import type { JobReport } from '../../scenarios/runner/node-target.ts';
import { MAX_RUNS, type Shrunk } from '../../scenarios/shrink/shrink-plan.ts';
import { UsageError } from '../errors.ts';
import { onInterrupt } from '../interrupt.ts';
import { print, printJson, textWidth } from '../output.ts';
import { regressionName, saveRegression } from '../regressions.ts';
import { Runs } from '../runs.ts';
import { shrinkRuns } from '../shrink.ts';
import { blaming, subject, type Subject, type SubjectOptions } from '../subject.ts';

export interface ShrinkOptions extends SubjectOptions {
  readonly maxRuns?: string;
  /** Also store it as a regression, under this name or under one made of scenario and seed. */
  readonly save?: string | true;
  readonly json?: boolean;
}

/**
 * `shrink <plan | folder | scenario>`: the smallest plan that still fails in the same way. Exits as
 * `run` does with that plan; with 0 if there is nothing to shrink.
 */
export async function shrinkCommand(what: string, options: ShrinkOptions): Promise<number> {
  const maxRuns = runLimit(options.maxRuns);
  const found = subject(what, options);
  const interrupted = onInterrupt();
  const runs = await Runs.open(found.scenario, found.choices, interrupted);
  try {
    refuseMeter(runs);
    const first = await runs.run({ ...found.job, isTraced: false }).catch(blaming(found.file));
    if (first === undefined) return ExitCode.interrupted;
    const { signature, ...failed } = first.result;
    if (signature === undefined) return tellItPasses(first.result, options);
    const plan = planOf(first);
    const folder = runFolder(runs.info.name, `${plan.seed}-shrunk`);
    prepareFolder(folder);
    const saved = options.save === undefined ? undefined : regressionName(options.save, plan);
    const failure = { plan, failed: { ...failed, signature } };
    const shrunk = await shrinkRuns(runs, failure, maxRuns, interrupted);
    const report = await record(found, shrunk.plan, folder);
    if (!isSameFailure(shrunk, report.result)) return tellDrift(shrunk, report.result);
    if (saved !== undefined) saveRegression(saved, report);
    const end = { folder, saved, maxRuns, isInterrupted: interrupted.aborted };
    tell(shrunk, report, end, options);
    return interrupted.aborted ? ExitCode.interrupted : exitCodeOf(report.result);
  } finally {
    await runs.close();
  }
}

function runLimit(text: string | undefined): number {
  if (text === undefined) return MAX_RUNS;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new UsageError(`--max-runs: expected a whole number from 1, not "${text}"`);
}

function refuseMeter({ info }: Runs): void {
  if (!info.once) return;
  throw new UsageError(`${info.name} measures the heap: nothing of that is in its plan`);
}

/** The plan of a failure that left its worker alive. */
function planOf({ plan, result }: JobReport): Plan {
  if (plan !== undefined && result.digest !== '') return plan;
  throw new UsageError(
    `${result.reason}. Each run that ends like this takes its worker along: shrink does not help ` +
      `here, but it says where it happened`,
  );
}

/** Once more, with history and trace, in a fresh worker that nobody has interrupted. */
async function record({ scenario, choices }: Subject, plan: Plan, to: string): Promise<JobReport> {
  const runs = await Runs.open(scenario, choices, new AbortController().signal);
  try {
    const from = { plan, file: join(to, 'plan.json') };
    const report = await runs.run({ from, isTraced: true });
    if (report === undefined) throw new Error('nobody closes this session');
    writeRun(to, report);
    return report;
  } finally {
    await runs.close();
  }
}

function isSameFailure({ verdict, signature }: Shrunk, result: RunResult): boolean {
  return verdict === result.verdict && signature === result.signature;
}

function tellItPasses(result: RunResult, { json }: ShrinkOptions): number {
  if (json === true) printJson({ ...result, isShrunk: false });
  else print(`${runLine(result)}\nit does not fail: there is nothing to shrink`);
  return ExitCode.asExpected;
}

/** A failure that is not the same in a fresh worker depends on what ran before it. */
function tellDrift({ signature }: Shrunk, result: RunResult): number {
  const now = result.signature ?? result.verdict;
  process.stderr.write(
    pc.yellow(`the shrunk plan came to "${signature}", and in a fresh worker to "${now}"\n`) +
      'nondeterminism: verify may tell more; does a module keep state between runs?\n',
  );
  return ExitCode.nondeterminism;
}

interface End {
  readonly folder: string;
  /** File of the regression. */
  readonly saved: string | undefined;
  readonly maxRuns: number;
  readonly isInterrupted: boolean;
}

function tell(
  shrunk: Shrunk,
  { result, plan }: JobReport,
  end: End,
  { json }: ShrinkOptions,
): void {
  const { folder, saved, maxRuns, isInterrupted } = end;
  const { before, after, runs, isMinimal } = shrunk;
  if (json === true) {
    const counts = { isShrunk: true, before, after, runs, maxRuns, isMinimal, isInterrupted };
    printJson({ ...result, ...counts, folder, saved, plan });
    return;
  }
  print(shrunkBlock(shrunk, maxRuns));
  if (isInterrupted) print(pc.yellow('  interrupted: this is what has been reached'));
  else if (!isMinimal) {
    print(pc.yellow(`  all ${maxRuns} runs were used: --max-runs ${maxRuns * 5} may get further`));
  }
  print('');
  print(isAsExpected(result) ? runLine(result) : failureBlock(result, folder, textWidth()));
  if (saved !== undefined) print(`   saved in ${saved}`);
}
