import { z } from 'zod';

/** The param of scenarios that can also do without what servers show of their state. */
export const viewField: z.ZodDefault<z.ZodBoolean> = z
  .boolean()
  .default(true)
  .describe('look into the servers; false = judge from outside');
