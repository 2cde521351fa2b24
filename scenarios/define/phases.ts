import { z } from 'zod';
import type { Tester } from './tester.ts';

/** The phases of a chaos run: warm-up, chaos, healing, converging. */
export interface Phases {
  /** Before the first fault, in ms. */
  readonly warmUpMs: number;
  /** Length of the phase in which faults happen, in ms: only safety counts. */
  readonly chaosMs: number;
  /** Virtual time after healing within which the good must happen, in ms. */
  readonly convergeMs: number;
  /** Nothing heals, and nothing has to come to an end. */
  readonly safetyOnly: boolean;
}

/** A time that a user may set, in ms: an hour of virtual time at most. */
export function settableMs(least: number, usual: number, what: string): z.ZodDefault<z.ZodInt> {
  return z.int().min(least).max(3_600_000).default(usual).describe(`${what}, in ms`);
}

/** The params of a scenario with phases, with what is usual. */
export const phaseFields: {
  warmUpMs: z.ZodDefault<z.ZodInt>;
  chaosMs: z.ZodDefault<z.ZodInt>;
  convergeMs: z.ZodDefault<z.ZodInt>;
  safetyOnly: z.ZodDefault<z.ZodBoolean>;
} = {
  warmUpMs: settableMs(0, 50, 'time before the first fault'),
  chaosMs: settableMs(1, 1500, 'length of the faulty phase'),
  convergeMs: settableMs(1, 30_000, 'time to finish after healing'),
  safetyOnly: z
    .boolean()
    .default(false)
    .describe('nothing heals, any fault is allowed, and nobody has to finish'),
};

/**
 * Let the faults of the plan do their worst, then heal the world and wait for `work` to be done.
 * @param core the nodes to which the world is good after healing; the others stand still for ever.
 *   Default: all
 * @returns false if the work was not done in time
 */
export async function throughPhases<P extends Phases, L>(
  t: Tester<P, L>,
  work: () => Promise<unknown>,
  core?: readonly string[],
): Promise<boolean> {
  const { warmUpMs, chaosMs, convergeMs, safetyOnly } = t.params;
  await t.sleep(warmUpMs + chaosMs);
  if (safetyOnly) return true;
  t.world.heal(core);
  return await t.inTime(convergeMs, work());
}
