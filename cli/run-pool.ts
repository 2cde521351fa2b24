import type { RunResult } from '../scenarios/define/result.ts';
import type { TargetInfo } from '../scenarios/runner/node-target.ts';
import { inOrder } from './in-order.ts';
import { Chunks } from './chunks.ts';
import { Runs, type Results } from './runs.ts';
import type { TargetOptions } from './target-options.ts';

/** Several workers with the same target, which share the seeds of a sweep. */
export class RunPool {
  private readonly members: readonly Runs[];

  private constructor(members: readonly Runs[]) {
    this.members = members;
  }

  /**
   * @param jobs how many workers, from 1
   * @throws SessionError if the target cannot be opened
   */
  static async open(
    jobs: number,
    scenario: string,
    options: TargetOptions,
    interrupted: AbortSignal,
  ): Promise<RunPool> {
    // It also says, once, what is odd about the target.
    const first = await Runs.open(scenario, options, interrupted);
    const pool = new RunPool([first]);
    return jobs === 1 ? pool : RunPool.next(pool, jobs, scenario, options, interrupted);
  }

  /**
   * One of many targets in a row, in the workers of the one before, which is closed by that.
   * @throws SessionError if the target cannot be opened
   */
  static async next(
    before: RunPool | undefined,
    jobs: number,
    scenario: string,
    options: TargetOptions,
    interrupted: AbortSignal,
  ): Promise<RunPool> {
    const used = before?.members ?? [];
    const opening = await Promise.allSettled(
      Array.from({ length: jobs }, (_, i) => Runs.next(used[i], scenario, options, interrupted)),
    );
    for (const left of used.slice(jobs)) await left.close();
    const opened = opening.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const refused = opening.find((one) => one.status === 'rejected');
    if (refused === undefined) return new RunPool(opened);
    for (const runs of opened) await runs.close();
    throw refused.reason;
  }

  get info(): TargetInfo {
    return this.one.info;
  }

  /** One of its workers, for what is done one after the other. */
  get one(): Runs {
    return this.members[0]!;
  }

  /**
   * Run seeds. Results come in the order of the seeds; undefined = interrupted.
   * @throws SessionError in the place of a seed that cannot be run
   */
  async *results(seeds: Iterable<string>): AsyncGenerator<RunResult | undefined, void, void> {
    const chunks = new Chunks(seeds);
    const work = async (runs: Runs, chunk: readonly string[]): Promise<Results | undefined> => {
      const startedAt = performance.now();
      const done = await runs.results(chunk);
      chunks.took(performance.now() - startedAt, chunk.length);
      return done;
    };
    for await (const done of inOrder(this.members, chunks, work)) {
      if (done === undefined) yield undefined;
      else {
        yield* done.results;
        if (done.error !== undefined) throw done.error;
      }
    }
  }

  async close(): Promise<void> {
    for (const runs of this.members) await runs.close();
  }
}
