import { z } from 'zod';
import { parseJson, readAs, type JsonFormat } from './json-file.ts';
import type { ProbeBound } from './check.ts';
import { isSeedRange } from './seed-range.ts';

/** The version of sweep files that this Faultlab reads and writes. */
export const SWEEP_FORMAT = 1;

/** First line of the file of a sweep; a result a line follows, and the summary is the last. */
export interface SweepHeader {
  readonly format: typeof SWEEP_FORMAT;
  readonly kind: 'sweep';
  /** Version of Faultlab, and which build of it. */
  readonly faultlab: string;
  readonly build?: string | undefined;
  readonly scenario: string;
  /** The scenario as the user named it: its name, an official test, or a path. */
  readonly target: string;
  /** Identity of the code under test; undefined = ours. */
  readonly code?: string | undefined;
  /** What the user chose besides the seeds, as words of the command. */
  readonly options: readonly string[];
  /** Hash of what these words mean: two files of one name may hold other faults. */
  readonly settings: string;
  /** The seeds of this part, `4f2c/1..50`, and of the sweep that it is a part of. */
  readonly seeds: string;
  readonly whole: string;
  /** Which of several parts, `2/8`. */
  readonly shard?: string | undefined;
  readonly probes: readonly ProbeBound[];
  /** Least medians of activity. */
  readonly atLeast: Readonly<Record<string, number>>;
}

const seedRange = z.string().refine(isSeedRange, 'expected FROM..TO or PREFIX/FROM..TO');

const header = z.strictObject({
  format: z.literal(SWEEP_FORMAT),
  kind: z.literal('sweep'),
  faultlab: z.string(),
  build: z.string().optional(),
  scenario: z.string(),
  target: z.string(),
  code: z.string().optional(),
  options: z.array(z.string()),
  settings: z.string(),
  seeds: seedRange,
  whole: seedRange,
  shard: z
    .string()
    .regex(/^\d+\/\d+$/)
    .optional(),
  probes: z.array(z.strictObject({ name: z.string(), within: z.number() })),
  atLeast: z.record(z.string(), z.number()),
});

const sweepFormat: JsonFormat<SweepHeader> = {
  kind: 'sweep',
  format: SWEEP_FORMAT,
  shape: `a first line {"format": ${SWEEP_FORMAT}, "kind": "sweep", ...}`,
  schema: header,
};

/** @throws FileError naming the file, the field and the expected form */
export function parseSweepHeader(line: string, file: string): SweepHeader {
  return readAs(sweepFormat, parseJson(line, file), file);
}
