import { z } from 'zod';
import type { FaultAction } from '../../sim/index.ts';
import { faultAction, nodeId } from './fault-file.ts';
import { FileError } from './file-error.ts';
import { kindOf, parseJson, readAs, validate, type JsonFormat } from './json-file.ts';
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
      // As far as virtual time goes.
      delayUs: z.int().min(1).max(1e15),
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
  // Plans of before there were profiles of disks, clocks and hardware.
  disk: z.string().default('perfect'),
  clocks: z.string().default('perfect'),
  hardware: z.string().default('ideal'),
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

/** The format of plan files. */
export const planFormat: JsonFormat<Plan> = {
  kind: 'plan',
  format: PLAN_FORMAT,
  shape: `{"format": ${PLAN_FORMAT}, "kind": "plan", "scenario": ..., ...}`,
  schema: plan,
};

/**
 * Read a plan.
 * @throws FileError naming the file, the field and the expected form
 */
export function parsePlan(text: string, file: string): Plan {
  return readAs(planFormat, parseJson(text, file), file);
}

/**
 * Read fault actions: an array of them, or a plan whose faults to take.
 * @throws FileError
 */
export function parseFaults(text: string, file: string): readonly FaultAction[] {
  const value = parseJson(text, file);
  if (kindOf(value) === 'plan') return readAs(planFormat, value, file).faults;
  if (!Array.isArray(value)) {
    throw new FileError(file, `expected an array of fault actions, or a plan: ${planFormat.shape}`);
  }
  return validate(z.array(faultAction), value, file);
}
