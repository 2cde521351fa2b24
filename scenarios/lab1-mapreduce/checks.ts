import { writeOnceRegisterModel } from '../../porcupine-ts/index.ts';
import { linearizable } from '../checks/linearizable.ts';
import type { Check } from '../define/check.ts';

/**
 * Each output is a register that is written once: of all attempts at a reduce task one commits, and
 * whoever reads sees nothing, or all of what that one has written, for ever.
 */
export const outputsAreWrittenOnce: Check = linearizable(writeOnceRegisterModel, {
  name: 'outputs are written once',
  description: 'each output appears once, whole, and never changes',
});
