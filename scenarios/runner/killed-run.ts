import { Trace } from '../../sim/index.ts';
import { signatureOf } from '../define/verdict.ts';
import type { JobReport, TargetInfo } from './node-target.ts';
import type { Killed } from './node-thread.ts';

/**
 * The report of a run whose code took its worker down: the finding is all there is to tell.
 * History, trace and digest went with the worker.
 */
export function killedRun(info: TargetInfo, seed: string, killed: Killed): JobReport {
  const { finding, plan, wallMs } = killed;
  const { verdict, check, message: reason, where, stack, event } = finding;
  return {
    plan,
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
      event,
      digest: '',
      events: event ?? 0,
      simMs: 0,
      wallMs,
      operations: 0,
      messages: 0,
      calls: 0,
      bytes: 0,
      latency: {},
      activity: {},
      probes: {},
      awaited: [],
      repro: '',
    },
    unmatchedOverrides: 0,
    unmatchedTargets: [],
    history: [],
    trace: new Trace('off').toColumns(),
    fates: [],
    outputs: [],
    spans: [],
  };
}
