import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recordKinds, Trace, type TraceRecord } from '../../../sim/index.ts';
import { Alignment } from './alignment.ts';
import { differenceWords } from './difference-words.ts';
import { rowsAround } from './rows.ts';

const name = fc.constantFrom('a', 'b', 'c');
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

/** Anything that a trace may hold, out of few names, so that two of them have much in common. */
const traces: fc.Arbitrary<Trace> = fc
  .array(
    fc.record({
      isNote: fc.boolean(),
      back: fc.nat(3),
      kind: fc.constantFrom(...recordKinds),
      node: maybe(name),
      incarnation: maybe(fc.integer({ min: 1, max: 2 })),
      label: fc.constantFrom('put', 'get'),
      from: maybe(name),
      to: maybe(name),
      n: maybe(fc.nat(3)),
      payload: maybe(fc.jsonValue({ maxDepth: 2 })),
      laterUs: fc.nat(2),
    }),
    { maxLength: 30 },
  )
  .map((drawn) => {
    const trace = new Trace();
    let [event, timeUs] = [0, 0];
    for (const { isNote, back, laterUs, ...rest } of drawn) {
      if (!isNote) {
        event++;
        timeUs += laterUs;
      }
      const cause = isNote ? event : Math.max(0, event - 1 - back);
      const record: TraceRecord = { event, cause, timeUs, ...rest };
      trace.record(record);
    }
    return trace;
  });

test('a trace does not differ from itself', () => {
  fc.assert(
    fc.property(traces, (trace) => {
      const alignment = new Alignment(trace, trace);
      expect(alignment.first()).toBeUndefined();
      expect(alignment.firstInSubstance()).toBeUndefined();
      const { same, ...others } = alignment.count();
      expect(same).toBe(alignment.a.length);
      expect(Object.values(others)).toEqual([0, 0, 0, 0]);
    }),
  );
});

test('a difference there is can be told, and one there is not makes the counts agree', () => {
  fc.assert(
    fc.property(traces, traces, (a, b) => {
      const alignment = new Alignment(a, b);
      const first = alignment.first();
      const counts = alignment.count();
      const isAllSame = counts.same === alignment.a.length && counts.onlyB === 0;
      if (first === undefined) expect(isAllSame).toBe(true);
      else {
        expect(differenceWords(alignment, first)).not.toBe('');
        expect(rowsAround(alignment, first).some(({ mark }) => mark !== ' ')).toBe(true);
        if (first.kind !== 'order') expect(isAllSame).toBe(false);
      }
    }),
  );
});
