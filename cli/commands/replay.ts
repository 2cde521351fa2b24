import pc from 'picocolors';
import { Trace } from '../../sim/index.ts';
import { isAsExpected } from '../../scenarios/define/result.ts';
import { exitCodeOf, ExitCode } from '../../scenarios/report/exit-code.ts';
import { VERSION } from '../../scenarios/define/version.ts';
import { failureBlock, runLine } from '../../scenarios/report/text-run.ts';
import { timelineText } from '../../scenarios/report/text-timeline.ts';
import { unmatchedTexts } from '../../scenarios/report/unmatched.ts';
import type { JobReport } from '../../scenarios/runner/node-target.ts';
import { UsageError } from '../errors.ts';
import { onInterrupt } from '../interrupt.ts';
import { pageWidth, print, printJson, textWidth } from '../output.ts';
import { printMetrics } from '../metrics-view.ts';
import { hasPage, prepareExports, writeExports, type ExportOptions } from '../replay-exports.ts';
import { refuseStrangers, viewData, viewLines, viewOf, type ViewOptions } from '../replay-view.ts';
import { Runs } from '../runs.ts';
import { blaming, subject, type Recording, type SubjectOptions } from '../subject.ts';

export interface ReplayOptions extends SubjectOptions, ViewOptions, ExportOptions {
  readonly json?: boolean;
  readonly step?: boolean;
}

/** `replay <plan | folder | scenario>`: run it again and print the trace. */
export async function replayCommand(what: string, options: ReplayOptions): Promise<number> {
  const view = viewOf(options);
  prepareExports(options);
  const { scenario, choices, isOtherCode, job, recorded, file } = subject(what, options);
  const interrupted = onInterrupt();
  const runs = await Runs.open(scenario, choices, interrupted);
  try {
    // A trace fills the heap, and would spoil what such a scenario measures.
    const isTraced = !runs.info.once;
    const isMetered = options.metrics === true;
    if (!isTraced) refuseExports(runs.info.name, options);
    const report = await runs.run({ ...job, isTraced, isMetered }).catch(blaming(file));
    if (report === undefined) return ExitCode.interrupted;
    const { result } = report;
    const trace = Trace.from(report.trace);
    if (!isTraced) print(`${runs.info.name} measures the heap: it is run without a trace`);
    else refuseStrangers(view, trace, result.events);
    const isJson = options.json === true;
    const hasTrace = hasPage(options);
    if (isJson && hasTrace) for (const item of viewData(trace, view)) printJson(item);
    else if (!isJson) printText(report, hasTrace ? viewLines(trace, view, pageWidth()) : []);
    for (const written of writeExports(options, report)) {
      if (isJson) printJson(written);
      else print(`  ${written.kind}: ${written.file}`);
    }
    printMetrics(report, isJson);
    const drift = isOtherCode ? undefined : driftOf(recorded, report);
    if (drift === undefined) return exitCodeOf(result);
    process.stderr.write(`${pc.yellow(drift.text)}\n`);
    return drift.isSameCode ? ExitCode.nondeterminism : exitCodeOf(result);
  } finally {
    await runs.close();
  }
}

/** @throws UsageError if it would need a trace that there cannot be */
function refuseExports(name: string, { perfetto, shiviz }: ExportOptions): void {
  if (perfetto === undefined && shiviz === undefined) return;
  throw new UsageError(`${name} measures the heap: it is run without a trace to export`);
}

function printText(report: JobReport, lines: Iterable<string>): void {
  const { plan, result } = report;
  if (plan !== undefined) {
    const faults = plan.faults.length === 0 ? 'no faults' : `${plan.faults.length} fault actions`;
    print(`${result.scenario}  seed ${result.seed}  ${plan.profile}, ties ${plan.ties}, ${faults}`);
  }
  for (const line of lines) print(line);
  if (report.spans.length > 0) print(`\n${timelineText(report.spans, textWidth())}`);
  print('');
  print(isAsExpected(result) ? runLine(result) : failureBlock(result, undefined, textWidth()));
  for (const text of unmatchedTexts(report)) print(pc.yellow(text));
}

/** How a replay differs from its recording, if it does. */
export function driftOf(
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
