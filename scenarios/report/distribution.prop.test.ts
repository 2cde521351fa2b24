import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Distribution } from './distribution.ts';
import { median } from './sweep-summary.ts';

test('a distribution tells what a list of the values would', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -3, max: 9 })), fc.nat(4), (values, zeros) => {
      const distribution = new Distribution();
      for (const value of values) distribution.add(value);
      distribution.add(0, zeros);
      const all = [...values, ...Array.from({ length: zeros }, () => 0)];
      const again = distribution.sorted().flatMap(([value, count]) => Array(count).fill(value));

      expect(again).toEqual(all.toSorted((a, b) => a - b));
      expect(distribution.size).toBe(all.length);
      expect(distribution.median()).toBe(median(all));
      expect(distribution.total).toBe(all.reduce((sum, value) => sum + value, 0));
    }),
  );
});
