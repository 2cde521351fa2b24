import { isAbsolute, join, relative } from 'node:path';
import { packs } from '../scenarios/catalogue.ts';
import { hintOn } from '../scenarios/define/grading.ts';
import type { FailureKind } from '../scenarios/report/grade-rows.ts';
import { OUTPUT, runFolder, writeRun } from '../scenarios/report/node-output-folder.ts';
import { unlessClosed, type GradeJob, type GradeListener } from './grade-job.ts';
import { Runs } from './runs.ts';
import { shrinkRuns } from './shrink.ts';

/** Events that may be spent on shrinking one failure: some seconds. */
const MOST_EVENTS = 4_000_000;

/** Runs that may be, however short they are, or long. */
const RUNS = [10, 150] as const;

/**
 * Give each kind of failure its hint, and keep the smallest plan that still fails like that for as
 * many of them as is asked. If interrupted, as they are.
 */
export async function keepKinds(
  kinds: readonly FailureKind[],
  job: GradeJob,
  interrupted: AbortSignal,
  listener: GradeListener,
): Promise<readonly FailureKind[]> {
  const kept: FailureKind[] = kinds.map((kind) => ({
    ...kind,
    hint: hintOn(packs, kind.test.lab, kind.check),
  }));
  const wanted = kept.filter(({ smallest: { digest } }) => digest !== '').slice(0, job.shrunk);
  // The most telling one last: `latest` is what people look at.
  for (const kind of wanted.toReversed()) {
    listener.doing?.(`the smallest plan: ${kind.signature}`);
    kept[kept.indexOf(kind)] = await smallest(kind, job, interrupted).catch(unlessClosed(kind));
  }
  return kept;
}

async function smallest(
  kind: FailureKind,
  { file }: GradeJob,
  interrupted: AbortSignal,
): Promise<FailureKind> {
  if (interrupted.aborted) return kind;
  const { test, smallest: failure, signature } = kind;
  const { seed, events, verdict } = failure;
  const runs = await Runs.open(test.scenario, { impl: file, set: test.set }, interrupted);
  try {
    // What measures the heap has nothing of that in its plan.
    if (runs.info.once) return kind;
    const first = await runs.run({ from: { seed }, isTraced: false });
    if (first?.plan === undefined || first.result.signature !== signature) return kind;
    const [least, most] = RUNS;
    const maxRuns = Math.max(least, Math.min(most, Math.floor(MOST_EVENTS / (events + 1))));
    const failed = { verdict, events, signature };
    const shrunk = await shrinkRuns(runs, { plan: first.plan, failed }, maxRuns, interrupted);
    const folder = gradeFolder(file, runs.info.name, seed);
    const from = { plan: shrunk.plan, file: join(folder, 'plan.json') };
    const report = await runs.run({ from, isTraced: true });
    if (report === undefined) return kind;
    writeRun(folder, report);
    const faults = [shrunk.before.faults, shrunk.after.faults] as const;
    return { ...kind, folder, faults };
  } finally {
    await runs.close();
  }
}

/** Of a class several files fail in the same scenario: each has a folder of its own. */
function gradeFolder(file: string, scenario: string, seed: string): string {
  const path = relative('.', file);
  const isBelow = !path.startsWith('..') && !isAbsolute(path);
  const name = isBelow ? path : encodeURIComponent(path);
  return runFolder(scenario, seed, join(OUTPUT, 'grade', name));
}
