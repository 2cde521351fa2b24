import type { TraceLevel } from '../../sim/index.ts';
import { isAsExpected } from '../../scenarios/define/result.ts';
import { exitCodeOf, ExitCode } from '../../scenarios/report/exit-code.ts';
import { prepareFolder, runFolder, writeRun } from '../../scenarios/report/node-output-folder.ts';
import { failureBlock, runLine } from '../../scenarios/report/text-run.ts';
import { UsageError } from '../errors.ts';
import { onInterrupt } from '../interrupt.ts';
import { print, printJson, textWidth } from '../output.ts';
import { Runs } from '../runs.ts';
import { randomSeed } from '../seeds.ts';
import type { TargetOptions } from '../target-options.ts';

export interface RunCommandOptions extends TargetOptions {
  readonly seed: string;
  readonly trace: TraceLevel;
  readonly json?: boolean;
}

/** `run <scenario>`: one seed, with its history and trace kept. */
export async function runCommand(scenario: string, options: RunCommandOptions): Promise<number> {
  const seed = options.seed === 'random' ? randomSeed() : options.seed;
  if (seed === '') throw new UsageError('--seed: expected some text or a number');
  const interrupted = onInterrupt();
  const runs = await Runs.open(scenario, options, interrupted);
  try {
    prepareFolder(runFolder(runs.info.name, seed));
    // A trace fills the heap, and would spoil what such a scenario measures.
    const isTraced = !runs.info.once;
    const report = await runs.run({ from: { seed }, isTraced, traceLevel: options.trace });
    if (report === undefined) return ExitCode.interrupted;
    const { result } = report;
    const folder = report.plan && runFolder(runs.info.name, seed);
    if (folder !== undefined) writeRun(folder, report);
    if (options.json === true) printJson({ ...result, folder });
    else if (!isAsExpected(result))
      print(failureBlock(result, runs.info.once ? undefined : folder, textWidth()));
    else print(`${runLine(result)}\n  kept in ${folder}`);
    return exitCodeOf(result);
  } finally {
    await runs.close();
  }
}
