import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HistoryLine } from './history.ts';
import { latencyOf, operationName } from './latency.ts';

const line = fc.record({
  op: fc.constantFrom('get', 'put'),
  status: fc.constantFrom('ok' as const, 'failed' as const, 'pending' as const),
  invokedUs: fc.nat(1e9),
  tookUs: fc.nat(1e7),
});

const history = fc.array(line, { maxLength: 60 }).map((drawn) =>
  drawn.map(({ op, status, invokedUs, tookUs }, id): HistoryLine => {
    const end = status === 'pending' ? {} : { completedUs: invokedUs + tookUs };
    return { id, client: 'c', invoked: id, status, input: { op }, invokedUs, ...end };
  }),
);

test('a percentile is the time of an operation that returned, and so many are no longer', () => {
  fc.assert(
    fc.property(history, (lines) => {
      const latency = latencyOf(lines);
      for (const op of ['get', 'put']) {
        const times = lines
          .filter(({ input, status }) => operationName(input) === op && status === 'ok')
          .map(({ invokedUs, completedUs = 0 }) => (completedUs - invokedUs) / 1000);
        const figures = latency[op];
        expect(figures?.count ?? 0).toBe(times.length);
        if (figures === undefined) continue;
        const { p50, p90, p99, max } = figures;
        for (const [percent, told] of [
          [50, p50],
          [90, p90],
          [99, p99],
          [100, max],
        ] as const) {
          expect(times).toContain(told);
          const within = (bound: (ms: number) => boolean): number =>
            (100 * times.filter(bound).length) / times.length;
          expect(within((ms) => ms <= told)).toBeGreaterThanOrEqual(percent);
          // None shorter will do.
          expect(within((ms) => ms < told)).toBeLessThan(percent);
        }
      }
    }),
  );
});

test.each([
  [{ op: 'get' }, 'get'],
  [{ op: 7 }, 'operation'],
  [{}, 'operation'],
  [null, 'operation'],
  ['get', 'operation'],
])('the operation %j is called %s', (input, name) => {
  expect(operationName(input)).toBe(name);
});
