import { describe, expect, test } from 'vitest';
import type { TraceRecord } from '../../sim/index.ts';
import type { RunResult } from '../define/result.ts';
import { VERSION } from '../define/version.ts';
import { runFolder } from './node-output-folder.ts';
import { reproLine } from './repro.ts';
import { summarise } from './sweep-summary.ts';
import { failureBlock, runLine, seconds, sweepBlock, wrap } from './text-run.ts';
import { causesOf, matches, traceLine } from './text-trace.ts';

/** Without colours, which depend on the terminal. */
// oxlint-disable-next-line no-control-regex -- that is what colours are made of
const plain = (text: string): string => text.replace(/\u001b\[\d+m/g, '');

describe('the line that runs it again', () => {
  test('carries every choice, the version and the code', () => {
    const line = reproLine(
      {
        scenario: 'kv/chaos',
        set: ['clients=2', 'keys=1'],
        profile: 'lan',
        faults: 'none',
        impl: './my-kv.ts',
      },
      '7',
      '0.1.0-abc',
    );

    expect(line).toBe(
      'npx faultlab run kv/chaos --seed 7 --set clients=2 --set keys=1 --profile lan ' +
        `--faults none --impl ./my-kv.ts  # faultlab ${VERSION}, code 0.1.0-abc`,
    );
  });

  test.each([
    ['a b', "'a b'"],
    ["it's", `'it'\\''s'`],
    ['$HOME', "'$HOME'"],
    ['', "''"],
    ['4f2c/12', '4f2c/12'],
    ['a;b', "'a;b'"],
    ['a#b', "'a#b'"],
    ['*', "'*'"],
  ])('quotes the seed %j for a shell', (seed, quoted) => {
    expect(reproLine({ scenario: 's' }, seed, undefined)).toContain(`--seed ${quoted}  #`);
  });
});

describe('the folder of a run', () => {
  test.each([
    ['7', '7'],
    ['a/b', 'a%2Fb'],
    ['..', '%2E%2E'],
    ['.', '%2E'],
    ['a b', 'a%20b'],
  ])('of seed %j stays inside that of its scenario', (seed, name) => {
    expect(runFolder('kv/chaos', seed, 'out').replaceAll('\\', '/')).toBe(`out/kv/chaos/${name}`);
  });
});

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

describe('a line of a trace', () => {
  const what = (change: Partial<TraceRecord>): string =>
    plain(traceLine(record(change))).slice('     12     1234.567  c0#1       '.length);

  test('begins with event, time and node', () => {
    expect(plain(traceLine(record({ kind: 'crash' })))).toBe(
      '     12     1234.567  c0#1       crash',
    );
  });

  test.each<[Partial<TraceRecord>, string]>([
    [{ kind: 'send', to: 'server', n: 4 }, '-> server  get #4'],
    [{ kind: 'message', from: 'c1', n: 0, payload: { key: 'k' } }, '<- c1  get #0 {"key":"k"}'],
    [
      { kind: 'answer', from: 'server', label: 'get.reply', n: 2, payload: 1 },
      '<- server  get.reply #2 1',
    ],
    [{ kind: 'answer' }, 'call of get failed'],
    [{ kind: 'lost', to: 'server', n: 4 }, '-x server  get #4 lost'],
    [{ kind: 'late', from: 'c1', n: 4 }, 'request get #4 of c1 is late: its caller has given up'],
    [{ kind: 'gave-up', n: 4 }, 'gave up get #4'],
    [{ kind: 'save', payload: 'kv/k' }, 'disk kv/k'],
    [{ kind: 'probe', label: 'it happened' }, 'probe "it happened"'],
    [{ kind: 'invocation', payload: { op: 'get' } }, 'begins {"op":"get"}'],
    [{ kind: 'completion', payload: { err: 'OK' } }, 'returns {"err":"OK"}'],
    [{ kind: 'log', text: 'hello' }, 'hello'],
    [{ kind: 'restart' }, 'restart'],
    [{ kind: 'timer', label: 'sleep' }, 'timer sleep'],
    [{ kind: 'start', label: 'start' }, 'start'],
  ])('of %j says "%s"', (change, text) => {
    expect(what(change)).toBe(text);
  });

  test('of the world itself is a rule across the page', () => {
    const line = plain(
      traceLine(record({ kind: 'fault', label: 'f0', text: 'crash server', node: undefined })),
    );

    expect(line).toMatch(/^ {5}12 {5}1234\.567 {2}-- f0: crash server -+$/);
  });

  test('shortens a long payload', () => {
    const line = what({ kind: 'message', from: 'a', n: 1, payload: 'x'.repeat(500) });

    expect(line.length).toBeLessThan(90);
    expect(line).toMatch(/\.\.\.$/);
  });
});

describe('what of a trace is shown', () => {
  test.each<[string, Partial<TraceRecord>, Parameters<typeof matches>[1], boolean]>([
    ['a wake-up, by default', { kind: 'wake' }, {}, false],
    ['a wake-up, if all is wanted', { kind: 'wake' }, { isComplete: true }, true],
    ['what happened before', { kind: 'crash' }, { fromMs: 1235 }, false],
    ['what happened since', { kind: 'crash' }, { fromMs: 1234 }, true],
    ['what happened until then', { kind: 'crash' }, { untilMs: 1235 }, true],
    ['what happened later', { kind: 'crash' }, { untilMs: 1234 }, false],
    ['what a node did', { kind: 'crash' }, { node: 'c0' }, true],
    ['what it was sent', { kind: 'send', to: 's' }, { node: 's' }, true],
    ['what it sent', { kind: 'message', from: 's' }, { node: 's' }, true],
    ['what others did', { kind: 'crash' }, { node: 'c1' }, false],
  ])('%s', (_what, change, filter, isShown) => {
    expect(matches(record(change), filter)).toBe(isShown);
  });
});

test('the causes of an event lead back to the beginning', () => {
  const trace = [
    record({ event: 1, cause: 0, kind: 'start' }),
    record({ event: 1, cause: 1, kind: 'send' }),
    record({ event: 2, cause: 0, kind: 'start' }),
    record({ event: 3, cause: 1, kind: 'message' }),
    record({ event: 3, cause: 3, kind: 'save' }),
    record({ event: 4, cause: 3, kind: 'answer' }),
  ];

  expect(causesOf(trace, 4).map(({ event, kind }) => [event, kind])).toEqual([
    [1, 'start'],
    [3, 'message'],
    [4, 'answer'],
  ]);
  expect(causesOf(trace, 99)).toEqual([]);
});

const RESULT: RunResult = {
  format: 1,
  scenario: 'kv/chaos',
  seed: '7',
  verdict: 'pass',
  expected: 'pass',
  digest: '0123456789abcdef',
  events: 500,
  simMs: 2345,
  wallMs: 12,
  operations: 200,
  messages: 230,
  activity: { lost: 3, crashes: 1 },
  probes: {},
  repro: 'npx faultlab run kv/chaos --seed 7',
};
const FAILURE: RunResult = {
  ...RESULT,
  verdict: 'crash',
  check: 'uncaught error',
  reason: 'TypeError: no k',
  where: 'server#1 at 0.000405 s',
  event: 41,
  stack: [
    'TypeError: no k',
    '    at put (mine.ts:5:38)',
    '    at Kernel.step (file:///somewhere/dist/sim/kernel/kernel.js:1:1)',
    '    at node:internal/x:1:1',
  ].join('\n'),
};

describe('what is printed of a run', () => {
  test('one that passed', () => {
    expect(plain(runLine(RESULT))).toBe(
      [
        'pass  kv/chaos  seed 7',
        '  200 operations, 230 messages, 500 events; 2.345 s simulated in 0.012 s',
        '  3 lost, 1 crashes',
        '  digest 0123456789abcdef',
      ].join('\n'),
    );
  });

  test('one that failed: check, place, own frames only, event, and how to go on', () => {
    const text = plain(failureBlock(FAILURE, '.faultlab/kv/chaos/7'));

    expect(text).toContain('CRASH  kv/chaos  seed 7  uncaught error');
    expect(text).toContain('TypeError: no k');
    expect(text).toContain('server#1 at 0.000405 s');
    expect(text).toContain('at put (mine.ts:5:38)');
    expect(text).not.toMatch(/kernel\.js|node:internal/);
    expect(text).toMatch(/event 41 of 500 +digest 0123456789abcdef/);
    expect(text).toContain('npx faultlab replay .faultlab/kv/chaos/7');
    expect(text).toContain('npx faultlab run kv/chaos --seed 7');
  });

  test('one that passed and should not have', () => {
    const text = plain(failureBlock({ ...RESULT, expected: 'violation' }, undefined));

    expect(text).toContain('pass (expected: violation)');
  });

  test('a sweep: rate, medians, probes, and each kind of failure with its count', () => {
    const bad = { ...FAILURE, signature: 'uncaught error: TypeError' };
    const probes = [{ name: 'a crash', within: 2 }];
    const summary = summarise('kv/chaos', [RESULT, bad, bad], probes, true);
    const text = plain(sweepBlock(summary, new Map()));

    expect(text).toContain('CRASH  kv/chaos  3 seeds, 2 not as expected');
    expect(text).toContain('median: 200 operations');
    expect(text).toContain('"a crash" never, expected within 2 seeds');
    expect(text).toContain('interrupted: this is what was done');
    expect(text).toContain('2 of 3 seeds fail like this; this is the smallest');
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  test.each([
    [0, '0.000 s'],
    [1234, '1.234 s'],
    [45_600, '45.6 s'],
    [720_000, '12 min'],
  ])('%i ms is %s', (ms, text) => {
    expect(seconds(ms)).toBe(text);
  });

  test('long texts are broken between words, and keep their lines', () => {
    const lines = wrap(`${'word '.repeat(40)}\nend`, '  ');

    expect(lines.every((line) => line.length <= 100 && line.startsWith('  '))).toBe(true);
    expect(lines.at(-1)).toBe('  end');
    expect(wrap('x'.repeat(200), '')).toEqual(['x'.repeat(200)]);
  });
});
