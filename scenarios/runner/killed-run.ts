import { signatureOf, type Finding } from '../define/verdict.ts';
import type { JobReport, TargetInfo } from './node-target.ts';

/**
 * The report of a run whose code took its worker down: the finding is all there is to tell. Its plan,
 * history and digest went with the worker; the seed stands for them.
 */
export function killedRun(info: TargetInfo, seed: string, finding: Finding): JobReport {
  const { verdict, check, message: reason, where, stack } = finding;
  return {
    plan: undefined,
    result: {
      format: 1,
      scenario: info.name,
      seed,
      verdict,
      expected: info.expect,
      check,
      signature: signatureOf(finding),
      reason,
      where,
      stack,
      digest: '',
      events: 0,
      simMs: 0,
      wallMs: 0,
      operations: 0,
      messages: 0,
      activity: {},
      probes: {},
      repro: '',
    },
    unmatchedOverrides: 0,
    history: [],
    trace: [],
  };
}
