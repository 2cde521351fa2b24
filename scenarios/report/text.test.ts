import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { RunResult } from '../define/result.ts';
import { VERSION } from '../define/version.ts';
import { runFolder } from './node-output-folder.ts';
import { reproLine } from './repro.ts';
import { summarise } from './sweep-tally.ts';
import { failureBlock, runLine, seconds, sweepBlock, wrap } from './text-run.ts';

/** Without colours, which depend on the terminal. */
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
    ["it's\u001b[2J\\", "$'it\\'s\\u001b[2J\\\\'"],
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
  calls: 230,
  bytes: 9000,
  latency: { get: { count: 2, p50: 1.5, p90: 2, p99: 2, max: 2 } },
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
    expect(stripVTControlCharacters(runLine(RESULT))).toBe(
      [
        'pass  kv/chaos  seed 7',
        '  200 operations, 230 messages, 500 events; 2.345 s simulated in 0.012 s',
        '  3 lost, 1 crashes',
        '  latency p50/p99/max in ms: get 1.50/2.00/2.00',
        '  digest 0123456789abcdef',
      ].join('\n'),
    );
  });

  test('one that failed: check, place, own frames only, event, and how to go on', () => {
    const text = stripVTControlCharacters(failureBlock(FAILURE, '.faultlab/kv/chaos/7'));

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
    const text = stripVTControlCharacters(
      failureBlock({ ...RESULT, expected: 'violation' }, undefined),
    );

    expect(text).toContain('pass (expected: violation)');
  });

  test('a sweep: rate, medians, probes, and each kind of failure with its count', () => {
    const bad = { ...FAILURE, signature: 'uncaught error: TypeError' };
    const probes = [{ name: 'a crash', within: 2 }];
    const summary = summarise('kv/chaos', [RESULT, bad, bad], probes, true);
    const text = stripVTControlCharacters(sweepBlock(summary, new Map()));

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
    expect(wrap('世界 世界 a', '', 8)).toEqual(['世界', '世界 a']);
  });

  test('what code under test throws cannot steer the terminal', () => {
    const reason = 'boo\u001b[2J\r\u202e';
    const stack = `${reason}\n    at f (a\u001bb.ts:1:1)`;
    const block = failureBlock({ ...FAILURE, check: 'a\u0007', reason, stack }, undefined);

    expect(block).toContain('boo\\u001b[2J\\u000d\\u202e');
    expect(block).toContain('at f (a\\u001bb.ts:1:1)');
    expect(stripVTControlCharacters(block)).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  });
});
