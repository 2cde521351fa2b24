import { describe, expect, test } from 'vitest';
import type { Latencies, Latency } from '../define/latency.ts';
import type { RunResult } from '../define/result.ts';
import type { Verdict } from '../define/verdict.ts';
import { exitCodeOf, exitCodeOfVerdict, worstExitCode } from './exit-code.ts';
import { median } from './sweep-summary.ts';
import { summarise } from './sweep-tally.ts';

function resultOf(change: Partial<RunResult> = {}): RunResult {
  return {
    format: 1,
    scenario: 'adhoc',
    seed: '1',
    verdict: 'pass',
    expected: 'pass',
    digest: '00000000000000aa',
    events: 100,
    simMs: 1.5,
    wallMs: 3,
    operations: 10,
    messages: 20,
    calls: 20,
    bytes: 900,
    latency: {},
    activity: {},
    probes: {},
    repro: '',
    ...change,
  };
}

const failure = (signature: string, events: number, seed = '1'): RunResult =>
  resultOf({ verdict: 'violation', signature, events, seed });

describe('exit codes', () => {
  test.each([
    [[0, 0], 0],
    [[0, 2], 2],
    [[2, 1], 1],
    [[1, 3, 2], 3],
    [[3, 70, 1], 70],
    [[70, 130, 0], 130],
    [[], 0],
  ])('of %j the one that tells most is %i', (codes, worst) => {
    expect(worstExitCode(codes)).toBe(worst);
    expect(worstExitCode(codes.toReversed())).toBe(worst);
  });

  test.each<[Verdict, number]>([
    ['violation', 1],
    ['crash', 1],
    ['unknown', 2],
    ['vacuous', 2],
    ['nondeterministic', 3],
    ['pass', 1],
  ])('a verdict of %s that nobody expected is %i', (verdict, code) => {
    expect(exitCodeOfVerdict(verdict)).toBe(code);
  });

  test('as expected is 0, whatever it is', () => {
    expect(exitCodeOf(resultOf())).toBe(0);
    expect(exitCodeOf(resultOf({ verdict: 'violation', expected: 'violation' }))).toBe(0);
    expect(exitCodeOf(resultOf({ expected: 'violation' }))).toBe(1);
  });
});

