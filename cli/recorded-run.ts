import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Trace } from '../sim/index.ts';
import { FileError } from '../scenarios/define/file-error.ts';
import type { HistoryLine } from '../scenarios/define/history.ts';
import { parseJson } from '../scenarios/define/json-file.ts';
import { parsePlan } from '../scenarios/define/plan-file.ts';
import type { RunResult } from '../scenarios/define/result.ts';
import { parseTrace } from '../scenarios/define/trace-file.ts';
import type { ComparedRun } from '../scenarios/report/diff/compare-runs.ts';
import { readText } from './target-spec.ts';

/** Is this a folder in which a run was kept, with its trace? */
export function isRecorded(folder: string): boolean {
  return existsSync(folder) && statSync(folder).isDirectory() && existsSync(traceOf(folder));
}

/**
 * A run as it was kept, whatever the code does today.
 * @throws FileError
 */
export function recordedRun(folder: string): ComparedRun {
  const [resultFile, planFile] = ['result.json', 'plan.json'].map((name) => join(folder, name)) as [
    string,
    string,
  ];
  const result = parseJson(readText(resultFile), resultFile) as RunResult;
  const plan = parsePlan(readText(planFile), planFile);
  const { header, records } = parseTrace(readText(traceOf(folder)), traceOf(folder));
  if (result.digest === undefined || header.seed !== plan.seed) {
    throw new FileError(folder, 'its result, plan and trace are not of one run');
  }
  const trace = new Trace(header.level);
  for (const record of records) trace.record(record);
  return { name: 'as recorded', plan, result, trace, history: historyOf(folder) };
}

function traceOf(folder: string): string {
  return join(folder, 'trace.ndjson');
}

/** The lines below the header. */
function historyOf(folder: string): HistoryLine[] {
  const file = join(folder, 'history.jsonl');
  const [, ...lines] = readText(file).split('\n');
  return lines.filter((line) => line !== '').map((line) => parseJson(line, file) as HistoryLine);
}
