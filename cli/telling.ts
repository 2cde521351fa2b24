import { isAsExpected, type RunResult } from '../scenarios/define/result.ts';
import type { SweepHeader } from '../scenarios/define/sweep-file.ts';
import type { SweepSummary } from '../scenarios/report/sweep-summary.ts';
import { SweepTally } from '../scenarios/report/sweep-tally.ts';
import type { EndedSweep } from '../scenarios/report/ended-sweep.ts';
import type { Reporter } from './reporters/reporter.ts';

/** Sums a sweep up and tells of it, whether it goes on now or was kept. */
export class Telling {
  done = 0;
  failures = 0;
  readonly header: SweepHeader;
  private readonly reporter: Reporter;
  private readonly tally: SweepTally;

  constructor(header: SweepHeader, reporter: Reporter) {
    this.header = header;
    this.reporter = reporter;
    this.tally = new SweepTally(header);
    reporter.begin?.(header);
  }

  /** The next result, in the order of the seeds. */
  add(result: RunResult): void {
    this.tally.add(result);
    this.done++;
    if (!isAsExpected(result)) this.failures++;
    this.reporter.result?.(result, { done: this.done, failures: this.failures });
  }

  /** What was added so far was done by an earlier sweep. */
  goOn(): void {
    this.reporter.goOn?.(this.done);
  }

  /** What it has come to so far. */
  summary(isInterrupted: boolean): SweepSummary {
    return this.tally.summary(isInterrupted);
  }

  end(summary: SweepSummary, folders: ReadonlyMap<string, string>): EndedSweep {
    const { header, tally } = this;
    const ended = { header, summary, folders, distributions: tally.distributions };
    this.reporter.end?.(ended);
    return ended;
  }
}
