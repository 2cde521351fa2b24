import pc from 'picocolors';
import type { TraceRecord } from '../../sim/index.ts';
import { isAsExpected, type RunResult } from '../../scenarios/define/result.ts';
import { exitCodeOf, ExitCode } from '../../scenarios/report/exit-code.ts';
import { VERSION } from '../../scenarios/define/version.ts';
import { failureBlock, runLine } from '../../scenarios/report/text-run.ts';
import { causesOf, matches, TRACE_HEADER, traceLine } from '../../scenarios/report/text-trace.ts';
import type { JobReport } from '../../scenarios/runner/node-target.ts';
import { UsageError } from '../errors.ts';
import { onInterrupt } from '../interrupt.ts';
import { print, printJson, textWidth } from '../output.ts';
import { Runs } from '../runs.ts';
import { blaming, subject, type Recording, type SubjectOptions } from '../subject.ts';

export interface ReplayOptions extends SubjectOptions {
  readonly from?: string;
  readonly until?: string;
  readonly node?: string;
  readonly why?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `replay <plan | folder | scenario>`: run it again and print the trace. */
export async function replayCommand(what: string, options: ReplayOptions): Promise<number> {
  const filter = {
    fromMs: milliseconds(options.from, '--from'),
    untilMs: milliseconds(options.until, '--until'),
    node: options.node,
    isComplete: options.all,
  };
  if (filter.fromMs !== undefined && filter.fromMs > (filter.untilMs ?? Infinity)) {
    throw new UsageError(`--until ${filter.untilMs} is before --from ${filter.fromMs}`);
  }
  const { scenario, choices, isOtherCode, job, recorded, file } = subject(what, options);
  const interrupted = onInterrupt();
  const runs = await Runs.open(scenario, choices, interrupted);
  try {
    // A trace fills the heap, and would spoil what such a scenario measures.
    const isTraced = !runs.info.once;
    const report = await runs.run({ ...job, isTraced }).catch(blaming(file));
    if (report === undefined) return ExitCode.interrupted;
    const { trace, result } = report;
    if (!isTraced) print(`${runs.info.name} measures the heap: it is run without a trace`);
    else refuseStranger(options.node, trace);
    const shown =
      options.why === undefined
        ? trace.filter((record) => matches(record, filter))
        : causesOf(trace, eventNumber(options.why, result));
    if (options.json === true) shown.forEach(printJson);
    else printText(report, shown.map(traceLine));
    const drift = isOtherCode ? undefined : driftOf(recorded, report);
    if (drift === undefined) return exitCodeOf(result);
    process.stderr.write(`${pc.yellow(drift.text)}\n`);
    return drift.isSameCode ? ExitCode.nondeterminism : exitCodeOf(result);
  } finally {
    await runs.close();
  }
}

function refuseStranger(node: string | undefined, trace: readonly TraceRecord[]): void {
  const nodes = new Set(trace.map((record) => record.node).filter((id) => id !== undefined));
  if (node === undefined || nodes.has(node)) return;
  throw new UsageError(`--node: no node "${node}"; there are ${[...nodes].toSorted().join(', ')}`);
}

function printText(
  { plan, result, unmatchedOverrides }: JobReport,
  lines: readonly string[],
): void {
  if (plan !== undefined) {
    const faults = plan.faults.length === 0 ? 'no faults' : `${plan.faults.length} fault actions`;
    print(`${result.scenario}  seed ${result.seed}  ${plan.profile}, ties ${plan.ties}, ${faults}`);
  }
  print(pc.dim(TRACE_HEADER));
  for (const line of lines) print(line);
  print('');
  print(isAsExpected(result) ? runLine(result) : failureBlock(result, undefined, textWidth()));
  if (unmatchedOverrides > 0) {
    const total = plan?.overrides.length;
    const text = `${unmatchedOverrides} of ${total} overrides did not match: the code has changed`;
    print(pc.yellow(text));
  }
}

/** How a replay differs from its recording, if it does. */
function driftOf(
  recorded: Recording | undefined,
  { result, plan }: JobReport,
): { text: string; isSameCode: boolean } | undefined {
  if (recorded === undefined || recorded.digest === '') return undefined;
  if (recorded.digest === result.digest) return undefined;
  const had = `the recording has digest ${recorded.digest}`;
  const isSameCode = recorded.faultlab === VERSION && recorded.codeHash === plan?.code?.hash;
  const why = isSameCode
    ? `version and code under test are the same: nondeterminism, or Faultlab itself was edited`
    : 'the code has changed since';
  return { text: `${had}; ${why}`, isSameCode };
}

function milliseconds(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new UsageError(`${flag}: expected milliseconds of virtual time, not "${text}"`);
}

function eventNumber(text: string, { events }: RunResult): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= events) return value;
  throw new UsageError(`--why: expected the number of an event from 1 to ${events}, not "${text}"`);
}
