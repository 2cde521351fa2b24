import { packs } from '../scenarios/catalogue.ts';
import { gradedTests, labsOf, layersOf, type GradedTest } from '../scenarios/define/grading.ts';
import { isAsExpected, type RunResult } from '../scenarios/define/result.ts';
import { seedCount, seedsIn, type SeedRange } from '../scenarios/define/seed-range.ts';
import { FailureKinds } from '../scenarios/report/failure-kinds.ts';
import { gradeOf, gradeRow, unloadable } from '../scenarios/report/grade-rows.ts';
import type { Grade, GradeRow } from '../scenarios/report/grade-rows.ts';
import { summarise } from '../scenarios/report/sweep-tally.ts';
import { inspectInWorker, SessionClosed } from '../scenarios/runner/node-session.ts';
import type { CodeInfo } from '../scenarios/runner/node-target.ts';
import { isUsage, UsageError } from './errors.ts';
import type { GradeJob, GradeListener, LastRun } from './grade-job.ts';
import { unlessClosed } from './grade-job.ts';
import { keepKinds } from './grade-kinds.ts';
import { oddities } from './grade-oddities.ts';
import { RunPool } from './run-pool.ts';
import { CATALOGUE } from './runs.ts';
import { takeWhile } from './take-while.ts';

/** A test whose first seeds all fail like this is not run with the others: it fails anyway. */
const ENOUGH_FAILURES = 3;

/** A run that fails after so many events costs as much as one that hangs. */
const COSTLY_EVENTS = 5_000_000;

/** After so many costly runs nothing more is begun. */
const MOST_COSTLY = 2;

/** Grade one file. What cannot be loaded has a grade, too. */
export async function grade(
  job: GradeJob,
  interrupted: AbortSignal,
  listener: GradeListener,
): Promise<Grade> {
  const startedMs = performance.now();
  const { file } = job;
  let code: CodeInfo | undefined;
  let tested: Tested = { rows: [], kinds: new FailureKinds(), last: undefined };
  try {
    code = await inspectInWorker(file, { catalogue: CATALOGUE, signal: interrupted });
    const tests = chosenTests(job, code);
    listener.begin?.(tests, code);
    tested = await runTests(job, tests, interrupted, listener);
  } catch (error) {
    if (error instanceof SessionClosed) return ended([], { kinds: [], remarks: [] });
    if (error instanceof Error && isUsage(error)) return unloadable(file, error.message);
    throw error;
  }
  const { rows, kinds, last } = tested;
  if (!interrupted.aborted) listener.doing?.('does a seed come to the same again?');
  const odd = await oddities(job.file, code, last, interrupted).catch(unlessClosed([]));
  const kept = await keepKinds(kinds.sorted(), job, interrupted, listener);
  return ended(rows, { kinds: kept, remarks: odd.map(({ text }) => text) }, odd);

  function ended(
    done: readonly GradeRow[],
    parts: Pick<Grade, 'kinds' | 'remarks'>,
    found: readonly { readonly isNondeterministic: boolean }[] = [],
  ): Grade {
    return gradeOf({
      file,
      code: code?.hash,
      rows: done,
      ...parts,
      runs: done.reduce((sum, { ran }) => sum + ran, 0),
      elapsedMs: Math.round(performance.now() - startedMs),
      isInterrupted: interrupted.aborted,
      isNondeterministic: found.some(({ isNondeterministic }) => isNondeterministic),
    });
  }
}

/** @throws UsageError if there is nothing to grade it by */
function chosenTests({ file, labs }: GradeJob, { exported }: CodeInfo): readonly GradedTest[] {
  const own = labs.length > 0 ? labs : labsOf(packs, exported);
  const tests = gradedTests(packs, own, exported);
  if (tests.length > 0) return tests;
  const whose = labs.length === 0 ? 'the labs' : `lab ${labs.join(', ')}`;
  const known = layersOf(packs, labs).join(', ');
  throw new UsageError(
    exported.length === 0
      ? `${file} exports nothing; the tests of ${whose} are of ${known}`
      : `${file} exports ${exported.join(', ')}; the tests of ${whose} are of ${known}`,
  );
}

interface Tested {
  readonly rows: readonly GradeRow[];
  readonly kinds: FailureKinds;
  readonly last: LastRun | undefined;
}

async function runTests(
  job: GradeJob,
  tests: readonly GradedTest[],
  interrupted: AbortSignal,
  listener: GradeListener,
): Promise<Tested> {
  const rows: GradeRow[] = [];
  const kinds = new FailureKinds();
  let last: LastRun | undefined;
  let pool: RunPool | undefined;
  let costly = 0;
  try {
    for (const [at, test] of tests.entries()) {
      const results: RunResult[] = [];
      const options = { impl: job.file, set: test.set };
      pool = await RunPool.next(pool, job.jobs, test.scenario, options, interrupted);
      const { once, probes } = pool.info;
      const range = seedsOf(job.range, once ? 0 : test.weight);
      const isToGoOn = (): boolean => costly < MOST_COSTLY && !isDecided(results);
      for await (const result of pool.results(takeWhile(seedsIn(range), isToGoOn))) {
        if (result === undefined) break;
        results.push(result);
        kinds.add(test, result);
        listener.result?.(test, at, results.length);
        if (isCostly(result)) costly++;
        else if (result.digest !== '') last = { test, result };
        if (!isToGoOn()) break;
      }
      // Of a test that was cut off nothing is said, unless it has failed.
      if (interrupted.aborted && results.every(isAsExpected)) break;
      const summary = summarise(pool.info.name, results, probes, false);
      const row = gradeRow(job.file, test, seedCount(range), { results, summary });
      rows.push(row);
      listener.row?.(row);
    }
  } catch (error) {
    if (!(error instanceof SessionClosed)) throw error;
  } finally {
    await pool?.close();
  }
  return { rows, kinds, last };
}

/** @param weight 0 = one seed is enough */
function seedsOf({ prefix, first, last }: SeedRange, weight: number): SeedRange {
  return { prefix, first, last: first + (last - first + 1) * weight - (weight === 0 ? 0 : 1) };
}

function isDecided(results: readonly RunResult[]): boolean {
  const first = results.slice(0, ENOUGH_FAILURES);
  const isHopeless = first.length === ENOUGH_FAILURES && !first.some(isAsExpected);
  return isHopeless || results.some(isCostly);
}

/** It hung, took its worker down, or made events without end. */
function isCostly(result: RunResult): boolean {
  return !isAsExpected(result) && (result.digest === '' || result.events > COSTLY_EVENTS);
}
