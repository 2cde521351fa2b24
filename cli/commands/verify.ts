import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { Trace, type TraceRecord } from '../../sim/index.ts';
import { identityOf, isAsExpected } from '../../scenarios/define/result.ts';
import type { Verdict } from '../../scenarios/define/verdict.ts';
import { ExitCode, exitCodeOfVerdict } from '../../scenarios/report/exit-code.ts';
import { traceLine } from '../../scenarios/report/text-trace.ts';
import { failureBlock, verdictText } from '../../scenarios/report/text-run.ts';
import type { AloneAnswer, AloneOrder } from '../../scenarios/runner/node-alone.ts';
import type { Job, JobReport, TargetSpec } from '../../scenarios/runner/node-target.ts';
import { onInterrupt } from '../interrupt.ts';
import { print, printJson, textWidth } from '../output.ts';
import { CATALOGUE, Runs } from '../runs.ts';
import type { TargetOptions } from '../target-options.ts';
import { targetSpec } from '../target-spec.ts';

export interface VerifyOptions extends TargetOptions {
  readonly seed: string;
  readonly json?: boolean;
}

/** One way of running the seed. */
interface Trial {
  readonly way: string;
  readonly report: JobReport;
}

/**
 * `verify <scenario>`: does a seed give the same run however it is run? In a fresh worker, after
 * another seed, without a trace, and in the main thread of a process.
 */
export async function verifyCommand(scenario: string, options: VerifyOptions): Promise<number> {
  const { seed } = options;
  const interrupted = onInterrupt();
  const traced = { from: { seed }, isTraced: true };
  const untraced = { from: { seed }, isTraced: false };
  const before = { from: { seed: `${seed}'` }, isTraced: false };
  const first = await Runs.open(scenario, options, interrupted);
  const second = await Runs.open(scenario, options, interrupted);
  const ways: readonly (readonly [string, () => Promise<JobReport | undefined>])[] = [
    ['in a fresh worker', () => first.run(traced)],
    ['again', () => first.run(traced)],
    ['after another seed', async () => (await second.run(before)) && (await second.run(traced))],
    ['without a trace', () => second.run(untraced)],
    ['in a main thread', () => runAlone(targetSpec(scenario, options), traced, interrupted)],
  ];
  const trials: Trial[] = [];
  try {
    for (const [way, run] of ways) {
      if (interrupted.aborted) return ExitCode.interrupted;
      const report = await run();
      if (report === undefined) return ExitCode.interrupted;
      trials.push({ way, report });
      // Code that takes a thread down would take a process down, too.
      if (report.result.digest === '') break;
    }
  } finally {
    await Promise.all([first.close(), second.close()]);
  }
  return tell(first.info.name, seed, trials, options);
}

/** Run a job in the main thread of a process of its own; undefined if it was interrupted. */
function runAlone(
  spec: TargetSpec,
  job: Job,
  interrupted: AbortSignal,
): Promise<JobReport | undefined> {
  const file = fileURLToPath(new URL('./node-alone.js', import.meta.url));
  const child = fork(file, { serialization: 'advanced', stdio: ['ignore', 2, 2, 'ipc'] });
  const kill = (): void => void child.kill('SIGKILL');
  interrupted.addEventListener('abort', kill);
  const order: AloneOrder = { catalogue: CATALOGUE.href, spec, job };
  return new Promise((resolve, reject) => {
    child.on('message', ({ report, error }: AloneAnswer) =>
      error === undefined ? resolve(report) : reject(new Error(error)),
    );
    child.on('error', reject);
    child.on('exit', () => {
      interrupted.removeEventListener('abort', kill);
      if (interrupted.aborted) resolve(undefined);
      else reject(new Error('the process that ran the seed alone ended without an answer'));
    });
    child.send(order);
  });
}

function tell(
  scenario: string,
  seed: string,
  trials: readonly Trial[],
  options: VerifyOptions,
): number {
  const [first] = trials;
  if (first === undefined) return ExitCode.interrupted;
  const wanted = identityOf(first.report.result);
  const odd = trials.find(({ report }) => identityOf(report.result) !== wanted);
  const { result } = first.report;
  // A run that took its worker down was tried once only, and has nothing to compare.
  const verdict: Verdict =
    odd !== undefined ? 'nondeterministic' : result.digest === '' ? result.verdict : 'pass';
  const differs = odd === undefined ? [] : firstDifference(first, odd);
  const digests = trials.map(({ way, report }) => {
    return { way, digest: report.result.digest, verdict: report.result.verdict };
  });
  if (options.json === true) {
    printJson({ format: 1, scenario, seed, verdict, digests, differs });
  } else {
    print(`${verdictText(verdict)}  ${scenario}  seed ${seed}`);
    for (const { way, report } of trials) {
      const mark = identityOf(report.result) === wanted ? '' : '   <- differs';
      print(`  ${report.result.digest || '-'.padEnd(16)}  ${report.result.verdict}  ${way}${mark}`);
    }
    if (differs.length > 0) {
      print(`the first event that differs, ${first.way} and ${odd?.way ?? ''}:`);
      for (const record of differs) print(traceLine(record, textWidth()));
    }
    if (!isAsExpected(result)) print(failureBlock(result, undefined, textWidth()));
  }
  return verdict === 'pass' ? ExitCode.asExpected : exitCodeOfVerdict(verdict);
}

/** The first record in which two traces differ, once from each. */
function firstDifference(first: Trial, odd: Trial): TraceRecord[] {
  const wanted = Trace.from(first.report.trace).records;
  const got = Trace.from(odd.report.trace).records;
  const at = wanted.findIndex((record, i) => !isDeepStrictEqual(record, got[i]));
  return [wanted[at], got[at]].filter((record) => record !== undefined);
}
