import { stripVTControlCharacters } from 'node:util';
import { FileError } from '../define/file-error.ts';
import type { RunResult } from '../define/result.ts';
import { replayLine } from '../report/repro.ts';
import { failureBlock, runLine, sweepBlock } from '../report/text-run.ts';
import type { SweepSummary } from '../report/sweep-summary.ts';
import type { Run } from '../runner/run-plan.ts';
import { keepPlan } from './node-kept-plan.ts';
import type { ScenarioRun } from './run-scenario.ts';

/** A run, or what came of it. */
export type Judged = RunResult | Run | ScenarioRun;

export function resultOf(judged: Judged): RunResult {
  return 'result' in judged ? judged.result : judged;
}

/**
 * What went wrong, and how to run it again. Where no line for the shell would do, the plan is kept
 * in a file. Without colours: a report or a log may be where it ends up.
 */
export function failureText(judged: Judged): string {
  const result = resultOf(judged);
  return plain(failureBlock({ ...result, repro: againLine(judged) }, undefined));
}

/** The few lines of a run that passed. */
export function passText(judged: Judged): string {
  return plain(runLine(resultOf(judged)));
}

/** A sweep in which too little happened. */
export function sweepText(summary: SweepSummary): string {
  return plain(sweepBlock(summary));
}

function againLine(judged: Judged): string {
  const { repro } = resultOf(judged);
  if (repro !== '' || !('plan' in judged)) return repro || 'nobody kept the plan';
  try {
    const file = keepPlan(judged.plan, judged.result);
    const isKnown = !('isKnownToCommand' in judged) || judged.isKnownToCommand;
    // The plan says itself which code it was run with.
    if (isKnown) return replayLine(file, {}, judged.plan.code?.hash);
    return `runScenario(scenario, readPlan('${file.replaceAll('\\', '/')}'))`;
  } catch (error) {
    // A test must fail for its own reason, and not for a disk that is full.
    if (error instanceof FileError) return `the plan is not kept: ${error.message}`;
    throw error;
  }
}

function plain(text: string): string {
  return stripVTControlCharacters(text);
}
