import { identityOf } from '../scenarios/define/result.ts';
import { seedCount, seedsIn, type SeedRange } from '../scenarios/define/seed-range.ts';
import type { SweepHeader } from '../scenarios/define/sweep-file.ts';
import type { EndedSweep } from '../scenarios/report/ended-sweep.ts';
import { runFolder, writeRun } from '../scenarios/report/node-output-folder.ts';
import { sweepPath, SweepWriter, type StoredSweep } from '../scenarios/report/node-sweep-file.ts';
import { drifted, type SweepSummary } from '../scenarios/report/sweep-summary.ts';
import { SessionClosed } from '../scenarios/runner/node-session.ts';
import type { Reporter } from './reporters/reporter.ts';
import { earlierSweep } from './resume.ts';
import { RunPool } from './run-pool.ts';
import type { Runs } from './runs.ts';
import { sweepHeader, type SweepPart } from './sweep-header.ts';
import { Telling } from './telling.ts';
import type { TargetOptions } from './target-options.ts';

/** What to sweep of an opened scenario. */
export interface SweepJob extends SweepPart {
  /** No seed is begun later than that, by `performance.now()`. Default: never. */
  readonly untilMs?: number | undefined;
  /** The sweep ends with so many failures. Default: never. */
  readonly bail?: number | undefined;
  /** Go on with what an earlier sweep of the same has left. Default: begin anew. */
  readonly isResumed?: boolean | undefined;
}

/** A sweep of these seeds, and no others. */
export function wholeRange(range: SeedRange): SweepPart {
  return { range, whole: range };
}

/** Where the results of a sweep go, what is said of it there, and what is there already. */
export interface SweepPlace {
  readonly part: SweepPart;
  readonly path: string;
  readonly header: SweepHeader;
  /** What it goes on with. */
  readonly before: StoredSweep | undefined;
}

/** @throws FileError if it is to go on with what is not of the same sweep */
export function placeOf(runs: Runs, job: SweepJob): SweepPlace {
  const { info } = runs;
  const part = info.once ? wholeRange({ ...job.range, last: job.range.first }) : job;
  const path = sweepPath(info.name, job.shard);
  const header = sweepHeader(runs, part);
  const before = job.isResumed === true ? earlierSweep(path, header) : undefined;
  return { part, path, header, before };
}

/**
 * Run seeds, until they or the time are used up. Each result is kept in a file as it comes, in the
 * order of the seeds.
 */
export async function sweep(
  pool: RunPool,
  job: SweepJob,
  interrupted: AbortSignal,
  reporter: Reporter,
): Promise<EndedSweep> {
  const { one } = pool;
  const { part, path, header, before } = placeOf(one, job);
  const { untilMs = Infinity, bail = Infinity } = job;
  const telling = new Telling(header, reporter);
  const startedMs = performance.now();
  const isBailed = (): boolean => telling.failures >= bail;
  // All of it, even beyond a failure: what was done is not thrown away.
  for (const result of before?.results() ?? []) telling.add(result);
  telling.goOn();
  const file = before === undefined ? SweepWriter.create(path, header) : SweepWriter.goOn(before);
  const isToGoOn = (): boolean =>
    !isBailed() && !interrupted.aborted && performance.now() <= untilMs;
  const left = { ...part.range, first: part.range.first + telling.done };
  for await (const result of pool.results(takeWhile(seedsIn(left), isToGoOn))) {
    // Undefined means interrupted, and nothing else: no seed may get lost in silence.
    if (result === undefined) break;
    file.add(result);
    telling.add(result);
    // What others have begun beyond it is dropped: so many workers, one answer.
    if (isBailed()) break;
  }
  const sum: SweepSummary = {
    ...telling.summary(interrupted.aborted),
    wallMs: Math.round(performance.now() - startedMs),
    ...(isBailed() && telling.done < seedCount(part.range) && { isBailed: true }),
  };
  const { summary, folders } = interrupted.aborted
    ? { summary: sum, folders: new Map<string, string>() }
    : await recordFailures(one, sum);
  file.end(summary);
  return telling.end(summary, folders);
}

/** The first items, as long as it is so. */
function* takeWhile<T>(items: Iterable<T>, isSo: () => boolean): Iterable<T> {
  for (const item of items) {
    if (!isSo()) return;
    yield item;
  }
}

/** Several scenarios to sweep. */
export interface Sweeps {
  /** How many workers share the seeds. */
  readonly jobs: number;
  readonly scenarios: readonly string[];
  /** Asked when its turn comes. */
  job(scenario: string): SweepJob;
  readonly options: TargetOptions;
  /** Told of each scenario once it is opened. */
  opened?(runs: Runs): void;
}

/**
 * Sweep scenarios one after the other, in the same workers. An interruption ends it; nothing is
 * told of a scenario of which no seed was done.
 */
export async function* sweepEach(
  sweeps: Sweeps,
  interrupted: AbortSignal,
  reporter: Reporter,
): AsyncGenerator<EndedSweep, void, void> {
  const { jobs, scenarios, options } = sweeps;
  let pool: RunPool | undefined;
  try {
    for (const scenario of scenarios) {
      pool = await RunPool.next(pool, jobs, scenario, options, interrupted);
      sweeps.opened?.(pool.one);
      const job = sweeps.job(scenario);
      // What runs only once, one of several machines runs.
      if (pool.info.once && (job.shard?.index ?? 1) > 1) {
        process.stderr.write(`${pool.info.name} runs only once, which the first shard does\n`);
        continue;
      }
      const ended = await sweep(pool, job, interrupted, reporter);
      if (ended.summary.seeds > 0) yield ended;
    }
  } catch (error) {
    if (!(error instanceof SessionClosed)) throw error;
  } finally {
    await pool?.close();
  }
}

/**
 * Run the smallest failure of each kind again, with its trace, and keep it. Equal digests are a
 * proof of determinism for free; a failure that does not repeat is a finding of its own.
 */
async function recordFailures(
  runs: Runs,
  summary: SweepSummary,
): Promise<Pick<EndedSweep, 'summary' | 'folders'>> {
  const folders = new Map<string, string>();
  if (runs.info.once) return { summary, folders };
  for (const { smallest } of summary.groups) {
    const { seed, digest } = smallest;
    if (digest === '') continue;
    const again = await runs.run({ from: { seed }, isTraced: true });
    if (again === undefined) break;
    const folder = runFolder(runs.info.name, seed);
    writeRun(folder, again);
    folders.set(seed, folder);
    const isSame = identityOf(again.result) === identityOf(smallest);
    const drift = `seed ${seed}, digest ${digest}, came to something else when it was run again`;
    if (!isSame) return { summary: drifted(summary, drift), folders };
  }
  return { summary, folders };
}
