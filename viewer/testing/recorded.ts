import { Trace, type TraceRecord } from '../../sim/index.ts';
import type { HistoryLine } from '../../scenarios/define/history.ts';
import type { View } from '../../scenarios/define/view.ts';
import { PageFile } from '../../scenarios/report/page/page-file.ts';
import { runPage } from '../../scenarios/report/page/run-page.ts';
import { killedRun } from '../../scenarios/runner/killed-run.ts';
import type { JobReport } from '../../scenarios/runner/node-target.ts';
import { RunData } from '../model/run-data.ts';

const info = {
  name: 'adhoc',
  once: false,
  probes: [],
  atLeast: {},
  expect: 'pass',
  sizes: [],
} as const;

/** A report of a run of which only some things are told. */
export function reportOf(
  records: readonly Partial<TraceRecord>[],
  more: Partial<JobReport> = {},
): JobReport {
  const trace = new Trace();
  for (const [i, record] of records.entries()) {
    const event = record.event ?? i + 1;
    trace.record({ event, cause: event, timeUs: 10 * event, kind: 'wake', label: '', ...record });
  }
  const finding = { verdict: 'crash', check: '', message: '' } as const;
  const none = killedRun(info, '1', { kind: 'killed', finding, plan: undefined, wallMs: 0 });
  const result = { ...none.result, verdict: 'pass', reason: undefined, check: undefined } as const;
  return { ...none, result, trace: trace.toColumns(), ...more };
}

/** What a page holds of it. */
export function dataOf(
  records: readonly Partial<TraceRecord>[],
  more: Partial<JobReport> = {},
  views: readonly View[] = [],
): RunData {
  return new RunData(new PageFile(runPage(reportOf(records, more), views)));
}

/** A line of a history, from one time to another. */
export function line(id: number, fromUs: number, untilUs: number | undefined): HistoryLine {
  return {
    id,
    client: 'c0',
    invoked: 2 * id,
    status: untilUs === undefined ? 'pending' : 'ok',
    input: { op: 'get', key: 'k' },
    invokedUs: fromUs,
    ...(untilUs === undefined ? {} : { completed: 2 * id + 1, completedUs: untilUs, output: 1 }),
  };
}
