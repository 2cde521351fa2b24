import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NEVER } from '../../history/timeline.ts';
import { Frontier, START, type VersionSummary } from './frontier.ts';
import { Spans } from './spans.ts';

const LAST_GAP = 12;
const gap = fc.integer({ min: 0, max: LAST_GAP });

/** The gaps of some operations, by call; one in five is pending. */
const spans = (max: number): fc.Arbitrary<Spans> =>
  fc.array(fc.tuple(gap, gap, fc.nat(4)), { maxLength: max }).map((pairs) => {
    const result = new Spans();
    const ordered = pairs.map(([a, b, dice]) => {
      return { call: Math.min(a, b), last: dice === 0 ? NEVER - 1 : Math.max(a, b) };
    });
    ordered.sort((a, b) => a.call - b.call);
    for (const { call, last } of ordered) result.push(call, last);
    return result;
  });

const usually = (value: fc.Arbitrary<number>, absent: number): fc.Arbitrary<number> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(absent) }, { weight: 1, arbitrary: value });

const summary: fc.Arbitrary<VersionSummary> = fc.record({
  seenBy: usually(gap, NEVER),
  keptUntil: usually(gap, START),
  leftBy: usually(gap, NEVER),
  writers: spans(4),
  refusals: spans(4),
});

/** The conditions as they are written down, one by one. */
const kept = (now: number, next: number, { seenBy, keptUntil, leftBy, refusals }: VersionSummary) =>
  now <= next &&
  now <= seenBy &&
  next >= keptUntil &&
  next <= leftBy &&
  refusals.calls.every((call, index) => call <= now || next <= refusals.lasts[index]!);

const written = (next: number, { writers }: VersionSummary): boolean =>
  writers.calls.some((call, index) => call <= next && next <= writers.lasts[index]!);

test('the frontier is what the conditions allow, version after version', () => {
  // Nothing but a pending put can write after the last gap, so one gap there stands for all.
  const candidates = Array.from({ length: LAST_GAP + 2 }, (_, index) => index);
  let emptied = 0;
  fc.assert(
    fc.property(fc.array(summary, { minLength: 1, maxLength: 6 }), (summaries) => {
      const frontier = new Frontier();
      let expected: number[] = [START];
      const found = (): number[] =>
        [START, ...candidates].filter((next) => frontier.gaps.firstFrom(next) === next);
      for (const each of summaries) {
        expect(frontier.restingGap(each)).toBe(expected.find((now) => kept(now, NEVER, each)));
        const next = candidates.filter(
          (to) => written(to, each) && expected.some((from) => kept(from, to, each)),
        );
        expect(frontier.advance(each)).toBe(next.length > 0);
        if (next.length === 0) {
          expect(found()).toEqual(expected);
          emptied++;
          return;
        }
        expect(found()).toEqual(next);
        expected = next;
      }
    }),
    { numRuns: 3000, seed: 1 },
  );
  expect(emptied).toBeGreaterThan(1000);
});
