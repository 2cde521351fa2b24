import { z } from 'zod';
import { FileError } from './file-error.ts';
import { validate } from './json-file.ts';
import { latencyFields } from './latency.ts';
import type { RunResult } from './result.ts';
import type { SweepHeader } from './sweep-file.ts';
import { verdicts } from './verdict.ts';

/** What a line leaves out of a result: the header says it, or it goes without saying. */
type Said = 'format' | 'scenario' | 'expected' | 'repro' | 'awaited';
type ResultLine = Omit<RunResult, Said> & Partial<Pick<RunResult, 'expected' | 'awaited'>>;

/** A result as a line of the file. */
export function sweepLine(result: RunResult, { probes }: SweepHeader): ResultLine {
  const { format: _f, scenario: _s, repro: _r, expected, awaited, ...rest } = result;
  const isAll = awaited === undefined || awaited.length === probes.length;
  return {
    ...rest,
    ...(expected === 'pass' ? {} : { expected }),
    ...(isAll ? {} : { awaited }),
  };
}

/** What must be there in every line. */
const REQUIRED: readonly (readonly [keyof ResultLine, string])[] = [
  ['seed', 'string'],
  ['verdict', 'string'],
  ['digest', 'string'],
  ['events', 'number'],
  ['simMs', 'number'],
  ['wallMs', 'number'],
  ['operations', 'number'],
  ['messages', 'number'],
  ['latency', 'object'],
  ['activity', 'object'],
  ['probes', 'object'],
];

/** What only some lines have: most runs pass, and say nothing else. */
const rest = z.object({
  verdict: z.enum(verdicts),
  expected: z.enum(verdicts).optional(),
  class: z.enum(['safety', 'liveness', 'performance']).optional(),
  check: z.string().optional(),
  signature: z.string().optional(),
  reason: z.string().optional(),
  event: z.number().optional(),
  where: z.string().optional(),
  stack: z.string().optional(),
  story: z
    .array(
      z.object({
        timeUs: z.number(),
        who: z.string(),
        text: z.string(),
        isCulprit: z.boolean().optional(),
      }),
    )
    .optional(),
});

/**
 * Reads the lines of a file: each holds a result, but for the command that runs it again. What all
 * of them have is looked at by hand rather than by a schema, and in place: there may be a million.
 * @throws FileError naming the line and the field
 */
export function sweepLineParser(
  { scenario, probes }: SweepHeader,
  file: string,
): (text: string, line: number) => RunResult {
  const said = { format: 1, scenario, repro: '' } as const;
  const everyProbe = probes.map(({ name }) => name);
  return (text, line) => {
    const value = parseLine(text, file, line);
    const problem = problemOf(value);
    if (problem !== undefined) throw new FileError(file, `line ${line}: ${problem}`);
    const result = value as ResultLine;
    const { verdict, expected = 'pass', awaited = everyProbe } = result;
    if (verdict !== 'pass' || expected !== 'pass') {
      validate(rest, result, `${file}: line ${line}`);
    }
    return Object.assign(result, said, { expected, awaited });
  };
}

function parseLine(text: string, file: string, line: number): Partial<ResultLine> | null {
  try {
    return JSON.parse(text) as Partial<ResultLine> | null;
  } catch (error) {
    throw new FileError(file, `line ${line}: expected JSON: ${(error as Error).message}`);
  }
}

/** What is wrong with what every line has; undefined = nothing. */
function problemOf(value: Partial<ResultLine> | null): string | undefined {
  for (const [field, type] of REQUIRED) {
    const given = value?.[field];
    if (typeof given !== type || given === null) return `${field}: expected a ${type}`;
  }
  const { latency, activity, probes, awaited } = value as ResultLine;
  return (
    noNumberIn('activity', activity) ??
    noNumberIn('probes', probes) ??
    latencyProblem(latency) ??
    awaitedProblem(awaited)
  );
}

function noNumberIn(field: string, counts: Readonly<Record<string, unknown>>): string | undefined {
  for (const name in counts) {
    if (typeof counts[name] !== 'number') return `${field}.${name}: expected a number`;
  }
  return undefined;
}

function latencyProblem(latency: Readonly<Record<string, unknown>>): string | undefined {
  for (const op in latency) {
    const row = latency[op] as Readonly<Record<string, unknown>> | null;
    for (const field of latencyFields) {
      if (typeof row?.[field] !== 'number') return `latency.${op}.${field}: expected a number`;
    }
  }
  return undefined;
}

function awaitedProblem(awaited: unknown): string | undefined {
  const isList = Array.isArray(awaited) && awaited.every((name) => typeof name === 'string');
  return awaited === undefined || isList ? undefined : 'awaited: expected names of probes';
}
