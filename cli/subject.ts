import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plan } from '../scenarios/define/plan.ts';
import {
  parsePlanOrRegression,
  type ExpectedFailure,
} from '../scenarios/define/regression-file.ts';
import type { RunResult } from '../scenarios/define/result.ts';
import { worldChoices } from '../scenarios/define/world-choices.ts';
import { parseJson } from '../scenarios/define/json-file.ts';
import { planHash } from '../scenarios/report/node-output-folder.ts';
import type { Job } from '../scenarios/runner/node-target.ts';
import { isUsage, UsageError } from './errors.ts';
import type { TargetOptions } from './target-options.ts';
import { readText } from './target-spec.ts';

/** Where the plan of a run comes from, as the user said it. */
export interface SubjectOptions extends TargetOptions {
  /** Default: 1. */
  readonly seed?: string;
}

/** What is to be run, and what is known of it. */
export interface Subject {
  readonly scenario: string;
  /** The choices to open it with: the code that the plan was run with, unless told otherwise. */
  readonly choices: TargetOptions;
  readonly isOtherCode: boolean;
  readonly job: Job;
  /** The file of the plan. */
  readonly file?: string | undefined;
  readonly recorded?: Recording | undefined;
  /** If it is a regression. */
  readonly expected?: ExpectedFailure | undefined;
}

type StoredResult = RunResult & { readonly planHash: string };

/** What was stored beside a plan: the digest it had, under which version and code. */
export interface Recording {
  readonly digest: string;
  readonly faultlab: string;
  readonly codeHash: string | undefined;
}

/**
 * A plan file, a regression, a folder of results, or a scenario with a seed.
 * @throws UsageError, FileError
 */
export function subject(what: string, options: SubjectOptions): Subject {
  const isOtherCode = options.impl !== undefined || options.specimen !== undefined;
  const file = existsSync(what) && statSync(what).isDirectory() ? join(what, 'plan.json') : what;
  if (!file.endsWith('.json')) {
    // What begins like a path and is none was meant as one.
    if (/^(\.|\/|~)/.test(what) && !existsSync(what)) {
      throw new UsageError(`${what}: no such file or folder`);
    }
    const { seed = '1' } = options;
    if (seed === '') throw new UsageError('--seed: expected some text or a number');
    const job: Job = { from: { seed }, isTraced: true };
    return { scenario: what, choices: options, isOtherCode, job };
  }
  const unfit = [...worldChoices, 'set', 'input', 'faults', 'seed'] as const;
  const given = unfit.find((name) => options[name] !== undefined);
  if (given !== undefined) {
    throw new UsageError(`--${given} does not go with a plan: a plan holds all of that itself`);
  }
  const text = readText(file);
  const { plan, expected } = parsePlanOrRegression(text, file);
  const resultFile = join(dirname(file), 'result.json');
  const { scenarioFile = plan.scenario, impl, specimen } = plan.code ?? {};
  return {
    scenario: scenarioFile,
    choices: isOtherCode ? options : { ...options, impl, specimen },
    isOtherCode,
    job: { from: { plan, file }, isTraced: true },
    file,
    // A regression says itself what it comes to.
    recorded:
      expected === undefined && existsSync(resultFile)
        ? recordingOf(resultFile, plan, planHash(JSON.parse(text)))
        : undefined,
    expected,
  };
}

/** What does not fit the scenario is known only in the run; the file is what the user can mend. */
export function blaming(file: string | undefined): (error: unknown) => never {
  return (error) => {
    if (file !== undefined && error instanceof Error && isUsage(error)) {
      error.message = `${file}: ${error.message}`;
    }
    throw error;
  };
}

/** Nothing if the result beside a plan is not that of this plan, as it stands now. */
function recordingOf(resultFile: string, plan: Plan, hash: string): Recording | undefined {
  const result = (parseJson(readText(resultFile), resultFile) ?? {}) as Partial<StoredResult>;
  const { digest, planHash: hashThen = hash } = result;
  if (typeof digest !== 'string' || hashThen !== hash) return undefined;
  return { digest, faultlab: plan.faultlab, codeHash: plan.code?.hash };
}
