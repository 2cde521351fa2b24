import { isAsExpected, type RunResult } from '../define/result.ts';
import type { Verdict } from '../define/verdict.ts';

/** Exit codes of the command. */
export const ExitCode = {
  asExpected: 0,
  violation: 1,
  undecided: 2,
  nondeterminism: 3,
  usage: 64,
  internal: 70,
  interrupted: 130,
} as const;

/** Of several codes the one that tells most: the first that applies in this order. */
const PRECEDENCE: readonly number[] = [130, 70, 3, 1, 2, 0];

export function worstExitCode(codes: readonly number[]): number {
  return PRECEDENCE.find((code) => codes.includes(code)) ?? ExitCode.asExpected;
}

/** What a run that did not end as expected means. */
export function exitCodeOf(result: RunResult): number {
  return isAsExpected(result) ? ExitCode.asExpected : exitCodeOfVerdict(result.verdict);
}

export function exitCodeOfVerdict(verdict: Verdict): number {
  switch (verdict) {
    case 'unknown':
    case 'vacuous':
      return ExitCode.undecided;
    case 'nondeterministic':
      return ExitCode.nondeterminism;
    // A pass where a violation was expected (a positive control) is a failure, too.
    case 'pass':
    case 'violation':
    case 'crash':
      return ExitCode.violation;
  }
}
