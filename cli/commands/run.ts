import { basename } from 'node:path';
import pc from 'picocolors';
import type { TraceLevel } from '../../sim/index.ts';
import type { ExpectedFailure } from '../../scenarios/define/regression-file.ts';
import { isAsExpected, type RunResult } from '../../scenarios/define/result.ts';
import { exitCodeOf, ExitCode } from '../../scenarios/report/exit-code.ts';
import { prepareFolder, runFolder, writeRun } from '../../scenarios/report/node-output-folder.ts';
import { failureBlock, runLine } from '../../scenarios/report/text-run.ts';
import { timelineText } from '../../scenarios/report/text-timeline.ts';
import { unmatchedTexts } from '../../scenarios/report/unmatched.ts';
import { onInterrupt } from '../interrupt.ts';
import { print, printJson, textWidth } from '../output.ts';
import { printMetrics } from '../metrics-view.ts';
import { checkOutFolder, writeOutFolder } from '../out-folder.ts';
import { Runs } from '../runs.ts';
import { randomSeed } from '../seeds.ts';
import { blaming, subject, type SubjectOptions } from '../subject.ts';

export interface RunCommandOptions extends SubjectOptions {
  readonly trace: TraceLevel;
  readonly metrics?: boolean;
  readonly json?: boolean;
  /** Where files go that the scenario makes. */
  readonly out?: string | undefined;
}

/** `run <scenario | plan file>`: one seed, or one plan, with its history and trace kept. */
export async function runCommand(what: string, options: RunCommandOptions): Promise<number> {
  const seed = options.seed === 'random' ? randomSeed() : options.seed;
  const chosen = seed === undefined ? options : { ...options, seed };
  const { scenario, choices, job, file, expected } = subject(what, chosen);
  if (options.out !== undefined) checkOutFolder(options.out);
  const interrupted = onInterrupt();
  const runs = await Runs.open(scenario, choices, interrupted);
  try {
    const name = 'seed' in job.from ? job.from.seed : basename(file ?? '', '.json');
    const target = runFolder(runs.info.name, name);
    prepareFolder(target);
    // A trace fills the heap, and would spoil what such a scenario measures.
    const isTraced = !runs.info.once;
    const isMetered = options.metrics === true;
    const order = { ...job, isTraced, isMetered, traceLevel: options.trace };
    const report = await runs.run(order).catch(blaming(file));
    if (report === undefined) return ExitCode.interrupted;
    const { result } = report;
    const folder = report.plan && target;
    if (folder !== undefined) writeRun(folder, report);
    if (options.out !== undefined && isAsExpected(result))
      writeOutFolder(options.out, report.outputs);
    if (options.json === true) printJson({ ...result, folder });
    else if (!isAsExpected(result))
      print(failureBlock(result, runs.info.once ? undefined : folder, textWidth()));
    else print(`${runLine(result)}\n  kept in ${folder}`);
    if (options.json !== true && report.spans.length > 0) {
      print(`\n${timelineText(report.spans, textWidth())}`);
    }
    if (options.json !== true) {
      // A seed may draw what finds nobody; what somebody wrote was meant to hit.
      const isWritten = file !== undefined || options.faults !== undefined;
      if (isWritten) for (const text of unmatchedTexts(report)) print(pc.yellow(`  ${text}`));
      if (expected !== undefined) print(comparison(expected, result));
    }
    printMetrics(report, options.json === true);
    return exitCodeOf(result);
  } finally {
    await runs.close();
  }
}

/** A regression beside what it came to now. */
function comparison({ verdict, signature }: ExpectedFailure, result: RunResult): string {
  const isSame = verdict === result.verdict && signature === result.signature;
  if (isSame) return '   it fails as it did when it was stored';
  return pc.yellow(`   stored as ${verdict}, ${signature}: it does not fail like that any more`);
}
