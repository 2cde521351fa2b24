import type { GradedTest, Hint } from '../define/grading.ts';
import { isAsExpected, type RunResult } from '../define/result.ts';
import type { Verdict } from '../define/verdict.ts';
import { ExitCode, exitCodeOfVerdict, worstExitCode } from './exit-code.ts';
import { worstVerdict, type SweepSummary } from './sweep-summary.ts';

/** A run of a graded implementation that did not end as it should. */
export type GradeFailure = Pick<
  RunResult,
  'seed' | 'verdict' | 'class' | 'check' | 'signature' | 'reason' | 'event' | 'repro'
> & {
  /** File and line of the code under test, if that is where it happened. */
  readonly where?: string | undefined;
};

/** One test of a grade: a line of `grade --json`. */
export interface GradeRow {
  readonly format: 1;
  readonly file: string;
  readonly test: string;
  readonly scenario: string;
  readonly set: readonly string[];
  readonly lab: number;
  readonly part: string;
  readonly isOfficial: boolean;
  readonly verdict: Verdict;
  /** Seeds that it was to be run with, and those that it was. */
  readonly seeds: number;
  readonly ran: number;
  readonly passed: number;
  /** The seeds that failed. */
  readonly failed: readonly string[];
  readonly failures: readonly GradeFailure[];
  /** What else is to be said: not run, or nothing of what it is about has happened. */
  readonly remark?: string | undefined;
}

/** Failures of one kind, over all tests. */
export interface FailureKind {
  readonly signature: string;
  readonly check: string;
  /** How many runs. */
  readonly count: number;
  /** The tests that met it. */
  readonly tests: readonly string[];
  /** The run with the fewest events, and its test. */
  readonly smallest: RunResult;
  readonly test: GradedTest;
  readonly where?: string | undefined;
  readonly hint?: Hint | undefined;
  /** Where the smallest plan that was found is kept. */
  readonly folder?: string | undefined;
  /** Fault actions of the plan before and after it was shrunk. */
  readonly faults?: readonly [before: number, after: number] | undefined;
}

/** How many of some tests count. */
export interface Share {
  readonly counted: number;
  readonly tests: number;
}

/** What a file came to: the line of `grade --json` behind those of its tests. */
export interface Grade extends Share {
  readonly format: 1;
  readonly file: string;
  readonly code?: string | undefined;
  /** Tests that count, of a hundred, rounded down: 100 = all of them. */
  readonly score: number;
  readonly official: Share;
  readonly beyond: Share;
  readonly parts: readonly (Share & { readonly part: string })[];
  readonly verdict: Verdict;
  readonly kinds: readonly FailureKind[];
  /** What is odd about the code, whatever the tests say. */
  readonly remarks: readonly string[];
  /** Why it could not be loaded; then nothing was run. */
  readonly error?: string | undefined;
  readonly runs: number;
  readonly elapsedMs: number;
  readonly isInterrupted: boolean;
  readonly exitCode: number;
}

/** @param results those that the summary sums up, in the order of their seeds */
export function gradeRow(
  file: string,
  { name, scenario, set, lab, part, isOfficial }: GradedTest,
  seeds: number,
  { results, summary }: { results: readonly RunResult[]; summary: SweepSummary },
): GradeRow {
  const failed = results.filter((result) => !isAsExpected(result));
  return {
    format: 1,
    file,
    test: name,
    scenario,
    set,
    lab,
    part,
    isOfficial,
    verdict: summary.verdict,
    seeds,
    ran: results.length,
    passed: results.length - failed.length,
    failed: failed.map(({ seed }) => seed),
    failures: failed.map(gradeFailure),
    remark: remarkOn(results.length, seeds, summary),
  };
}

/** A test that was not begun, or not finished. */
export function isOpen({ ran, seeds, failed }: GradeRow): boolean {
  return ran < seeds && failed.length === 0;
}

/** Does a test count? Only if all of its seeds pass, as in the course. */
export function counts({ verdict, ran, seeds }: GradeRow): boolean {
  return verdict === 'pass' && ran === seeds;
}

