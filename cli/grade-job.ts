import type { GradedTest } from '../scenarios/define/grading.ts';
import type { RunResult } from '../scenarios/define/result.ts';
import type { SeedRange } from '../scenarios/define/seed-range.ts';
import type { GradeRow } from '../scenarios/report/grade-rows.ts';
import { SessionClosed } from '../scenarios/runner/node-session.ts';
import type { CodeInfo } from '../scenarios/runner/node-target.ts';

/** What to grade, and how. */
export interface GradeJob {
  readonly file: string;
  /** Labs or parts of labs; none = those of the layers that the file exports. */
  readonly labs: readonly string[];
  /** Seeds of an official test; scenarios beyond may have several times as many. */
  readonly range: SeedRange;
  readonly jobs: number;
  /** How many kinds of failures are shrunk. */
  readonly shrunk: number;
}

/** Told of a grade that goes on. */
export interface GradeListener {
  begin?(tests: readonly GradedTest[], code: CodeInfo): void;
  result?(test: GradedTest, at: number, done: number): void;
  row?(row: GradeRow): void;
  /** The tests are over; what is left may take its time. */
  doing?(what: string): void;
}

/** The last run that was done, for whoever wants to see it done again. */
export interface LastRun {
  readonly test: GradedTest;
  readonly result: RunResult;
}

/** What was not done because somebody interrupted it comes to this. */
export function unlessClosed<T>(instead: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof SessionClosed) return instead;
    throw error;
  };
}
