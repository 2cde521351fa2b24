import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Trace, type TraceRecord } from '../../sim/index.ts';
import { Journeys } from './journeys.ts';
import { traceLine } from './text-trace.ts';
import { matches, type TraceFilter } from './trace-filter.ts';
import { wordsOf } from './trace-words.ts';

/** Without colours, which depend on the terminal. */
const record = (change: Partial<TraceRecord>): TraceRecord => ({
  event: 12,
  cause: 3,
  timeUs: 1_234_567,
  kind: 'wake',
  node: 'c0',
  incarnation: 1,
  label: 'get',
  ...change,
});

describe('a record in words', () => {
  test.each<[Partial<TraceRecord>, string]>([
    [{ kind: 'send', to: 'server', n: 4 }, '-> server get #4'],
    [{ kind: 'message', from: 'c1', n: 0, payload: { key: 'k' } }, '<- c1 get #0 key=k'],
    [{ kind: 'message', from: 'c1', n: 0 }, '<- c1 get #0'],
    [
      { kind: 'answer', from: 'server', label: 'get.reply', n: 2, payload: 1 },
      '<- server get.reply #2 1',
    ],
    [{ kind: 'answer' }, 'call of get failed'],
    [{ kind: 'lost', to: 'server', n: 4 }, '-x server get #4 LOST'],
    [{ kind: 'held', to: 'server', n: 4 }, '-| server get #4 HELD'],
    [{ kind: 'duplicated', to: 'server', n: 4 }, '=> server get #4 TWICE'],
    [{ kind: 'corrupted', to: 'server', n: 4 }, '-~ server get #4 DAMAGED'],
    [{ kind: 'late', from: 'c1', n: 4 }, 'request get #4 of c1 is LATE: its caller has given up'],
    [{ kind: 'unknown', from: 'c1', n: 4 }, '<? c1 get #4 UNKNOWN'],
    [{ kind: 'gave-up', n: 4 }, 'gave up get #4'],
    [{ kind: 'save', label: 'save', payload: 'kv/k' }, 'disk kv/k'],
    [{ kind: 'save', label: 'remove', payload: 'kv/k' }, 'disk: remove kv/k'],
    [{ kind: 'probe', label: 'it happened' }, 'probe "it happened"'],
    [{ kind: 'invocation', payload: { op: 'get', key: 'a b' } }, 'begins get key="a b"'],
    [{ kind: 'completion', payload: { err: 'OK' } }, 'returns err=OK'],
    [{ kind: 'log', text: 'hello' }, 'hello'],
    [{ kind: 'state', payload: { term: 3, role: 'leader' } }, '* term=3 role=leader'],
    [{ kind: 'crash' }, 'CRASH'],
    [{ kind: 'crash', label: 'exit by DiskError' }, 'CRASH, exit by DiskError'],
    [{ kind: 'restart', incarnation: 3 }, 'RESTART, life 3'],
    [{ kind: 'pause' }, 'PAUSE'],
    [{ kind: 'fault', label: 'f0', text: 'crash server' }, 'f0: crash server'],
    [{ kind: 'fault', label: 'f0', text: 'crash s', payload: { id: 'f0' } }, 'f0: crash s'],
    [{ kind: 'fault', label: 'profile', payload: 'lan' }, 'profile: lan'],
    [{ kind: 'heal', label: 'f0' }, 'f0 ends'],
    [{ kind: 'timer', label: 'sleep' }, 'timer sleep'],
    [{ kind: 'start', label: 'start' }, 'start'],
  ])('%j says "%s"', (change, words) => {
    expect(wordsOf(record(change))).toBe(words);
  });

  test.each<[unknown, string]>([
    [{ a: [1, { b: null }], c: '3', d: 'x\n' }, 'a=[1, {b=null}] c="3" d="x\\n"'],
    [{ big: 5n, bytes: new Uint8Array(12), yes: true }, 'big=5n bytes=<12 bytes> yes=true'],
    [['', 'true', 'v1'], '["", "true", v1]'],
    [new Uint8Array(3), '<3 bytes>'],
  ])('a payload is compact, and text is told from numbers', (payload, words) => {
    expect(wordsOf(record({ kind: 'state', payload }))).toBe(`* ${words}`);
  });

  test.each<[string, unknown]>([
    ['a long text', 'x'.repeat(1e6)],
    ['many fields', Object.fromEntries(Array.from({ length: 1e4 }, (_, i) => [`k${i}`, i]))],
    ['a long list', Array.from({ length: 1e5 }, (_, i) => i)],
    ['a deep one', { a: { b: { c: 'y'.repeat(1000) } } }],
  ])('%s is cut short', (_, payload) => {
    const words = wordsOf(record({ kind: 'state', payload }));
    expect(words.length).toBeLessThan(100);
    expect(words).toContain('...');
  });
});

