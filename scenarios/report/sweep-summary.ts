import { Digest } from '../../sim/index.ts';
import type { ProbeBound } from '../define/check.ts';
import type { Latencies } from '../define/latency.ts';
import type { RunResult } from '../define/result.ts';
import type { Verdict } from '../define/verdict.ts';
import { ExitCode, worstExitCode } from './exit-code.ts';

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
  /** It ended with a failure, before its seeds did. */
  readonly isBailed?: boolean;
  /** A failure that did not repeat: how it differed. */
  readonly drift?: string;
  readonly exitCode: number;
}

const WORST: readonly Verdict[] = ['nondeterministic', 'crash', 'violation', 'unknown', 'vacuous'];

/** Of several verdicts the one that tells most; of none: pass. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return WORST.find((verdict) => verdicts.includes(verdict)) ?? 'pass';
}

/** The same of a sweep in which a failure did not repeat: how it differed. */
export function drifted(summary: SweepSummary, drift: string): SweepSummary {
  const exitCode = worstExitCode([summary.exitCode, ExitCode.nondeterminism]);
  return { ...summary, verdict: 'nondeterministic', exitCode, drift };
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

/** Fold a digest of 16 hexadecimal digits, or none, into another one. */
export function mixHex(digest: Digest, hex: string): void {
  digest.mix(Number.parseInt(hex.slice(0, 8) || '0', 16));
  digest.mix(Number.parseInt(hex.slice(8) || '0', 16));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
