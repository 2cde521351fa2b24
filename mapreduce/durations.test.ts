import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Durations } from './durations.ts';

test('the usual time is the one in the middle of those so far, whatever their order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000)), (all) => {
      const durations = new Durations();
      expect(durations.median).toBeUndefined();
      for (const [i, ms] of all.entries()) {
        durations.add(ms);
        const sorted = all.slice(0, i + 1).toSorted((a, b) => a - b);
        expect(durations.median).toBe(sorted[(i + 1) >> 1]);
      }
    }),
  );
});
