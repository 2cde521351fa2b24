import { isDeepStrictEqual } from 'node:util';
import type { TraceRecord } from '../../sim/index.ts';
import { packs } from '../../scenarios/catalogue.ts';
import { Registry } from '../../scenarios/define/registry.ts';
import { userModules } from '../../scenarios/node-catalogue.ts';
import { ExitCode } from '../../scenarios/report/exit-code.ts';
import { traceLine } from '../../scenarios/report/text-trace.ts';
import { verdictText } from '../../scenarios/report/text-run.ts';
import { Target, type JobReport } from '../../scenarios/runner/node-target.ts';
import { onInterrupt } from '../interrupt.ts';
import { print, printJson } from '../output.ts';
import { Runs } from '../runs.ts';
import { targetSpec, type TargetOptions } from '../target-options.ts';

export interface VerifyOptions extends TargetOptions {
  readonly seed: string;
  readonly json?: boolean;
}

/** One way of running the seed. */
interface Trial {
  readonly way: string;
  readonly report: JobReport | undefined;
}

/**
 * `verify <scenario>`: does a seed give the same run however it is run? In a fresh worker, after
 * another seed, without a trace, and in the main thread.
 */
export async function verifyCommand(scenario: string, options: VerifyOptions): Promise<number> {
  const { seed } = options;
  const interrupted = onInterrupt();
  const trials: Trial[] = [];
  const first = await Runs.open(scenario, options, interrupted);
  const second = await Runs.open(scenario, options, interrupted);
  try {
    const traced = { from: { seed }, isTraced: true };
    trials.push({ way: 'in a fresh worker', report: await first.run(traced) });
    trials.push({ way: 'again', report: await first.run(traced) });
    await second.run({ from: { seed: `${seed}'` }, isTraced: false });
    trials.push({ way: 'after another seed', report: await second.run(traced) });
    const untraced = { from: { seed }, isTraced: false };
    trials.push({ way: 'without a trace', report: await second.run(untraced) });
    if (trials.every(({ report }) => report?.result.digest !== '')) {
      const spec = targetSpec(scenario, options);
      const target = await Target.open(new Registry(packs), spec, userModules);
      trials.push({ way: 'in the main thread', report: await target.run(traced) });
    }
  } finally {
    await Promise.all([first.close(), second.close()]);
  }
  if (interrupted.aborted) return ExitCode.interrupted;
  return tell(first.info.name, seed, trials, options);
}

function tell(
  scenario: string,
  seed: string,
  trials: readonly Trial[],
  options: VerifyOptions,
): number {
  const digests = trials.map(({ way, report }) => ({ way, digest: report?.result.digest ?? '' }));
  const wanted = digests[0]?.digest ?? '';
  const odd = trials.find(({ report }) => report?.result.digest !== wanted);
  const verdict = odd === undefined ? 'pass' : 'nondeterministic';
  const differs = odd === undefined ? undefined : firstDifference(trials, odd);
  if (options.json === true) {
    printJson({ format: 1, scenario, seed, verdict, digests, differs });
  } else {
    print(`${verdictText(verdict)}  ${scenario}  seed ${seed}`);
    for (const { way, digest } of digests) {
      print(`  ${digest}  ${way}${digest === wanted ? '' : '   <- differs'}`);
    }
    for (const record of differs ?? []) print(`  ${traceLine(record)}`);
  }
  return odd === undefined ? ExitCode.asExpected : ExitCode.nondeterminism;
}

/** The first record in which two traces differ, once from each. */
function firstDifference(trials: readonly Trial[], odd: Trial): TraceRecord[] {
  const wanted = trials[0]?.report?.trace ?? [];
  const got = odd.report?.trace ?? [];
  const at = wanted.findIndex((record, i) => !isDeepStrictEqual(record, got[i]));
  return [wanted[at], got[at]].filter((record) => record !== undefined);
}
