import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Series } from './series.ts';

const samples = fc.array(fc.tuple(fc.nat(2 ** 31 - 1), fc.nat(1000)), { maxLength: 100 });

test('a series has at most 512 buckets, of which each has all that fell into it', () => {
  fc.assert(
    fc.property(samples, fc.constantFrom('sum' as const, 'max' as const), (all, fold) => {
      const series = new Series(fold);
      for (const [atUs, value] of all) series.add(atUs, value);
      const { widthMs, values } = series.toData();
      expect(values.length).toBeLessThanOrEqual(512);
      values.forEach((value, i) => {
        const inside = all.filter(([atUs]) => Math.floor(atUs / (widthMs * 1000)) === i);
        const own = inside.map(([, one]) => one);
        const wanted =
          fold === 'max' ? Math.max(0, ...own) : own.reduce((sum, one) => sum + one, 0);
        expect(value).toBe(wanted);
      });
    }),
  );
});

test('a stretch of time is in each bucket as long as it lies in it', () => {
  const stretch = fc.tuple(fc.nat(2 ** 28), fc.integer({ min: 1, max: 400_000 }));
  fc.assert(
    fc.property(fc.array(stretch, { maxLength: 30 }), (all) => {
      const series = new Series('sum');
      for (const [from, length] of all) series.addSpan(from, from + length);
      const { widthMs, values } = series.toData();
      const width = widthMs * 1000;
      expect(values.length).toBeLessThanOrEqual(512);
      values.forEach((value, i) => {
        const inside = all.map(([from, length]) => {
          const end = Math.min(from + length, (i + 1) * width);
          return Math.max(0, end - Math.max(from, i * width));
        });
        expect(value).toBe(inside.reduce((sum, one) => sum + one, 0));
      });
      const lengths = all.map(([, length]) => length);
      const whole = lengths.reduce((sum, one) => sum + one, 0);
      expect(values.reduce((sum, one) => sum + one, 0)).toBe(whole);
    }),
  );
});

test('buckets that become one have the greatest of their values, or the sum', () => {
  const widened = (fold: 'sum' | 'max'): number | undefined => {
    const series = new Series(fold);
    series.add(0, 5);
    series.add(100_000, 7);
    series.add(51_200_000, 1);
    return series.toData().values[0];
  };
  expect([widened('max'), widened('sum')]).toEqual([7, 12]);
});

test('buckets last 100 ms, and become no wider than the run demands', () => {
  const widthAt = (atUs: number): number => {
    const series = new Series('sum');
    series.add(atUs, 1);
    return series.toData().widthMs;
  };
  expect([0, 51_199_999, 51_200_000, 102_400_000].map(widthAt)).toEqual([100, 100, 200, 400]);
});