describe('a message that arrives', () => {
  const sent = (n: number): TraceRecord =>
    record({ kind: 'send', node: 'a', label: 'm', from: 'a', to: 'b', n, timeUs: n * 100_000 });
  const arrives = (n: number, afterUs: number): TraceRecord => ({
    ...sent(n),
    kind: 'message',
    node: 'b',
    timeUs: n * 100_000 + afterUs,
  });

  test('late, by the measure of others of its type, says so', () => {
    const journeys = new Journeys([
      ...[0, 1, 2, 3].flatMap((n) => [sent(n), arrives(n, 2000)]),
      sent(4),
      arrives(4, 7999),
      sent(5),
      arrives(5, 8000),
    ]);
    expect(wordsOf(arrives(3, 2000), journeys)).toBe('<- a m #3');
    expect(wordsOf(arrives(4, 7999), journeys)).toBe('<- a m #4');
    expect(wordsOf(arrives(5, 8000), journeys)).toBe('<- a m #5 (after 8 ms)');
  });

  test('is late even where most are', () => {
    const journeys = new Journeys(
      Array.from({ length: 12 }, (_, n) => [sent(n), arrives(n, n < 4 ? 1000 : 50_000)]).flat(),
    );
    expect(wordsOf(arrives(5, 50_000), journeys)).toBe('<- a m #5 (after 50 ms)');
  });

  test('is not late for a few milliseconds on a fast network', () => {
    const journeys = new Journeys([sent(0), arrives(0, 100), sent(1), arrives(1, 4999)]);
    expect(wordsOf(arrives(1, 4999), journeys)).toBe('<- a m #1');
  });

  test.each<[TraceRecord['kind'], string]>([
    ['held', 'was held'],
    ['corrupted', 'damaged'],
    ['duplicated', 'one of two'],
  ])('after it was %s says so, and no other does', (kind, words) => {
    const journeys = new Journeys([sent(0), { ...sent(0), kind }, sent(1)]);
    expect(wordsOf({ ...arrives(0, 1), event: 13 }, journeys)).toBe(`<- a m #0 (${words})`);
    expect(wordsOf({ ...arrives(1, 1), event: 13 }, journeys)).toBe('<- a m #1');
    // The event in which it happens has a note that says so.
    expect(wordsOf({ ...arrives(0, 1), event: 12 }, journeys)).toBe('<- a m #0');
  });
});

describe('a line by itself', () => {
  test('begins with event, time, node and life', () => {
    expect(stripVTControlCharacters(traceLine(record({ kind: 'crash' })))).toBe(
      '   12 1234.567  c0#1  CRASH',
    );
  });

  test('of the world itself is a rule', () => {
    const fault = record({ kind: 'fault', label: 'f0', text: 'crash server', node: undefined });
    expect(stripVTControlCharacters(traceLine(fault))).toMatch(
      /^ {3}12 1234\.567 {2}-- f0: crash server -{60,}$/,
    );
  });
});

describe('what of a trace is shown', () => {
  const toServer = { kind: 'send', from: 'c0', to: 's', n: 0 } as const;
  test.each<[string, Partial<TraceRecord>, TraceFilter, boolean]>([
    ['a wake-up, by default', { kind: 'wake' }, {}, false],
    ['a wake-up, if all is wanted', { kind: 'wake' }, { isComplete: true }, true],
    ['a wake-up, if timers are wanted', { kind: 'wake' }, { topics: ['timer'] }, true],
    ['what happened before', { kind: 'crash' }, { fromMs: 1235 }, false],
    ['what happened since', { kind: 'crash' }, { fromMs: 1234 }, true],
    ['what happened until then', { kind: 'crash' }, { untilMs: 1235 }, true],
    ['what happened later', { kind: 'crash' }, { untilMs: 1234 }, false],
    ['what a node did', { kind: 'crash' }, { nodes: ['c0'] }, true],
    ['what it was sent', toServer, { nodes: ['s'] }, true],
    ['what it sent', { kind: 'message', from: 's' }, { nodes: ['s'] }, true],
    ['what others did', { kind: 'crash' }, { nodes: ['c1'] }, false],
    ['what one of several did', { kind: 'crash' }, { nodes: ['c0', 's'] }, true],
    ['what several exchange', toServer, { nodes: ['c0', 's'] }, true],
    ['what one of several sends to others', toServer, { nodes: ['c0', 'c1'] }, false],
    ['a fault', { kind: 'heal', node: undefined }, { nodes: ['c0'] }, true],
    ['a topic', { kind: 'log' }, { topics: ['disk', 'log'] }, true],
    ['another topic', { kind: 'log' }, { topics: ['disk'] }, false],
  ])('%s', (_what, change, filter, isShown) => {
    expect(matches(record(change), filter)).toBe(isShown);
  });

  test('also of a trace that was recorded', () => {
    const trace = new Trace();
    trace.record(record({ kind: 'message', from: 's', to: 'c0', n: 0 }));
    expect(matches(trace.at(0), { nodes: ['c0', 's'] })).toBe(true);
  });
});
