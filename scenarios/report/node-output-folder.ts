import { createHash } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { makeFolder } from './node-make-folder.ts';
import { Trace } from '../../sim/index.ts';
import { FileError } from '../define/file-error.ts';
import { TRACE_FORMAT, type TraceHeader } from '../define/trace-file.ts';
import { toJson } from './json.ts';
import { metricsFile } from './metrics-json.ts';
import type { JobReport } from '../runner/node-target.ts';

/** The folder of results, under the folder the command runs in. */
export const OUTPUT = '.faultlab';

const TRACE = 'trace.ndjson';
const METRICS = 'metrics.json';

/** Files of many lines are written by about so many characters at a time. */
const PIECE = 1_000_000;

/** The folder of one run. A seed may hold any character, a folder's name may not. */
export function runFolder(scenario: string, seed: string, root: string = OUTPUT): string {
  const name = encodeURIComponent(seed.replace(/\p{Surrogate}/gu, '\uFFFD'))
    .replace(/^\.+$/, (dots) => '%2E'.repeat(dots.length))
    // The name of a file that keeps a sweep.
    .replace(/\.jsonl$/, '%2Ejsonl');
  return join(root, scenario, name);
}

/**
 * Make sure that results can be written, before a run that may take long.
 * @throws FileError if they cannot
 */
export function prepareFolder(folder: string): void {
  orFileError(folder, () => {
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
  });
}

/**
 * Write a run: `result.json`, `plan.json`, `history.jsonl`, unless it is off `trace.ndjson`, and if
 * figures were kept `metrics.json`; `latest` in the root points to it.
 */
export function writeRun(folder: string, report: JobReport, root: string = OUTPUT): void {
  const { plan, result, history, trace, metrics } = report;
  if (plan === undefined) return;
  prepareFolder(folder);
  const write = (name: string, text: string): void =>
    orFileError(join(folder, name), (file) => writeFileSync(file, text));
  const look = `npx faultlab view ${folder}`;
  const told = { ...result, planHash: planHash(plan), look };
  write('result.json', `${JSON.stringify(told, undefined, 2)}\n`);
  write('plan.json', `${JSON.stringify(plan, undefined, 2)}\n`);
  const { scenario, seed } = plan;
  const about = { format: 1, kind: 'history', scenario, seed };
  writeLines(join(folder, 'history.jsonl'), about, history);
  const { level } = trace;
  const header: TraceHeader = { format: TRACE_FORMAT, kind: 'trace', level, scenario, seed };
  if (level !== 'off') writeLines(join(folder, TRACE), header, Trace.from(trace));
  else forget(join(folder, TRACE));
  if (metrics === undefined) forget(join(folder, METRICS));
  else write(METRICS, `${JSON.stringify(metricsFile(metrics, result))}\n`);
  pointTo(folder, root);
}

/** One of an earlier run would pass for that of this one. */
function forget(file: string): void {
  orFileError(file, () => rmSync(file, { force: true }));
}

/** What a result says of its plan: another plan beside it has another result. */
export function planHash(plan: unknown): string {
  return createHash('sha256').update(JSON.stringify(plan)).digest('hex').slice(0, 12);
}

/** In pieces: the trace of a large run is longer than a string may be. */
function writeLines(path: string, header: object, lines: Iterable<object>): void {
  orFileError(path, (name) => {
    const file = openSync(name, 'w');
    try {
      let piece = `${toJson(header)}\n`;
      for (const line of lines) {
        piece += `${toJson(line)}\n`;
        if (piece.length < PIECE) continue;
        writeFileSync(file, piece);
        piece = '';
      }
      writeFileSync(file, piece);
    } finally {
      closeSync(file);
    }
  });
}

function pointTo(folder: string, root: string): void {
  const latest = join(root, 'latest');
  orFileError(latest, () => {
    // Put in place in one step: two commands may run side by side in one folder.
    const next = `${latest}-${process.pid}`;
    try {
      // A junction needs no rights on Windows; elsewhere the type is ignored.
      symlinkSync(relative(dirname(latest), folder), next, 'junction');
      // It cannot be renamed over another one there.
      if (process.platform === 'win32') rmSync(latest, { force: true });
      renameSync(next, latest);
    } finally {
      rmSync(next, { force: true });
    }
  });
}

/** What the user can mend is said as such, with the name of the file. */
export function orFileError<T>(
  file: string,
  work: (file: string) => T,
  doing: 'read' | 'written' = 'written',
): T {
  try {
    return work(file);
  } catch (error) {
    throw new FileError(file, `cannot be ${doing}: ${(error as Error).message}`);
  }
}
