import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Trace, type TraceRecord } from '../../sim/index.ts';
import { causesOf } from './causes.ts';
import { faultSpans } from './fault-spans.ts';
import { eventLines } from './text-event.ts';
import { whyLines } from './text-why.ts';

type Draft = Partial<TraceRecord> & Pick<TraceRecord, 'kind'>;

/** Events at 1 ms each; a note belongs to the event before it. */
function traceOf(...drafts: readonly Draft[]): Trace {
  const trace = new Trace();
  let event = 0;
  for (const draft of drafts) {
    event = draft.event ?? event;
    trace.record({ event, cause: event, timeUs: event * 1000, label: '', ...draft });
  }
  return trace;
}

const event = (number: number, cause: number, draft: Draft): Draft => ({
  event: number,
  cause,
  ...draft,
});

function why(trace: Trace, number: number, isComplete = false): string[] {
  const lines = whyLines(trace, number, { width: 80, isComplete }).map(stripVTControlCharacters);
  // Without number and time of the lines that have them.
  return lines.slice(1).map((line) => line.replace(/^ *\d+ +\d+\.\d{3} +/, '').trim());
}

const put = { label: 'put', from: 'c', to: 's', n: 3 } as const;

describe('the causes of an event', () => {
  test('lead back to the beginning', () => {
    const trace = traceOf(
      event(1, 0, { kind: 'start' }),
      { kind: 'send' },
      event(2, 0, { kind: 'start' }),
      event(3, 1, { kind: 'message' }),
      { kind: 'save' },
      event(4, 3, { kind: 'answer' }),
    );
    const chain = causesOf(trace, 4);
    expect(chain.map((link) => [link.event.event, link.event.kind])).toEqual([
      [1, 'start'],
      [3, 'message'],
      [4, 'answer'],
    ]);
    expect(chain[1]?.notes.map(({ kind }) => kind)).toEqual(['save']);
    expect(causesOf(trace, 99)).toEqual([]);
  });

  test('come to an end even in a trace that is broken', () => {
    expect(causesOf(traceOf(event(5, 7, { kind: 'wake' })), 5)).toHaveLength(1);
  });
});

