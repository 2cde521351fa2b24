import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recordKinds, Trace, type TraceRecord } from '../../sim/index.ts';
import { eventLines } from './text-event.ts';
import { widthOf } from './text-fold.ts';
import { stateLines } from './text-state.ts';
import { tracePage } from './text-trace.ts';
import { whyLines } from './text-why.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.string({ unit: 'binary' }),
);
const name = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'n10'),
  fc.string({ unit: 'binary', minLength: 1 }),
);
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

/** Anything that a trace may hold; events count up, causes lie before them. */
const records: fc.Arbitrary<TraceRecord[]> = fc
  .array(
    fc.record({
      isNote: fc.boolean(),
      back: fc.nat(5),
      kind: fc.constantFrom(...recordKinds),
      node: maybe(name),
      incarnation: maybe(fc.integer({ min: 1, max: 5 })),
      label: text,
      from: maybe(name),
      to: maybe(name),
      n: maybe(fc.nat(3)),
      payload: maybe(fc.jsonValue()),
      text: maybe(text),
      laterUs: fc.nat(3_000_000),
    }),
    { maxLength: 60 },
  )
  .map((drawn) => {
    let event = 0;
    let timeUs = 0;
    return drawn.map(({ isNote, back, laterUs, ...rest }) => {
      if (!isNote || event === 0) {
        event++;
        timeUs += laterUs;
      }
      return { event, cause: Math.max(0, event - 1 - back), timeUs, ...rest };
    });
  });

const width = fc.integer({ min: 60, max: 200 });

function traceOf(all: readonly TraceRecord[]): Trace {
  const trace = new Trace();
  for (const record of all) trace.record(record);
  return trace;
}

/** The numbers of events that lines begin with, each once. */
function numbersOf(lines: readonly string[]): number[] {
  const numbers = lines.map(
    (line) => /^ *(\d+) +\d+\.\d{3} {2}/.exec(stripVTControlCharacters(line))?.[1],
  );
  return [...new Set(numbers.filter((number) => number !== undefined).map(Number))];
}

test('no line of a trace is wider than its page, and no record is left out', () => {
  fc.assert(
    fc.property(records, width, fc.boolean(), fc.nat(2), (all, columns, isLines, odd) => {
      const isShown = ({ event }: TraceRecord): boolean => odd === 0 || event % (odd + 1) === 0;
      const lines = [...tracePage(all, isShown, { width: columns, isLines })];
      for (const line of lines)
        expect(widthOf(stripVTControlCharacters(line))).toBeLessThanOrEqual(columns);
      const shown = all.filter(isShown);
      expect(numbersOf(lines)).toEqual([...new Set(shown.map(({ event }) => event))]);
      const headers = lines.filter((line) =>
        stripVTControlCharacters(line).trimStart().startsWith('event '),
      );
      expect(lines.length - headers.length).toBeGreaterThanOrEqual(shown.length);
    }),
    { numRuns: 500 },
  );
});

test('nor is one of its other views', () => {
  fc.assert(
    fc.property(records, width, fc.boolean(), (all, columns, isComplete) => {
      const trace = traceOf(all);
      const event = all.at(-1)?.event ?? 1;
      const lines = [
        ...whyLines(trace, event, { width: columns, isComplete }),
        ...eventLines(trace, 1, event, columns),
        ...stateLines(trace, 2_000_000, columns),
      ];
      for (const line of lines)
        expect(widthOf(stripVTControlCharacters(line))).toBeLessThanOrEqual(columns);
    }),
    { numRuns: 500 },
  );
});

test('the whole chain of causes has every event of it, in order', () => {
  fc.assert(
    fc.property(records, width, (all, columns) => {
      const trace = traceOf(all);
      const event = all.at(-1)?.event ?? 0;
      const chain: number[] = [];
      for (let n = event; n > 0; n = trace.of(n)[0]?.cause ?? 0) chain.unshift(n);
      const shown = numbersOf(whyLines(trace, event, { width: columns, isComplete: true }));
      expect(shown.filter((n) => chain.includes(n))).toEqual(chain);
    }),
    { numRuns: 300 },
  );
});
