import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ascending } from './stamp-order.ts';

/** From a few, so that many are equal; large inputs take another way than small ones. */
const stampsOf = (stamp: fc.Arbitrary<number>): fc.Arbitrary<number[]> =>
  fc
    .tuple(fc.array(stamp, { minLength: 1, maxLength: 60 }), fc.constantFrom(1, 5, 3000), fc.nat())
    .map(([some, count, seed]) => {
      const pick = (index: number): number => Math.imul(index ^ seed, 0x9e3779b1) >>> 8;
      return Array.from({ length: count }, (_, index) => some[pick(index) % some.length]!);
    });

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const integer = fc.maxSafeInteger();

test.each([
  ['small integers', fc.integer({ min: -50, max: 50 })],
  ['integers', fc.integer()],
  ['huge integers', integer],
  ['times in nanoseconds', fc.integer({ min: 0, max: 1e9 }).map((ns) => 1.7e18 + ns)],
  ['integers and infinity', fc.oneof(fc.constant(Infinity), fc.integer({ min: 0, max: 1e6 }))],
  ['huge integers and infinity', fc.oneof(fc.constant(Infinity), integer)],
  ['fractions', finite],
  ['zeros of both signs', fc.constantFrom(0, -0, 0.5, -0.5)],
  ['everything', fc.oneof(finite, integer, fc.constantFrom(Infinity, -Infinity, 0, -0, 5e-324))],
])('%s are ordered as by a stable sort', (_name, stamp) => {
  fc.assert(
    fc.property(stampsOf(stamp), (stamps) => {
      const sorted = [...stamps.keys()].toSorted((a, b) => {
        if (stamps[a] === stamps[b]) return 0;
        return stamps[a]! < stamps[b]! ? -1 : 1;
      });
      expect([...ascending(Float64Array.from(stamps))]).toEqual(sorted);
    }),
    { numRuns: 60, seed: 1 },
  );
});