function gradeFailure(result: RunResult): GradeFailure {
  const { seed, verdict, class: kind, check, signature, reason, event, repro } = result;
  const where = placeIn(result.stack);
  return { seed, verdict, class: kind, check, signature, reason, event, repro, where };
}

/** Frames of Node, of this package and of what somebody has made from a text. */
const FOREIGN = /^(?:file:|node:|evalmachine|eval at|native|<)/;

/** The first place in a stack that is of whoever is graded: file, line and column. */
export function placeIn(stack: string | undefined): string | undefined {
  const frames = (stack ?? '').split('\n').flatMap((line) => {
    const frame = /^\s*at (?:.*?\()?(?:async )?(.*:\d+(?::\d+)?)\)?$/.exec(line)?.[1];
    return frame === undefined || FOREIGN.test(frame) ? [] : [frame];
  });
  return frames.find((frame) => !frame.includes('node_modules/')) ?? frames[0];
}

function remarkOn(ran: number, seeds: number, summary: SweepSummary): string | undefined {
  if (summary.failures > 0) return undefined;
  if (ran === 0) return 'not run';
  if (ran < seeds) return `only ${ran} of ${seeds} seeds were run`;
  const never = summary.probes.filter(({ status }) => status === 'never');
  if (never.length === 0) return undefined;
  return never.map(({ name, within }) => `"${name}" never, in ${within} seeds`).join('; ');
}

/** What becomes of rows and kinds of failures. */
export interface GradeParts extends Pick<Grade, 'file' | 'code' | 'kinds' | 'remarks'> {
  readonly rows: readonly GradeRow[];
  readonly runs: number;
  readonly elapsedMs: number;
  readonly isInterrupted: boolean;
  /** Runs of the same seed differed. */
  readonly isNondeterministic: boolean;
}

/** Sum a file's tests up. One without a test that ran proves nothing. */
export function gradeOf({ rows, isNondeterministic, ...given }: GradeParts): Grade {
  const verdicts = rows.map(({ verdict }) => verdict);
  const verdict: Verdict = isNondeterministic
    ? 'nondeterministic'
    : rows.length === 0
      ? 'vacuous'
      : worstVerdict(verdicts);
  const parts = [...new Set(rows.map(({ part }) => part))];
  const all = share(rows);
  const codes = [verdict, ...verdicts].map(codeOf);
  return {
    format: 1,
    ...all,
    ...given,
    score: all.tests === 0 ? 0 : Math.floor((100 * all.counted) / all.tests),
    official: share(rows.filter(({ isOfficial }) => isOfficial)),
    beyond: share(rows.filter(({ isOfficial }) => !isOfficial)),
    parts: parts.map((part) => ({ part, ...share(rows.filter((row) => row.part === part)) })),
    verdict,
    exitCode: worstExitCode(given.isInterrupted ? [...codes, ExitCode.interrupted] : codes),
  };
}

/** Whoever is graded and not the same twice has failed, as one who breaks a promise. */
function codeOf(verdict: Verdict): number {
  if (verdict === 'pass') return ExitCode.asExpected;
  return verdict === 'nondeterministic' ? ExitCode.violation : exitCodeOfVerdict(verdict);
}

/** The grade of a file that could not be loaded. */
export function unloadable(file: string, error: string): Grade {
  const nothing = { counted: 0, tests: 0 };
  return {
    format: 1,
    file,
    ...nothing,
    score: 0,
    official: nothing,
    beyond: nothing,
    parts: [],
    verdict: 'crash',
    kinds: [],
    remarks: [],
    error,
    runs: 0,
    elapsedMs: 0,
    isInterrupted: false,
    exitCode: ExitCode.usage,
  };
}

/** Of several grades: interrupted, a failure, undecided, unloadable, all well. */
export function exitCodeOfGrades(grades: readonly Grade[]): number {
  const codes = grades.map(({ exitCode }) => exitCode);
  const ran = worstExitCode(codes.filter((code) => code !== ExitCode.usage));
  return ran === ExitCode.asExpected && codes.includes(ExitCode.usage) ? ExitCode.usage : ran;
}

function share(rows: readonly GradeRow[]): Share {
  return { counted: rows.filter(counts).length, tests: rows.length };
}
