import { describe, expect, test } from 'vitest';
import { Trace, type TraceRecord } from '../../../sim/index.ts';
import { Alignment } from './alignment.ts';
import { differenceWords } from './difference-words.ts';

type Draft = Partial<TraceRecord> & Pick<TraceRecord, 'kind'>;

/** Each event by number, cause, time in ms and what it is; notes go with the event before. */
function traceOf(...drafts: readonly (Draft | readonly [number, number, number, Draft])[]): Trace {
  const trace = new Trace();
  let at = { event: 0, cause: 0, timeUs: 0 };
  for (const draft of drafts) {
    if (Array.isArray(draft)) {
      const [event, cause, ms, rest] = draft as [number, number, number, Draft];
      at = { event, cause, timeUs: ms * 1000 };
      trace.record({ ...at, label: '', node: 'n', ...rest });
    } else {
      trace.record({ ...at, cause: at.event, label: '', node: 'n', ...(draft as Draft) });
    }
  }
  return trace;
}

const start: Draft = { kind: 'start' };
const message = (n: number, payload: unknown = {}, from = 'm'): Draft => ({
  kind: 'message',
  label: 'put',
  from,
  to: 'n',
  n,
  payload,
});

function words(a: Trace, b: Trace): [string | undefined, string | undefined] {
  const alignment = new Alignment(a, b);
  const [first, substance] = [alignment.first(), alignment.firstInSubstance()];
  return [first, substance].map((one) => one && differenceWords(alignment, one)) as [
    string | undefined,
    string | undefined,
  ];
}

describe('two runs aligned by cause', () => {
  test('are the same whatever their events and messages are numbered', () => {
    const a = traceOf([1, 0, 0, start], [2, 1, 5, message(0)]);
    const b = traceOf([3, 0, 0, start], [7, 3, 5, message(4)]);
    expect(words(a, b)).toEqual([undefined, undefined]);
    expect(new Alignment(a, b).count()).toMatchObject({ same: 2, onlyA: 0, onlyB: 0 });
  });

  test('part where the same message comes at another time; the rest is no more than that', () => {
    const a = traceOf([1, 0, 0, start], [2, 1, 5, message(0)], [3, 2, 6, start]);
    const b = traceOf([1, 0, 0, start], [2, 1, 9, message(0)], [3, 2, 10, start]);
    expect(words(a, b)).toEqual([
      '4.000 ms later in B: n <- m put #0 (at 5.000 ms in A, at 9.000 in B)',
      undefined,
    ]);
    expect(new Alignment(a, b).count()).toMatchObject({ same: 1, moved: 2 });
  });

  test('part where one has an event that the other lacks, in either direction', () => {
    const short = traceOf([1, 0, 0, start]);
    const long = traceOf([1, 0, 0, start], [2, 1, 5, message(0)]);
    expect(words(short, long)[0]).toBe('only in B, at 5.000 ms: n <- m put #0');
    expect(words(long, short)[0]).toBe('only in A, at 5.000 ms: n <- m put #0');
  });

  test('an event with another cause is another event', () => {
    const twice = [1, 0, 0, start] as const;
    const other = [2, 0, 0, { ...start, node: 'o' }] as const;
    const a = traceOf(twice, other, [3, 1, 5, message(0)]);
    const b = traceOf(twice, other, [3, 2, 5, message(0)]);
    expect(new Alignment(a, b).count()).toEqual({
      same: 2,
      moved: 0,
      changed: 0,
      onlyA: 1,
      onlyB: 1,
    });
  });

  test('part in what an event carries, named by its path', () => {
    const carrying = (term: number): Trace =>
      traceOf([1, 0, 0, start], [2, 1, 5, message(0, { from: 1, body: { term } })]);
    expect(words(carrying(3), carrying(4))[0]).toBe(
      'n <- m put #0, at 5.000 ms: body.term is 3 in A, 4 in B',
    );
  });

  test('part in what comes of an event: the first thing that one has more', () => {
    const lost: Draft = { kind: 'lost', label: 'get', to: 'x', n: 2 };
    const log: Draft = { kind: 'log', text: 'done' };
    const a = traceOf([1, 0, 0, start], log);
    const b = traceOf([1, 0, 0, start], lost, log);
    expect(words(a, b)[0]).toBe('n start, at 0.000 ms: B also: -x x get #2 LOST');
    expect(words(b, a)[0]).toBe('n start, at 0.000 ms: A also: -x x get #2 LOST');
  });

  test('part where one instant goes on in another order', () => {
    const [one, other] = [message(0), message(0, {}, 'l')];
    const a = traceOf([1, 0, 0, start], [2, 1, 5, one], [3, 1, 5, other]);
    const b = traceOf([1, 0, 0, start], [2, 1, 5, other], [3, 1, 5, one]);
    expect(words(a, b)).toEqual([
      'another order at 5.000 ms: A goes on with n <- m put #0; B with n <- l put #0',
      undefined,
    ]);
  });

  test('what only one has explains why the rest of its instant is another', () => {
    const a = traceOf([1, 0, 0, start], [2, 1, 5, message(0)]);
    const b = traceOf([1, 0, 0, start], [2, 1, 5, message(0, {}, 'l')], [3, 1, 5, message(0)]);
    expect(words(a, b)[0]).toBe('only in B, at 5.000 ms: n <- l put #0');
    expect(words(b, a)[0]).toBe('only in A, at 5.000 ms: n <- l put #0');
  });

  test('a program that awaits does the same as one that does not', () => {
    const reply: Draft = { kind: 'send', label: 'put.reply', to: 'm' };
    const a = traceOf([1, 0, 0, message(0)], reply);
    const b = traceOf([1, 0, 0, message(0)], [2, 1, 0, { kind: 'wake' }], reply);
    expect(words(a, b)[0]).toBeUndefined();
    const later = traceOf([1, 0, 0, message(0)], [2, 1, 1, { kind: 'wake' }], reply);
    expect(words(a, later)[0]).toContain('A also: -> m put.reply');
  });

  test('of several like messages of one cause, each is matched with the one in its place', () => {
    const a = traceOf([1, 0, 0, start], [2, 1, 5, message(0, 'x')], [3, 1, 6, message(1, 'y')]);
    const b = traceOf([1, 0, 0, start], [2, 1, 5, message(0, 'x')], [3, 1, 6, message(1, 'z')]);
    expect(words(a, b)[0]).toBe('n <- m put #1, at 6.000 ms: y in A, z in B');
    expect(new Alignment(a, b).count()).toMatchObject({ same: 2, changed: 1 });
  });

  test('what was noted at the set-up is no cause of the rest', () => {
    const fault = (text: string): Draft => ({ kind: 'fault', label: 'f0', text });
    const a = traceOf(fault('crash a'), [1, 0, 0, start]);
    const b = traceOf(fault('crash b'), [1, 0, 0, start]);
    expect(new Alignment(a, b).count()).toMatchObject({ same: 1, changed: 1 });
  });
});