describe('the summary of a sweep', () => {
  test('activity: medians and totals of everything that was counted', () => {
    const results = [
      resultOf({ operations: 1, activity: { crashes: 4, lost: 0 } }),
      resultOf({ operations: 9, activity: { crashes: 0 } }),
      resultOf({ operations: 2, activity: { crashes: 2, late: 6 } }),
    ];
    const { activity } = summarise('adhoc', results, [], false);
    const of = (name: string): unknown => activity.find((row) => row.name === name);

    expect(of('operations')).toEqual({ name: 'operations', median: 2, total: 12 });
    expect(of('crashes')).toEqual({ name: 'crashes', median: 2, total: 6 });
    expect(of('late')).toEqual({ name: 'late', median: 0, total: 6 });
  });

  test('medians of latencies leave out runs without the operation', () => {
    const of = (count: number, ms: number): Latency => {
      return { count, p50: ms, p90: ms, p99: ms, max: ms };
    };
    const runs: Latencies[] = [
      { put: of(3, 9) },
      { get: of(2, 7), put: of(1, 5) },
      {},
      { put: of(2, 6) },
    ];
    const results = runs.map((latency: Latencies) => resultOf({ latency }));

    expect(summarise('adhoc', results, [], false).latency).toEqual({
      get: of(2, 7),
      put: of(2, 6),
    });
  });

  test.each([
    [[], 0],
    [[5], 5],
    [[1, 9], 1],
    [[9, 1, 5], 5],
  ])('the median of %j is %i', (values, middle) => {
    expect(median(values)).toBe(middle);
  });

  test('probes: hit, not yet, never', () => {
    const results = [resultOf(), resultOf({ probes: { a: 3 } }), resultOf()];
    const probes = [
      { name: 'a', within: 2 },
      { name: 'b', within: 4 },
      { name: 'c', within: 3 },
    ];
    const summary = summarise('adhoc', results, probes, false);

    expect(summary.probes.map(({ status, seeds }) => [status, seeds])).toEqual([
      ['hit', 1],
      ['not yet', 0],
      ['never', 0],
    ]);
    expect(summary).toMatchObject({ verdict: 'vacuous', exitCode: 2, failures: 0 });
    expect(summarise('adhoc', results, probes.slice(0, 2), false).verdict).toBe('pass');
  });

  test('only the runs whose plan can hit a probe count against it', () => {
    const results = [resultOf({ awaited: [] }), resultOf({ awaited: ['a'] }), resultOf()];
    const status = (within: number): unknown =>
      summarise('adhoc', results, [{ name: 'a', within }], false).probes[0]?.status;

    expect([status(2), status(3)]).toEqual(['never', 'not yet']);
  });

  test('no run at all is vacuous', () => {
    expect(summarise('adhoc', [], [], false)).toMatchObject({ verdict: 'vacuous', exitCode: 2 });
  });

  test('failures of one signature are one group, shown by its smallest run', () => {
    const results = [
      failure('a', 50, '1'),
      failure('b', 10, '2'),
      resultOf({ seed: '3' }),
      failure('a', 30, '4'),
      failure('c', 5, '5'),
    ];
    const { groups, failures, verdict, exitCode } = summarise('adhoc', results, [], false);

    expect(
      groups.map(({ signature, count, smallest }) => [signature, count, smallest.seed]),
    ).toEqual([
      ['a', 2, '4'],
      ['c', 1, '5'],
      ['b', 1, '2'],
    ]);
    expect({ failures, verdict, exitCode }).toEqual({
      failures: 4,
      verdict: 'violation',
      exitCode: 1,
    });
  });

  test('a violation that was expected is no failure', () => {
    const wanted = { verdict: 'violation', expected: 'violation' } as const;
    const summary = summarise('adhoc', [resultOf(wanted)], [], false);

    expect(summary).toMatchObject({ failures: 0, groups: [], exitCode: 0 });
  });

  test('the worst verdict is that of the sweep', () => {
    const worst = (...verdicts: Verdict[]): Verdict =>
      summarise(
        'adhoc',
        verdicts.map((verdict) => resultOf({ verdict })),
        [],
        false,
      ).verdict;

    expect(worst('pass', 'violation', 'unknown')).toBe('violation');
    expect(worst('violation', 'crash')).toBe('crash');
    expect(worst('unknown', 'pass')).toBe('unknown');
    expect(worst('crash', 'nondeterministic')).toBe('nondeterministic');
    expect(worst('pass', 'pass')).toBe('pass');
  });

  test('the digest is that of all runs, in their order', () => {
    const a = resultOf({ digest: 'aaaaaaaaaaaaaaaa' });
    const b = resultOf({ digest: 'bbbbbbbbbbbbbbbb' });
    const digest = (...results: RunResult[]): string =>
      summarise('adhoc', results, [], false).digest;

    expect(digest(a, b)).toBe(digest(a, b));
    expect(new Set([digest(a, b), digest(b, a), digest(a), digest(a, a)]).size).toBe(4);
    expect(digest(a)).toMatch(/^[0-9a-f]{16}$/);
  });

  test('an interrupted sweep says so, and exits with 130', () => {
    expect(summarise('adhoc', [failure('a', 1)], [], true)).toMatchObject({
      isInterrupted: true,
      exitCode: 130,
      seeds: 1,
    });
  });

  test('simulated times add up without crumbs', () => {
    const results = [resultOf({ simMs: 4.727 }), resultOf({ simMs: 6.143 })];

    expect(summarise('adhoc', results, [], false).simMs).toBe(10.87);
  });
});

describe('least medians', () => {
  const runs = (count: number, operations: number): RunResult[] =>
    Array.from({ length: count }, (_, i) => resultOf({ seed: String(i), operations }));

  test('make a sweep vacuous in which too little happened', () => {
    const summary = summarise('s', runs(20, 9), [], false, { operations: 10 });
    expect(summary.tooLow).toEqual(['9 operations, at least 10 expected']);
    expect(summary).toMatchObject({ verdict: 'vacuous', exitCode: 2 });
  });

  test('are met by as much as they say, and not asked of a few runs', () => {
    expect(summarise('s', runs(20, 10), [], false, { operations: 10 }).verdict).toBe('pass');
    expect(summarise('s', runs(19, 9), [], false, { operations: 10 }).verdict).toBe('pass');
  });

  test('of what never happened are not met', () => {
    const summary = summarise('s', runs(20, 9), [], false, { 'under faults': 1 });
    expect(summary.tooLow).toEqual(['0 under faults, at least 1 expected']);
  });
});
