import { createInterface, type Interface } from 'node:readline';
import { writeFileSync } from 'node:fs';
import pc from 'picocolors';
import { Trace } from '../../sim/index.ts';
import { FileError } from '../../scenarios/define/file-error.ts';
import type { Plan } from '../../scenarios/define/plan.ts';
import { isAsExpected } from '../../scenarios/define/result.ts';
import { exitCodeOf, ExitCode } from '../../scenarios/report/exit-code.ts';
import { commandNames, obeyLine } from '../../scenarios/report/step/step-command.ts';
import { StepError } from '../../scenarios/report/step/step-error.ts';
import { Stepper, type SteppedRun } from '../../scenarios/report/step/stepper.ts';
import { fold } from '../../scenarios/report/text-fold.ts';
import { failureBlock, runLine } from '../../scenarios/report/text-run.ts';
import { matches } from '../../scenarios/report/trace-filter.ts';
import { unmatchedTexts } from '../../scenarios/report/unmatched.ts';
import type { Job, JobReport } from '../../scenarios/runner/node-target.ts';
import { UsageError } from '../errors.ts';
import { onInterrupt } from '../interrupt.ts';
import { pageWidth, print, textWidth } from '../output.ts';
import { refuseStrangers, viewOf } from '../replay-view.ts';
import { Runs } from '../runs.ts';
import { blaming, subject } from '../subject.ts';
import { driftOf, type ReplayOptions } from './replay.ts';

/** Options of `replay` that mean nothing to somebody who steps. */
const UNFIT = ['event', 'why', 'state', 'lines', 'metrics', 'perfetto', 'shiviz', 'json'] as const;

/** `replay --step`: go through a run event by event, at a prompt or by commands on stdin. */
export async function stepCommand(what: string, options: ReplayOptions): Promise<number> {
  const unfit = UNFIT.find((name) => options[name] !== undefined);
  if (unfit !== undefined) throw new UsageError(`--${unfit} does not go with --step`);
  const view = viewOf(options);
  const { scenario, choices, isOtherCode, job, recorded, file } = subject(what, options);
  const interrupted = onInterrupt();
  const runs = await Runs.open(scenario, choices, interrupted);
  try {
    const { name, once } = runs.info;
    if (once) throw new UsageError(`${name} measures the heap: it is run without a trace`);
    const report = await runs.run({ ...job, recordFates: true }).catch(blaming(file));
    if (report === undefined) return ExitCode.interrupted;
    const { result } = report;
    // It took its worker down: there is nothing to step through.
    if (result.digest === '') {
      print(failureBlock(result, undefined, textWidth()));
      return exitCodeOf(result);
    }
    const run = asStepped(report, '');
    refuseStrangers(view, run.trace, result.events);
    print(isAsExpected(result) ? runLine(result) : failureBlock(result, undefined, textWidth()));
    for (const text of unmatchedTexts(report)) print(pc.yellow(text));
    const drift = isOtherCode ? undefined : driftOf(recorded, report);
    if (drift !== undefined) print(pc.yellow(drift.text));
    print('\nEnter: the next event. help: what else there is. q: the end.');
    const stepper = new Stepper(run, {
      width: pageWidth(),
      isShown: (record) => matches(record, view.filter),
      rerun: (plan, label) => rerun(runs, plan, label),
      save: savePlan,
    });
    await talk(stepper, interrupted);
    if (interrupted.aborted) return ExitCode.interrupted;
    return drift?.isSameCode === true ? ExitCode.nondeterminism : exitCodeOf(result);
  } finally {
    await runs.close();
  }
}

/** Read lines and obey them, until there are no more. */
async function talk(stepper: Stepper, interrupted: AbortSignal): Promise<void> {
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
  const lines = createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal: isTerminal,
    completer: (line: string) => completions(line, stepper),
  });
  interrupted.addEventListener('abort', () => lines.close());
  // The terminal is raw: Ctrl-C comes as a key, and is to do what it does everywhere else.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  print(stepper.here().join('\n'));
  ask(lines, stepper, isTerminal);
  for await (const line of lines) {
    // What came through a pipe is not on the screen yet.
    if (!isTerminal) print(stepper.prompt + line);
    const told = await answer(stepper, line);
    if (told === undefined || interrupted.aborted) break;
    if (told.length > 0) print(told.join('\n'));
    ask(lines, stepper, isTerminal);
  }
  lines.close();
}

function ask(lines: Interface, stepper: Stepper, isTerminal: boolean): void {
  if (!isTerminal) return;
  lines.setPrompt(pc.bold(stepper.prompt));
  lines.prompt();
}

/** What somebody typed wrong is told, and ends nothing. */
async function answer(stepper: Stepper, line: string): Promise<readonly string[] | undefined> {
  try {
    return await obeyLine(stepper, line);
  } catch (error) {
    if (!(error instanceof StepError || error instanceof FileError)) throw error;
    const lines = error.message.split('\n');
    return lines.flatMap((text) => fold(text, pageWidth())).map(pc.red);
  }
}

function completions(line: string, { names }: Stepper): [string[], string] {
  const words = line.split(' ');
  const last = words.at(-1) ?? '';
  const known = words.length === 1 ? commandNames : names;
  return [known.filter((name) => name.startsWith(last)).map((name) => `${name} `), last];
}

async function rerun(runs: Runs, plan: Plan, name: string): Promise<SteppedRun> {
  const job: Job = { from: { plan }, isTraced: true, recordFates: true };
  const report = await runs.run(job);
  if (report === undefined) throw new StepError('interrupted');
  return asStepped(report, name);
}

/** @throws StepError if the run took its worker down, so that nothing of it was kept */
function asStepped(report: JobReport, name: string): SteppedRun {
  const { plan, result, trace, history, fates } = report;
  if (plan !== undefined && result.digest !== '') {
    return { name, plan, result, trace: Trace.from(trace), history, fates };
  }
  const why = `${result.verdict}: ${result.reason ?? ''}`;
  throw new StepError(`the run took its worker down, and there is no trace of it: ${why}`);
}

function savePlan(file: string, plan: Plan): void {
  try {
    writeFileSync(file, `${JSON.stringify(plan, undefined, 2)}\n`, { flag: 'wx' });
  } catch (error) {
    throw new FileError(file, `cannot be written: ${(error as Error).message}`);
  }
}
