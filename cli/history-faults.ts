/** The faults of the run that a history was kept of, for the picture of the history. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Annotation, HistoryLineMetadata, Operation } from '../porcupine-ts/index.ts';
import { FileError } from '../scenarios/define/file-error.ts';
import { parseTrace } from '../scenarios/define/trace-file.ts';
import { faultSpans } from '../scenarios/report/fault-spans.ts';

/** The row of the picture on which they stand. */
const TAG = 'faults';

/**
 * What is told of the trace that lies beside a history, if both are of one run.
 * @returns none where there is no such trace
 * @throws FileError if it is there and is damaged
 */
export function faultsBeside(
  file: string,
  history: readonly Operation<unknown, unknown>[],
): Annotation[] {
  const trace = join(dirname(file), 'trace.ndjson');
  if (basename(file) !== 'history.jsonl' || !existsSync(trace)) return [];
  const { header, records } = parseTrace(readFileSync(trace, 'utf8'), trace);
  const { scenario, seed } = headOf(file);
  if (header.scenario !== scenario || header.seed !== seed) {
    throw new FileError(trace, 'is of another run than the history beside it');
  }
  const stampAt = clockOf(history);
  if (stampAt === undefined) return [];
  return faultSpans(records).map(({ id, text, fromUs, untilUs }) => ({
    tag: TAG,
    start: stampAt(fromUs),
    end: stampAt(untilUs),
    description: text,
    details: id,
  }));
}

/** What the first line of a history says of its run; nothing if it is no header. */
function headOf(file: string): { readonly scenario?: unknown; readonly seed?: unknown } {
  const [line = ''] = readFileSync(file, 'utf8').split('\n', 1);
  try {
    return (JSON.parse(line) ?? {}) as { scenario?: unknown; seed?: unknown };
  } catch {
    return {};
  }
}

/** From virtual time, in µs, to the stamps of the calls and returns around it. */
function clockOf(
  history: readonly Operation<unknown, unknown>[],
): ((us: number) => number) | undefined {
  const known: [us: number, stamp: number][] = [];
  for (const { call, return: end, metadata } of history) {
    const { invokedUs, completedUs } = (metadata ?? {}) as Partial<HistoryLineMetadata>;
    if (invokedUs !== undefined) known.push([invokedUs, call]);
    if (completedUs !== undefined && end !== undefined) known.push([completedUs, end]);
  }
  known.sort(([, a], [, b]) => a - b);
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return (us) => {
    // Before the first call, and after the last return, there is only that.
    if (us < first[0]) return first[1] - 1;
    const next = known.findIndex(([at]) => at > us);
    if (next < 0) return us > last[0] ? last[1] + 1 : last[1];
    const [before, after] = [known[next - 1] ?? first, known[next]!];
    return before[1] + ((us - before[0]) / (after[0] - before[0])) * (after[1] - before[1]);
  };
}
