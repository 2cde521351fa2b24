import { Digest } from '../../sim/index.ts';
import type { ProbeBound } from '../define/check.ts';
import { medianLatencies, type Latencies } from '../define/latency.ts';
import { isAsExpected, type RunResult } from '../define/result.ts';
import type { Verdict } from '../define/verdict.ts';
import { exitCodeOf, ExitCode, worstExitCode } from './exit-code.ts';

/** The median of fewer runs says little. */
const TELLING_RUNS = 20;

/** Failures of one kind. */
export interface FailureGroup {
  readonly signature: string;
  readonly count: number;
  /** Its result with the fewest events. */
  readonly smallest: RunResult;
}

export interface ProbeRow extends ProbeBound {
  /** Number of seeds in which it was hit. */
  readonly seeds: number;
  /** `not yet`: the sweep was too small to expect it. */
  readonly status: 'hit' | 'not yet' | 'never';
}

export interface ActivityRow {
  readonly name: string;
  readonly median: number;
  readonly total: number;
}

/** What a sweep came to: the last line of `--json`. */
export interface SweepSummary {
  readonly format: 1;
  readonly scenario: string;
  readonly seeds: number;
  readonly verdict: Verdict;
  readonly failures: number;
  readonly groups: readonly FailureGroup[];
  readonly activity: readonly ActivityRow[];
  /** How long client operations took: of each figure the median over the seeds that have it. */
  readonly latency: Latencies;
  readonly probes: readonly ProbeRow[];
  /** Activity whose median is below the least that the scenario demands. */
  readonly tooLow: readonly string[];
  /** Over the digests of all runs, in order. */
  readonly digest: string;
  readonly simMs: number;
  /** From the first run to the end of the last: less than what each took, if workers share them. */
  readonly wallMs: number;
  readonly isInterrupted: boolean;
  /** A failure that did not repeat: how it differed. */
  readonly drift?: string;
  readonly exitCode: number;
}

/**
 * Sum a sweep up.
 * @param results in the order of its seeds
 * @param atLeast least medians of activity; below them the sweep is vacuous
 */
export function summarise(
  scenario: string,
  results: readonly RunResult[],
  probes: readonly ProbeBound[],
  isInterrupted: boolean,
  atLeast: Readonly<Record<string, number>> = {},
): SweepSummary {
  const failures = results.filter((result) => !isAsExpected(result));
  const probeRows = probes.map((probe) => probeRow(probe, results));
  // A sweep without a run proves as little as one in which nothing happened.
  const activity = activityOf(results);
  const isTelling = !isInterrupted && results.length >= TELLING_RUNS;
  const tooLow = isTelling ? belowBounds(activity, atLeast) : [];
  const isVacuous =
    results.length === 0 || tooLow.length > 0 || probeRows.some((row) => row.status === 'never');
  const digest = new Digest();
  for (const result of results) mixHex(digest, result.digest);
  const codes = results.map(exitCodeOf);
  if (isVacuous) codes.push(ExitCode.undecided);
  if (isInterrupted) codes.push(ExitCode.interrupted);
  return {
    format: 1,
    scenario,
    seeds: results.length,
    verdict: verdictOf(failures, isVacuous),
    failures: failures.length,
    groups: groupsOf(failures),
    activity,
    latency: medianLatencies(results.map(({ latency }) => latency)),
    probes: probeRows,
    tooLow,
    digest: digest.hex(),
    simMs: sum(results.map((result) => Math.round(result.simMs * 1000))) / 1000,
    wallMs: sum(results.map((result) => result.wallMs)),
    isInterrupted,
    exitCode: worstExitCode(codes),
  };
}

const WORST: readonly Verdict[] = ['nondeterministic', 'crash', 'violation', 'unknown', 'vacuous'];

function verdictOf(failures: readonly RunResult[], isVacuous: boolean): Verdict {
  // A pass where something had to be found is as wrong as a violation elsewhere.
  const seen = failures.map(({ verdict }): Verdict => (verdict === 'pass' ? 'violation' : verdict));
  return worstVerdict(isVacuous ? [...seen, 'vacuous'] : seen);
}

/** Of several verdicts the one that tells most; of none: pass. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return WORST.find((verdict) => verdicts.includes(verdict)) ?? 'pass';
}

/** The most frequent kinds of failure first; of equally frequent ones the smallest run. */
function groupsOf(failures: readonly RunResult[]): FailureGroup[] {
  const bySignature = new Map<string, RunResult[]>();
  for (const failure of failures) {
    const signature = failure.signature ?? failure.verdict;
    bySignature.set(signature, [...(bySignature.get(signature) ?? []), failure]);
  }
  return [...bySignature]
    .map(([signature, group]) => ({
      signature,
      count: group.length,
      smallest: group.reduce((least, other) => (other.events < least.events ? other : least)),
    }))
    .toSorted((a, b) => b.count - a.count || a.smallest.events - b.smallest.events);
}

/** In words: the medians that are below their bounds. */
export function belowBounds(
  activity: readonly ActivityRow[],
  atLeast: Readonly<Record<string, number>>,
): string[] {
  return Object.entries(atLeast)
    .map(([name, least]) => ({ name, least, row: activity.find((row) => row.name === name) }))
    .filter(({ least, row }) => (row?.median ?? 0) < least)
    .map(({ name, least, row }) => `${row?.median ?? 0} ${name}, at least ${least} expected`);
}

function probeRow(probe: ProbeBound, results: readonly RunResult[]): ProbeRow {
  const seeds = results.filter((result) => (result.probes[probe.name] ?? 0) > 0).length;
  const awaiting = results.filter(
    ({ awaited }) => awaited === undefined || awaited.includes(probe.name),
  ).length;
  const status = seeds > 0 ? 'hit' : awaiting < probe.within ? 'not yet' : 'never';
  return { ...probe, seeds, status };
}

function activityOf(results: readonly RunResult[]): ActivityRow[] {
  const rows = results.map((result): Record<string, number> => ({
    operations: result.operations,
    messages: result.messages,
    events: result.events,
    ...result.activity,
  }));
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return [...names].map((name) => {
    const values = rows.map((row) => row[name] ?? 0);
    return { name, median: median(values), total: sum(values) };
  });
}

/** Fold a digest of 16 hexadecimal digits, or none, into another one. */
export function mixHex(digest: Digest, hex: string): void {
  digest.mix(Number.parseInt(hex.slice(0, 8) || '0', 16));
  digest.mix(Number.parseInt(hex.slice(8) || '0', 16));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
