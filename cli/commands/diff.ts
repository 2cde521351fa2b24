import { Trace, type TraceLevel } from '../../sim/index.ts';
import { compareRuns, type ComparedRun } from '../../scenarios/report/diff/compare-runs.ts';
import { comparisonData } from '../../scenarios/report/diff/json-diff.ts';
import { sweepChangesText } from '../../scenarios/report/diff/sweep-changes.ts';
import { comparisonLines } from '../../scenarios/report/diff/text-diff.ts';
import { ExitCode } from '../../scenarios/report/exit-code.ts';
import { areSweeps, diffSweeps } from '../diff-sweeps.ts';
import { diffSides, type DiffOptions, type DiffSide } from '../diff-sides.ts';
import { UsageError } from '../errors.ts';
import { onInterrupt } from '../interrupt.ts';
import { pageWidth, print, printJson, textWidth } from '../output.ts';
import { recordedRun } from '../recorded-run.ts';
import { Runs } from '../runs.ts';
import { blaming, type Subject } from '../subject.ts';

export interface DiffCommandOptions extends DiffOptions {
  readonly json?: boolean;
}

/** `diff A [B]`: two runs aligned by cause, and where they part. */
export async function diffCommand(
  whats: readonly string[],
  options: DiffCommandOptions,
): Promise<number> {
  if (areSweeps(whats)) return tellSweeps(whats, options);
  const sides = diffSides(whats, options);
  const compared: ComparedRun[] = [];
  const interrupted = onInterrupt();
  let runs: Runs | undefined;
  try {
    for (const side of sides) {
      const done = side.kind === 'recorded' ? recordedRun(side.folder) : undefined;
      if (done !== undefined) {
        compared.push({ ...done, name: side.name });
        continue;
      }
      const { subject } = side as Extract<DiffSide, { kind: 'run' }>;
      runs = await Runs.next(runs, subject.scenario, subject.choices, interrupted);
      const level = compared[0]?.trace.level ?? 'full';
      const run = await runOnce(runs, subject, side.name, level);
      if (run === undefined) return ExitCode.interrupted;
      compared.push(run);
    }
  } finally {
    await runs?.close();
  }
  const [a, b] = compared as [ComparedRun, ComparedRun];
  const comparison = compareRuns(a, b);
  if (options.json === true) printJson(comparisonData(comparison));
  else for (const line of comparisonLines(comparison, pageWidth())) print(line);
  return comparison.isSame ? ExitCode.asExpected : ExitCode.violation;
}

/** `diff OLD.jsonl [NEW.jsonl]`: which seeds of a sweep have changed their meaning. */
async function tellSweeps(
  whats: readonly string[],
  { json, ...others }: DiffCommandOptions,
): Promise<number> {
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw new UsageError(`--${other}: a sweep is compared as it was run, with its own options`);
  }
  const changes = await diffSweeps(whats, onInterrupt());
  if (changes === undefined) return ExitCode.interrupted;
  if (json === true) printJson({ format: 1, ...changes });
  else print(sweepChangesText(changes, textWidth()));
  const { ends, ways } = changes;
  return ends.length + ways.length === 0 ? ExitCode.asExpected : ExitCode.violation;
}

/** @param traceLevel that of the other run: what one does not tell, the other cannot match */
async function runOnce(
  runs: Runs,
  { job, file }: Subject,
  name: string,
  traceLevel: TraceLevel,
): Promise<ComparedRun | undefined> {
  if (runs.info.once) {
    throw new UsageError(`${runs.info.name} measures the heap: there is no trace to compare`);
  }
  const report = await runs.run({ ...job, traceLevel }).catch(blaming(file));
  if (report === undefined) return undefined;
  const { plan, result, trace, history } = report;
  return { name, plan, result, trace: Trace.from(trace), history };
}
