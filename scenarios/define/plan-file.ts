import { z } from 'zod';
import type { FaultAction } from '../../sim/index.ts';
import { faultAction, nodeId } from './fault-file.ts';
import { FileError } from './file-error.ts';
import type { Json, Plan } from './plan.ts';

/** The version of plan files that this Faultlab reads and writes. */
export const PLAN_FORMAT = 1;

const messageOverride = z.strictObject({
  link: z.string().regex(/^.+>.+$/, 'expected "from>to"'),
  type: z.string().min(1),
  n: z.int().min(0),
  fate: z.union([
    z.enum(['drop', 'duplicate']),
    z.strictObject({
      delayUs: z.int().min(1),
      and: z.enum(['drop', 'duplicate']).optional(),
    }),
  ]),
});

const json: z.ZodType<Json> = z.json();

const plan = z.strictObject({
  format: z.literal(PLAN_FORMAT),
  kind: z.literal('plan'),
  faultlab: z.string(),
  scenario: z.string(),
  seed: z.string(),
  streamSeed: z.string(),
  params: z.record(z.string(), json),
  profile: z.string(),
  // Plans of before there were profiles of disks.
  disk: z.string().default('perfect'),
  ties: z.enum(['fifo', 'random']),
  faults: z.array(faultAction),
  clients: z.array(
    z.strictObject({
      id: nodeId,
      settings: z.record(z.string(), json),
      intents: z.array(z.intersection(z.object({ op: z.string() }), z.record(z.string(), json))),
    }),
  ),
  overrides: z.array(messageOverride),
  code: z
    .strictObject({
      scenarioFile: z.string().optional(),
      impl: z.string().optional(),
      specimen: z.string().optional(),
      hash: z.string().optional(),
    })
    .optional(),
});

const PLAN_SHAPE = `{"format": ${PLAN_FORMAT}, "kind": "plan", "scenario": ..., ...}`;

/**
 * Read a plan.
 * @throws FileError naming the file, the field and the expected form
 */
export function parsePlan(text: string, file: string): Plan {
  const value = parseJson(text, file);
  const { format } = (value ?? {}) as { format?: unknown };
  if (typeof format === 'number' && format > PLAN_FORMAT) {
    throw new FileError(
      file,
      `format ${format} is newer than this Faultlab reads (${PLAN_FORMAT}): update it`,
    );
  }
  const { kind } = (value ?? {}) as { kind?: unknown };
  if (kind !== 'plan') throw new FileError(file, `not a plan: expected ${PLAN_SHAPE}`);
  return validate(plan, value, file) as Plan;
}

/**
 * Read fault actions: an array of them, or a plan whose faults to take.
 * @throws FileError
 */
export function parseFaults(text: string, file: string): readonly FaultAction[] {
  const value = parseJson(text, file);
  const { kind } = (value ?? {}) as { kind?: unknown };
  if (kind === 'plan') return parsePlan(text, file).faults;
  if (!Array.isArray(value)) {
    throw new FileError(file, `expected an array of fault actions, or a plan: ${PLAN_SHAPE}`);
  }
  return validate(z.array(faultAction), value, file);
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FileError(file, `expected JSON: ${(error as Error).message}`);
  }
}

function validate<T>(schema: z.ZodType<T>, value: unknown, file: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.slice(0, 5).map((issue) => {
    const field = issue.path
      .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
      .join('')
      .replace(/^\./, '');
    return field === '' ? issue.message : `${field}: ${issue.message}`;
  });
  throw new FileError(file, problems.join('; '));
}
