/** The page of `check --html`: what makes it is loaded only where one is wanted. */
import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import {
  checkOperations,
  linearizationInfo,
  type Annotation,
  type CheckResult,
  type HistoryLineMetadata,
  type Operation,
} from '../porcupine-ts/index.ts';
import { FileError } from '../scenarios/define/file-error.ts';
import { prepareExport, writeExport } from '../scenarios/report/node-export-file.ts';
import { historyPage, type OperationNote } from '../scenarios/report/page/history-page.ts';
import { htmlPage } from '../scenarios/report/page/node-html-page.ts';
import { spelled } from '../scenarios/report/text-run.ts';
import type { Judged } from './commands/check.ts';
import { UsageError } from './errors.ts';
import { faultsBeside } from './history-faults.ts';
import { nameOfInput } from './history-input.ts';

/** A history that was judged, and what its page needs beside that. */
export interface PicturedHistory extends Judged {
  readonly annotations: readonly Annotation[];
  /** Why it is undecided, in words. */
  readonly undecided: string | undefined;
  readonly maxSteps: number | undefined;
  readonly algorithm: 'search' | 'auto';
}

/**
 * Steps for the parts beside one that is known to be illegal, where the user has set no budget:
 * what they came to is told in the picture, and does not change the verdict.
 */
const MORE_STEPS = 2_000_000;

/** So much is shown of the partial linearizations of one part: see `InfoLimits`. */
const LIMITS = { places: 1_000_000, stateCharacters: 20_000_000 };

/** Pages may be as large as this, in bytes, before long texts are cut. */
const PAGE_BYTES = 5_000_000;
/** Where texts are cut, in characters; the first with which the page is small enough. */
const TEXT_MAX = [4000, 400, 100, 48];

/**
 * Before the check, which may take long.
 * @throws UsageError, FileError if there can be no page of that name
 */
export function prepareHistoryHtml(out: string, file: string): void {
  if (out === '-') throw new UsageError('--html: name a file; standard output has the verdict');
  prepareExport(out);
  if (file !== '-' && real(out) !== undefined && real(out) === real(file)) {
    throw new UsageError(`--html: ${out} is the history itself`);
  }
}

/** Write the page, whole or not at all. */
export function writeHistoryHtml(out: string, judged: PicturedHistory): void {
  const { model, history, verdict, minimal, result, undecided } = judged;
  const annotations = [...judged.annotations, ...faultsOf(judged)];
  const pictured = verbose(judged);
  const info = linearizationInfo(model, history, pictured, annotations, LIMITS);
  const file = nameOfInput(judged.file);
  const checked = {
    file,
    model: model.name,
    verdict,
    ...(undecided === undefined ? {} : { undecided }),
    steps: result.steps,
    remarks: remarksOf(judged, pictured),
    info,
    notes: history.map(noteOf),
    core: minimal && {
      operations: minimal.core,
      relaxed: minimal.relaxed.length,
      isMinimal: minimal.isMinimal,
    },
  };
  const title = `${spelled(verdict)} ${file === judged.file ? basename(file) : file}`;
  let page = '';
  for (const textMax of TEXT_MAX) {
    page = htmlPage(title, historyPage(checked, textMax));
    if (Buffer.byteLength(page) <= PAGE_BYTES) break;
  }
  writeExport(out, [page]);
  process.stderr.write(`page: ${out} (${sizeText(Buffer.byteLength(page))})\n`);
}

/** What happened meanwhile, if the run was kept. Without it the picture is still one. */
function faultsOf({ annotations, file, history }: PicturedHistory): Annotation[] {
  // Somebody has told of faults already.
  if (file === '-' || annotations.some(({ tag }) => tag === 'faults')) return [];
  try {
    return faultsBeside(file, history);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    process.stderr.write(`page: without the faults of the run: ${error.message}\n`);
    return [];
  }
}

/**
 * The check once more, now for a picture: part by part, with what it has tried. The same steps come
 * to the same end, and only after a violation there is more to search than there was.
 */
function verbose({
  model,
  history,
  maxSteps,
  algorithm,
  result,
}: PicturedHistory): CheckResult<unknown, unknown> {
  const isBounded = maxSteps === undefined && result.verdict === 'illegal';
  return checkOperations(model, history, {
    algorithm,
    verbose: true,
    maxSteps: isBounded ? result.steps + MORE_STEPS : maxSteps,
  });
}

function remarksOf(
  { verdict }: PicturedHistory,
  { parts = [] }: CheckResult<unknown, unknown>,
): string[] {
  const open = parts.filter((part) => part.verdict === 'unknown').length;
  if (verdict !== 'violation' || open === 0) return [];
  const which = open === 1 ? 'One other part was' : `${open} other parts were`;
  return [`${which} not searched to the end, as the verdict was certain.`];
}

function noteOf({ metadata }: Operation<unknown, unknown>): OperationNote {
  const { line, invokedUs, completedUs, ...more } = metadata as HistoryLineMetadata;
  const { session, tags, id } = more;
  // An id that only counts the lines says nothing.
  const isTold = session !== undefined || tags !== undefined || typeof id === 'string';
  return { line, invokedUs, completedUs, more: isTold ? JSON.stringify(more) : '' };
}

function real(file: string): string | undefined {
  try {
    return realpathSync(file);
  } catch {
    return undefined;
  }
}

/** `340 kB`, `2.1 MB`. */
function sizeText(bytes: number): string {
  return bytes < 1_000_000
    ? `${Math.ceil(bytes / 1000)} kB`
    : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
