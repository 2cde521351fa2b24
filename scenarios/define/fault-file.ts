import { z } from 'zod';
import type { FaultAction } from '../../sim/index.ts';

/** How fault actions stand in a file. What the numbers mean is checked by the world itself. */

export const nodeId: z.ZodString = z.string().min(1);

const ms = z.number().min(0);
const ppm = z.int().min(0).max(1_000_000);
const range = z.tuple([z.int().min(0), z.int().min(0)]);
const flapMs = z.tuple([z.number(), z.number()]).optional();

const target = z.union(
  [
    nodeId,
    z.array(nodeId),
    z.strictObject({ label: z.string(), is: z.string() }),
    z.strictObject({ select: z.string() }),
  ],
  { error: 'expected a node, a list of nodes, {label, is} or {select}' },
);

const messages = {
  from: target.optional(),
  to: target.optional(),
  between: z.tuple([target, target]).optional(),
  types: z.array(z.string().min(1)).optional(),
};

const base = { id: z.string().min(1), atMs: ms, untilMs: ms.optional() };

/** The fields of each kind, beyond those that all have. */
const fields = {
  loss: { ...messages, ppm, burstPpm: ppm.optional() },
  duplicate: { ...messages, ppm, laterMs: range.optional() },
  delay: { ...messages, extraMs: range, ppm: ppm.optional() },
  reorder: { ...messages, windowMs: z.int().min(1), ppm: ppm.optional() },
  priorities: { ...messages, windowMs: z.int().min(1) },
  corrupt: { ...messages, ppm },
  partition: { groups: z.array(z.array(nodeId)).min(2), flapMs },
  cut: { ...messages, flapMs },
  clog: messages,
  capacity: { ...messages, messages: z.int().min(1) },
  bandwidth: { ...messages, bytesPerMs: z.int().min(1) },
  crash: { node: target, wipe: z.boolean().optional() },
  'crash-point': {
    node: nodeId,
    life: z.int().min(1).optional(),
    call: z.int().min(1).optional(),
    when: z.enum(['before', 'after']).optional(),
    point: z.string().min(1).optional(),
    nth: z.int().min(1).optional(),
    downMs: ms,
  },
  pause: { node: target },
  slow: { node: target, stepMs: range },
  limp: {
    node: target,
    factor: z.int().min(2).max(1000),
    of: z
      .array(z.enum(['cpu', 'disk', 'nic']))
      .min(1)
      .optional(),
  },
  'disk-slow': { node: target, extraMs: range },
  'disk-error': { node: target, ops: z.array(z.enum(['read', 'write', 'fsync'])).optional(), ppm },
  'disk-full': { node: target },
  'bit-rot': { node: target, ppm },
  'misdirected-write': { node: target, ppm },
  'stale-read': { node: target, ppm },
  clock: {
    node: target,
    offsetMs: z.number().optional(),
    driftPpm: z.int().optional(),
    flapMs,
  },
  buggify: { points: z.array(z.string()).optional() },
} satisfies Record<FaultAction['kind'], z.ZodRawShape>;

const kinds = Object.entries(fields).map(([kind, shape]) =>
  z.strictObject({ ...base, kind: z.literal(kind), ...shape }),
);

/** One fault action. */
export const faultAction: z.ZodType<FaultAction> = z.discriminatedUnion(
  'kind',
  kinds as [(typeof kinds)[number], ...typeof kinds],
) as unknown as z.ZodType<FaultAction>;
