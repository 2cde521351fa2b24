import { z } from 'zod';

/** What clients mean to do, as it stands in a plan. */

const ms = z.number().min(0).max(3_600_000);

/**
 * A put is at the version that this client read or wrote last: it stays meaningful if other intents
 * are taken out of the plan.
 */
export const kvIntent: z.ZodType<{ op: 'get' | 'put'; key: string; thinkMs: number }> =
  z.strictObject({ op: z.enum(['get', 'put']), key: z.string(), thinkMs: ms });

/** Put and get in turn, for a time. */
export const loopIntent: z.ZodType<{ op: 'put-then-get'; key: string; forMs: number }> =
  z.strictObject({
    op: z.literal('put-then-get'),
    key: z.string(),
    forMs: ms,
  });

/** Take locks one inside the other, hold them, and let them go. */
export const holdIntent: z.ZodType<{ op: 'hold'; locks: string[]; holdMs: number }> =
  z.strictObject({
    op: z.literal('hold'),
    locks: z.array(z.string()).min(1),
    holdMs: ms,
  });

/** Take a lock and let it go again and again, for a time. */
export const lockLoopIntent: z.ZodType<{ op: 'lock-loop'; lock: string; forMs: number }> =
  z.strictObject({
    op: z.literal('lock-loop'),
    lock: z.string(),
    forMs: ms,
  });

/** What a client is like: how long its clerk keeps trying a put, in ms; absent = for ever. */
export const clientSettings: z.ZodType<{ patienceMs?: number | undefined }> = z.strictObject({
  patienceMs: ms.optional(),
});
