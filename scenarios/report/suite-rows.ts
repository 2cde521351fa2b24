import { Digest } from '../../sim/index.ts';
import type { CourseFigure } from '../define/pack.ts';
import { isAsExpected, type RunResult } from '../define/result.ts';
import type { SuiteTest } from '../define/suite.ts';
import type { Verdict } from '../define/verdict.ts';
import { ExitCode, worstExitCode } from './exit-code.ts';
import { median, mixHex, worstVerdict, type SweepSummary } from './sweep-summary.ts';

/** The first seed of a test that did not end as expected. */
export type SuiteFailure = Pick<
  RunResult,
  'seed' | 'verdict' | 'class' | 'check' | 'reason' | 'signature' | 'event' | 'repro'
>;

/** What a run costs, here. */
export interface SuiteFigures {
  /** Virtual time, in ms. */
  readonly simMs: number;
  /** RPCs. */
  readonly calls: number;
  readonly bytes: number;
  /** Real time, in ms. */
  readonly wallMs: number;
}

/** One official test: a line of `suite --json`. Its figures are medians over its seeds. */
export interface SuiteRow extends SuiteFigures {
  readonly format: 1;
  readonly test: string;
  readonly scenario: string;
  readonly lab: number;
  readonly part: string;
  readonly verdict: Verdict;
  readonly seeds: number;
  /** Seeds that ended as expected. */
  readonly passed: number;
  readonly course?: CourseFigure | undefined;
  readonly failure?: SuiteFailure | undefined;
  /** What else is wrong: too little happened, or a failure that did not repeat. */
  readonly remarks: readonly string[];
  readonly digest: string;
  readonly exitCode: number;
}

/** Tests taken together. Figures are sums of those of the tests: of one pass. */
export interface SuiteTotal extends SuiteFigures {
  /** `3A`, or what they are all together. */
  readonly name: string;
  readonly tests: number;
  readonly passed: number;
  /** Over the tests that the course has figures of. */
  readonly course: CourseFigure & { readonly tests: number };
}

/** A suite, or as much of it as was done: the last line of `suite --json`. */
export interface SuiteSummary extends SuiteTotal {
  readonly format: 1;
  readonly verdict: Verdict;
  readonly runs: number;
  readonly parts: readonly SuiteTotal[];
  /** Real time of the whole, in ms: of all seeds, with all that lies between them. */
  readonly elapsedMs: number;
  readonly digest: string;
  readonly isInterrupted: boolean;
  readonly exitCode: number;
}

/** @param results those that the summary sums up, in the order of their seeds */
export function suiteRow(
  { test, lab, part, course }: SuiteTest,
  summary: SweepSummary,
  results: readonly RunResult[],
): SuiteRow {
  const { scenario, verdict, digest, exitCode } = summary;
  const middle = (of: (result: RunResult) => number): number => median(results.map(of));
  const failed = results.find((result) => !isAsExpected(result));
  return {
    format: 1,
    test,
    scenario,
    lab,
    part,
    verdict,
    seeds: results.length,
    passed: results.filter(isAsExpected).length,
    simMs: middle((result) => result.simMs),
    calls: middle((result) => result.calls),
    bytes: middle((result) => result.bytes),
    wallMs: middle((result) => result.wallMs),
    course,
    failure: failed && failureOf(failed),
    remarks: remarksOn(summary),
    digest,
    exitCode,
  };
}

function failureOf(result: RunResult): SuiteFailure {
  const { seed, verdict, class: kind, check, reason, signature, event, repro } = result;
  return { seed, verdict, class: kind, check, reason, signature, event, repro };
}

function remarksOn({ failures, tooLow, probes, drift }: SweepSummary): string[] {
  if (drift !== undefined) return [drift];
  // A test that fails says nothing of what it did not get to.
  if (failures > 0) return [];
  const never = probes.filter(({ status }) => status === 'never');
  return [
    ...tooLow.map((text) => `too little happened: ${text}`),
    ...never.map(({ name, within }) => `"${name}" never, expected within ${within} seeds`),
  ];
}

export function suiteTotal(name: string, rows: readonly SuiteRow[]): SuiteTotal {
  const figures = rows.flatMap(({ course }) => course ?? []);
  return {
    name,
    tests: rows.length,
    passed: rows.filter(({ verdict }) => verdict === 'pass').length,
    // In whole units, so that sums do not end in digits that nobody has measured.
    simMs: sum(rows, ({ simMs }) => Math.round(simMs * 1000)) / 1000,
    calls: sum(rows, ({ calls }) => calls),
    bytes: sum(rows, ({ bytes }) => bytes),
    wallMs: sum(rows, ({ wallMs }) => wallMs),
    course: {
      seconds: sum(figures, ({ seconds }) => Math.round(seconds * 10)) / 10,
      calls: sum(figures, ({ calls }) => calls),
      tests: figures.length,
    },
  };
}

/** Sum a suite up; one without a test that ran proves nothing. */
export function summariseSuite(
  rows: readonly SuiteRow[],
  elapsedMs: number,
  isInterrupted: boolean,
): SuiteSummary {
  const parts = [...new Set(rows.map(({ part }) => part))];
  const digest = new Digest();
  for (const row of rows) mixHex(digest, row.digest);
  const codes = rows.map(({ exitCode }) => exitCode);
  return {
    format: 1,
    ...suiteTotal('all', rows),
    verdict: rows.length === 0 ? 'vacuous' : worstVerdict(rows.map(({ verdict }) => verdict)),
    runs: sum(rows, ({ seeds }) => seeds),
    parts: parts.map((part) =>
      suiteTotal(
        part,
        rows.filter((row) => row.part === part),
      ),
    ),
    elapsedMs: Math.round(elapsedMs),
    digest: digest.hex(),
    isInterrupted,
    exitCode: worstExitCode(isInterrupted ? [...codes, ExitCode.interrupted] : codes),
  };
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
