import { z } from 'zod';
import { recordKinds, traceLevels, type TraceLevel, type TraceRecord } from '../../sim/index.ts';
import { FileError } from './file-error.ts';

/** The version of trace files that this Faultlab reads and writes. */
export const TRACE_FORMAT = 1;

/** First line of a trace file; each further line is a record. */
export interface TraceHeader {
  readonly format: typeof TRACE_FORMAT;
  readonly kind: 'trace';
  readonly level: TraceLevel;
  readonly scenario: string;
  readonly seed: string;
}

export interface TraceFile {
  readonly header: TraceHeader;
  readonly records: readonly TraceRecord[];
}

const header = z.object({
  format: z.literal(TRACE_FORMAT),
  kind: z.literal('trace'),
  level: z.enum(traceLevels),
  scenario: z.string(),
  seed: z.string(),
});

const count = z.int().min(0);
const record = z.strictObject({
  event: count,
  cause: count,
  timeUs: count,
  kind: z.enum(recordKinds),
  node: z.string().optional(),
  incarnation: count.optional(),
  label: z.string(),
  from: z.string().optional(),
  to: z.string().optional(),
  n: count.optional(),
  payload: z.unknown().optional(),
  text: z.string().optional(),
});

/**
 * Read a trace file: NDJSON, a header and a record a line.
 * @throws FileError naming the file, the line, the field and the expected form
 */
export function parseTrace(text: string, file: string): TraceFile {
  const [first = '', ...rest] = text.split('\n');
  const head = parseJson(first, file, 1);
  const { format, kind } = (head ?? {}) as { format?: unknown; kind?: unknown };
  if (kind !== 'trace') {
    const shape = `{"format": ${TRACE_FORMAT}, "kind": "trace", ...}`;
    throw new FileError(file, `not a trace: expected a first line ${shape}`);
  }
  if (typeof format === 'number' && format > TRACE_FORMAT) {
    const newer = `format: ${format} is newer than this Faultlab reads (${TRACE_FORMAT})`;
    throw new FileError(file, `${newer}: update it`);
  }
  return {
    header: validate(header, head, file, 1),
    records: rest.flatMap((line, i) =>
      line === '' ? [] : [validate(record, parseJson(line, file, i + 2), file, i + 2)],
    ),
  };
}

function parseJson(line: string, file: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new FileError(file, `line ${number}: expected JSON: ${(error as Error).message}`);
  }
}

function validate<T>(schema: z.ZodType<T>, value: unknown, file: string, line: number): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) =>
    [...path.map(String), message].join(': '),
  );
  throw new FileError(file, `line ${line}: ${problems.join('; ')}`);
}