describe('why', () => {
  test('shows the sending of the message that the chain passes, and no other', () => {
    const trace = traceOf(
      event(1, 0, { kind: 'timer', node: 'c', label: 'sleep' }),
      { kind: 'send', node: 'c', ...put },
      { kind: 'send', node: 'c', ...put, label: 'other' },
      event(2, 1, { kind: 'message', node: 's', ...put, payload: { key: 'k' } }),
      { kind: 'save', node: 's', label: 'save', payload: 'f' },
    );
    expect(why(trace, 2)).toEqual([
      'c     timer sleep',
      'c     -> s put #3',
      's     <- c put #3 key=k',
      's     disk f',
    ]);
  });

  test('shows what became of a call that was given up', () => {
    const call = [
      event(1, 0, { kind: 'start', node: 'c', label: 'start' }),
      { kind: 'send', node: 'c', ...put },
    ] as const;
    const giveUp = [
      event(9, 1, { kind: 'timer', node: 'c', label: 'time-out' }),
      { kind: 'gave-up', node: 'c', label: 'put', n: 3 },
    ] as const;
    const lost = event(2, 1, { kind: 'lost', node: 'c', ...put });
    const late = event(3, 1, { kind: 'message', node: 's', ...put });
    expect(why(traceOf(...call, lost, ...giveUp), 9)).toContain('c     -x s put #3 LOST');
    expect(why(traceOf(...call, late, ...giveUp), 9)).toContain('s     <- c put #3');
    expect(why(traceOf(...call, late, event(9, 1, { kind: 'wake', node: 'c' })), 9)).toEqual([
      'c     start',
      'c     wake',
    ]);
  });

  test('shows that a message was lost on its arrival', () => {
    const trace = traceOf(
      event(1, 0, { kind: 'message', node: 's', ...put }),
      { kind: 'lost', node: 'c', ...put },
      { kind: 'lost', node: 'x', ...put, from: 'x' },
      event(2, 1, { kind: 'answer', node: 'c', label: 'put' }),
    );
    expect(why(trace, 2)).toEqual([
      's     <- c put #3',
      'c     -x s put #3 LOST',
      'c     call of put failed',
    ]);
  });

  test('shows where a message was sent that was held up', () => {
    const trace = traceOf(
      event(1, 0, { kind: 'start', node: 'c', label: 'start' }),
      { kind: 'send', node: 'c', ...put },
      { kind: 'held', node: 'c', ...put },
      event(5, 0, { kind: 'action', label: 'clog0' }),
      { kind: 'heal', label: 'clog0' },
      event(6, 5, { kind: 'message', node: 's', ...put }),
    );
    expect(why(trace, 6).map((line) => line.replace(/-+$/, '').trim())).toEqual([
      'c     -> s put #3',
      '-- fault action clog0',
      '-- clog0 ends',
      's     <- c put #3 (was held)',
    ]);
  });

  test('mentions faults that lasted meanwhile and name who takes part, once', () => {
    const fault = (number: number, label: string, text: string): Draft[] => [
      event(number, 0, { kind: 'action', label }),
      { kind: 'fault', label, text },
    ];
    const trace = traceOf(
      ...fault(1, 'over', 'crash c'),
      event(2, 0, { kind: 'heal', label: 'over' }),
      event(3, 0, { kind: 'timer', node: 'c' }),
      ...fault(4, 'hit', 'delay c - s by 1-2 ms'),
      ...fault(5, 'elsewhere', 'crash cc'),
      event(6, 3, { kind: 'wake', node: 'c' }),
      event(7, 6, { kind: 'log', node: 'c', text: 'x' }),
      ...fault(8, 'later', 'crash c'),
    );
    const rules = why(trace, 7).filter((line) => line.startsWith('--'));
    expect(rules).toEqual([
      expect.stringMatching(/^-- hit: delay c - s by 1-2 ms, from 4\.000 to the end -+$/),
    ]);
  });

  test('folds wake-ups of one node, unless all are wanted', () => {
    const trace = traceOf(
      event(1, 0, { kind: 'timer', node: 'c', label: 'sleep' }),
      event(2, 1, { kind: 'wake', node: 'c' }),
      event(3, 2, { kind: 'wake', node: 'c' }),
      event(4, 3, { kind: 'start', node: 'c', label: 'task' }),
      event(5, 4, { kind: 'wake', node: 'd' }),
      event(6, 5, { kind: 'wake', node: 'd' }),
    );
    expect(why(trace, 6)).toEqual([
      'c     timer sleep',
      '3 wake-ups of c',
      'd     wake',
      'd     wake',
    ]);
    expect(why(trace, 6, true)).toHaveLength(6);
  });

  test('does not fold a wake-up that says something', () => {
    const trace = traceOf(
      event(1, 0, { kind: 'wake', node: 'c' }),
      event(2, 1, { kind: 'wake', node: 'c' }),
      { kind: 'state', node: 'c', label: 'state', payload: { term: 2 } },
      event(3, 2, { kind: 'wake', node: 'c' }),
    );
    expect(why(trace, 3)).toContain('c     * term=2');
  });

  test('leaves out what lies far back, and says so', () => {
    const chain = Array.from({ length: 40 }, (_, i) =>
      event(i + 1, i, { kind: 'timer', node: 'c', label: 'tick' }),
    );
    const lines = why(traceOf(...chain), 40);
    expect(lines[0]).toContain('... 16 earlier causes, back to event 1 (c: timer tick at 1.000');
    expect(lines.filter((line) => line === 'c     timer tick')).toHaveLength(24);
    expect(why(traceOf(...chain), 40, true)).toHaveLength(40);
  });
});

test('a fault lasts from its start to its end, and names nodes of the trace', () => {
  const trace = traceOf(
    event(1, 0, { kind: 'start', node: 's' }),
    event(2, 0, { kind: 'fault', label: 'f', text: 'partition s | x' }),
    event(4, 0, { kind: 'heal', label: 'f' }),
    event(5, 0, { kind: 'fault', label: 'f', text: 'crash s' }),
    event(6, 0, { kind: 'fault', label: 'profile', payload: 'lan' }),
    event(7, 0, { kind: 'fault', label: 'g', text: 'lose 1 % of x > all' }),
  );
  expect(faultSpans(trace)).toEqual([
    { id: 'f', text: 'partition s | x', fromUs: 2000, untilUs: 4000, nodes: new Set(['s']) },
    { id: 'f', text: 'crash s', fromUs: 5000, untilUs: Infinity, nodes: new Set(['s']) },
    expect.objectContaining({ id: 'g', nodes: new Set(['s']) }),
  ]);
});

test('an event by itself has its cause, its notes and its payloads in full', () => {
  const value = 'v'.repeat(200);
  const trace = traceOf(
    event(1, 0, { kind: 'start', node: 'c' }),
    event(2, 1, { kind: 'message', node: 's', ...put, payload: { value } }),
    { kind: 'log', node: 's', text: 'noted' },
    event(3, 2, { kind: 'wake', node: 's' }),
  );
  const text = eventLines(trace, 2, 2, 80).map((line) => stripVTControlCharacters(line).trim());
  expect(text).toContain('caused by event 1');
  expect(text.join('')).toContain(`{"value":"${value}"}`);
  expect(text.join('\n')).toContain('noted');
  expect(text.join('\n')).not.toContain('wake');
});
