import { expect, test } from 'vitest';
import { Trace, type TraceRecord } from '../../../sim/index.ts';
import { parseBreakpoint } from './breakpoint.ts';
import { parseSpan } from './moment.ts';
import { RunEvents } from './run-events.ts';

const records: readonly (Partial<TraceRecord> & Pick<TraceRecord, 'kind'>)[] = [
  { kind: 'start', node: 'a' },
  { kind: 'state', node: 'a', payload: { term: 1 } },
  { kind: 'timer', node: 'b' },
  { kind: 'crash', node: 'a' },
  { kind: 'state', node: 'b', payload: { role: 'leader' } },
  { kind: 'state', node: 'a', payload: { role: 'leader' } },
];

function eventsMet(words: string): number[] {
  const trace = new Trace();
  records.forEach((record, i) => {
    trace.record({ event: i + 1, cause: 0, timeUs: i * 1000, label: '', ...record });
  });
  const run = new RunEvents(trace, ({ kind }) => kind !== 'timer' && kind !== 'start');
  const { matches } = parseBreakpoint(words.split(' '), run);
  return records.flatMap((_, i) => (trace.of(i + 1).some(matches) ? [i + 1] : []));
}

test.each([
  ['state a', [2, 4, 6]],
  ['state a role', [6]],
  ['state a none', []],
  // What stepping passes over is no place to stop, unless it is asked for.
  ['node b', [5]],
  ['topic timer', [1, 3]],
  ['3', [3]],
])('break %s stops at %j', (words, events) => {
  expect(eventsMet(words)).toEqual(events);
});

test.each([
  ['1.2s', 1_200_000],
  ['50ms', 50_000],
  ['300us', 300],
  ['0.5ms', 500],
  ['2m', 120_000_000],
  ['12', undefined],
  ['ms', undefined],
  ['-1s', undefined],
  ['1 s', undefined],
])('%s is %s µs', (text, us) => {
  expect(parseSpan(text)).toBe(us);
});
