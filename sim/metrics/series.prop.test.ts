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

test('buckets last 100 ms, and become no wider than the run demands', () => {
  const widthAt = (atUs: number): number => {
    const series = new Series('sum');
    series.add(atUs, 1);
    return series.toData().widthMs;
  };
  expect([0, 51_199_999, 51_200_000, 102_400_000].map(widthAt)).toEqual([100, 100, 200, 400]);
});
