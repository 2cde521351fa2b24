import type { Annotation } from '../annotation.ts';
import type { AnyModel } from '../model.ts';
import type { Operation } from '../history/operation.ts';
import { buildTimeline } from '../history/timeline.ts';
import { findClientOverlap, overlapProblem, stampProblem } from '../history/validate-history.ts';
import { isAnnotationLine, readAnnotationLine } from './annotation-line.ts';
import { readFlatKvLine } from './flat-kv-line.ts';
import { readHistoryLine } from './history-line.ts';
import { JsonLine } from './json-fields.ts';
import { numberedLines } from './lines.ts';

/** Version of the history file that is read and written. */
export const HISTORY_FORMAT_VERSION = 1;

/**
 * Reads a history of one JSON object a line: history lines (see {@link readHistoryLine}), flat
 * key/value lines (see {@link readFlatKvLine}), told apart line by line. Blank lines are skipped,
 * and so are annotations, after they have been checked. The first line may be a header,
 * `{"kind": "history", "format": 1}`.
 *
 * Operations known to have had no effect are left out, after they have been checked like the
 * others.
 *
 * @param model - says which operations there are
 * @throws HistoryError with the number of the first line that is wrong
 */
export function parseJsonl(text: string, model: AnyModel): Operation<unknown, unknown>[] {
  return parseAnnotatedJsonl(text, model).history;
}

/** As {@link parseJsonl}, with the annotations of the file (see {@link readAnnotationLine}). */
export function parseAnnotatedJsonl(
  text: string,
  model: AnyModel,
): { history: Operation<unknown, unknown>[]; annotations: Annotation[] } {
  const lines = numberedLines(text).map(({ number, text }) => new JsonLine(number, text));
  const header = lines[0];
  if (header !== undefined && isHeader(header)) {
    checkHeader(header);
    lines.shift();
  }
  const annotations = lines.filter(isAnnotationLine).map(readAnnotationLine);
  return {
    history: historyOf(
      lines.filter((line) => !isAnnotationLine(line)),
      model,
    ),
    annotations,
  };
}

function historyOf(lines: readonly JsonLine[], model: AnyModel): Operation<unknown, unknown>[] {
  const read = lines.map((line) => {
    const result = isFlat(line) ? readFlatKvLine(line, model.name) : readHistoryLine(line);
    checkOperation(line, result.operation, model);
    return result;
  });
  const operations = read.map(({ operation }) => operation);
  checkIdentities(lines);
  checkOverlaps(lines, operations);
  return operations.filter((_, index) => read[index]!.counts);
}

function isHeader(line: JsonLine): boolean {
  return line.has('format') && line.has('kind');
}

function checkHeader(line: JsonLine): void {
  line.word('kind', 'history');
  const version = line.stamp('format');
  if (version > HISTORY_FORMAT_VERSION) {
    const newest = `the newest known here is ${HISTORY_FORMAT_VERSION}`;
    throw line.error(`version ${version} is newer than this program; ${newest}`, 'format');
  }
  if (version !== HISTORY_FORMAT_VERSION) throw line.unexpected('format', '1');
}

function isFlat(line: JsonLine): boolean {
  if (line.has('invoked') || line.has('status')) return false;
  if (line.has('call') || line.has('op')) return true;
  throw line.error(
    'expected a history line {id, client, invoked, completed, status, input, output} or a flat ' +
      'key/value line {client, call, return, op, key, value, version, output}',
  );
}

function checkOperation(
  line: JsonLine,
  operation: Operation<unknown, unknown>,
  model: AnyModel,
): void {
  const problem = stampProblem(operation) ?? model.validate?.(operation.input, operation.output);
  if (problem !== undefined) throw line.error(problem);
}

function checkIdentities(lines: readonly JsonLine[]): void {
  const seen = new Map<unknown, number>();
  for (const line of lines) {
    if (!line.has('id')) continue;
    const id = line.fields['id'];
    const earlier = seen.get(id);
    if (earlier !== undefined) {
      throw line.error(`${JSON.stringify(id)} is also the id of line ${earlier}`, 'id');
    }
    seen.set(id, line.number);
  }
}

function checkOverlaps(
  lines: readonly JsonLine[],
  operations: readonly Operation<unknown, unknown>[],
): void {
  const overlap = findClientOverlap(operations, buildTimeline(operations));
  if (overlap === undefined) return;
  const { earlier, later } = overlap;
  const place = `line ${lines[earlier]!.number}`;
  throw lines[later]!.error(overlapProblem(operations[earlier]!, operations[later]!, place));
}
