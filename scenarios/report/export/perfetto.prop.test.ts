import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Trace, type TraceRecord } from '../../../sim/index.ts';
import { packs } from '../../catalogue.ts';
import { Registry } from '../../define/registry.ts';
import { runScenario } from '../../testing/run-scenario.ts';
import { isEvent } from './instants.ts';
import { perfettoJson, type RecordedRun } from './perfetto.ts';
import type { TraceEvent } from './trace-event.ts';

interface PerfettoFile {
  readonly displayTimeUnit: string;
  readonly traceEvents: readonly TraceEvent[];
}

const parse = (run: RecordedRun): PerfettoFile =>
  JSON.parse([...perfettoJson(run)].join('')) as PerfettoFile;

const trackOf = ({ pid, tid }: TraceEvent): string => `${pid}/${tid}`;

function by<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** Slices of a track follow each other in the file as in time, and none covers another. */
function checkSlices(events: readonly TraceEvent[]): void {
  const ends = new Map<string, number>();
  const covered = events.filter((event) => {
    if (event.ph !== 'X') return false;
    const { ts, dur = -1 } = event;
    // In the arithmetic of a viewer, too.
    const isApart = dur >= 0 && ts >= (ends.get(trackOf(event)) ?? 0);
    ends.set(trackOf(event), ts + dur);
    return !isApart;
  });
  expect(covered).toEqual([]);
}

/** Every span begins once and ends once, later, under the same name, with all else between. */
function checkSpans(events: readonly TraceEvent[]): void {
  const spans = by(
    events.filter(({ ph }) => ph === 'b' || ph === 'n' || ph === 'e'),
    ({ cat, id }) => `${cat} ${id}`,
  );
  const broken = [...spans.values()].filter((span) => {
    const [first, last] = [span[0] as TraceEvent, span.at(-1) as TraceEvent];
    const isWhole = /^bn*e$/.test(span.map(({ ph }) => ph).join(''));
    const isOne = last.name === first.name && trackOf(last) === trackOf(first);
    const isInOrder = span.every(({ ts }, i) => ts >= (span[i - 1]?.ts ?? 0));
    return !(isWhole && isOne && isInOrder);
  });
  expect(broken).toEqual([]);
}

/** An arrow has two ends, each at the beginning of a slice, and does not point back in time. */
function checkArrows(events: readonly TraceEvent[]): void {
  const begins = new Set(
    events.filter(({ ph }) => ph === 'X').map((slice) => `${trackOf(slice)} ${slice.ts}`),
  );
  const arrows = by(
    events.filter(({ ph }) => ph === 's' || ph === 'f'),
    ({ id }) => `${id}`,
  );
  const broken = [...arrows.values()].filter(([from, to, ...more]) => {
    if (from?.ph !== 's' || to?.ph !== 'f' || to.bp !== 'e' || more.length > 0) return true;
    return to.ts < from.ts || [from, to].some((end) => !begins.has(`${trackOf(end)} ${end.ts}`));
  });
  expect(broken).toEqual([]);
}

/** Every track that anything is on has been named before. */
function checkNames(events: readonly TraceEvent[]): void {
  const named = new Set<number>();
  const unnamed = events.filter(({ ph, name, pid }) => {
    if (ph === 'M' && name === 'process_name') named.add(pid);
    return !named.has(pid);
  });
  expect(unnamed).toEqual([]);
}

function checkFormat(events: readonly TraceEvent[]): void {
  checkSlices(events);
  checkSpans(events);
  checkArrows(events);
  checkNames(events);
}

async function recorded(name: string, seed: number): Promise<RecordedRun> {
  const trace = new Trace();
  const scenario = new Registry(packs).scenario(name);
  const { history, result } = await runScenario(scenario, seed, { trace });
  return { trace, history, result };
}

describe.each(['raft/chaos-5', 'kv/chaos', 'kvraft/chaos-3'])('of %s', (scenario) => {
  test('the file keeps to the format and has the whole run', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 10_000 }), async (seed) => {
        const run = await recorded(scenario, seed);
        const { traceEvents: events } = parse(run);
        checkFormat(events);
        const count = (ph: string, cat: string): number =>
          events.filter((event) => event.ph === ph && event.cat === cat).length;
        const kinds = (kind: TraceRecord['kind']): number =>
          run.trace.records.filter((record) => record.kind === kind).length;
        expect(events.filter(({ ph }) => ph === 'X')).toHaveLength(
          run.trace.records.filter(isEvent).length,
        );
        expect(count('b', 'message')).toBe(kinds('send'));
        expect(count('b', 'operation')).toBe(run.history.length);
        expect(count('b', 'outage')).toBe(kinds('crash') + kinds('pause'));
        // Each span of a message says what became of it.
        const fates = events
          .filter(({ ph, cat }) => ph === 'e' && cat === 'message')
          .flatMap(({ args }) => String(args?.['fate']).split(', '));
        expect(fates.filter((fate) => fate === 'lost')).toHaveLength(kinds('lost'));
        expect(fates.filter((fate) => fate === 'late')).toHaveLength(kinds('late'));
        const landed = fates.filter((fate) => fate === 'arrived' || fate === 'late');
        expect(landed).toHaveLength(count('s', 'message'));
      }),
      { numRuns: 2 },
    );
  });
});

const text = fc.string({ unit: 'binary' });
const odd: fc.Arbitrary<TraceRecord> = fc.record({
  event: fc.nat(20),
  cause: fc.nat(20),
  timeUs: fc.nat(20),
  kind: fc.constantFrom('message', 'wake', 'send', 'lost', 'held', 'duplicated', 'state', 'crash'),
  node: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
  label: text,
  from: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
  to: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
  n: fc.option(fc.nat(2), { nil: undefined }),
  payload: fc.option(fc.dictionary(text, fc.oneof(fc.jsonValue(), fc.bigInt())), {
    nil: undefined,
  }),
});

test('of any trace the file is JSON in which spans and arrows have both ends', () => {
  const result = { scenario: 's', seed: '1', digest: '' };
  fc.assert(
    fc.property(fc.array(odd, { maxLength: 40 }), (records) => {
      const trace = new Trace();
      const sorted = records.toSorted((a, b) => a.event - b.event || a.timeUs - b.timeUs);
      sorted.forEach((record, i) => trace.record({ ...record, timeUs: i }));
      const { traceEvents } = parse({ trace, history: [], result });
      checkSpans(traceEvents);
      checkNames(traceEvents);
    }),
  );
});

test('events of one moment share its microsecond', () => {
  const trace = new Trace();
  for (const event of [1, 2, 3, 4]) {
    trace.record({ event, cause: 0, timeUs: 7, kind: 'wake', label: '', node: 'a' });
  }
  const result = { scenario: 's', seed: '1', digest: '' };
  const slices = parse({ trace, history: [], result }).traceEvents.filter(({ ph }) => ph === 'X');
  expect(slices.map(({ ts, dur }) => [ts, dur])).toEqual([
    [7, 0.25],
    [7.25, 0.25],
    [7.5, 0.25],
    [7.75, 0.25],
  ]);
});
