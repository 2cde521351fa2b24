import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { CourseFigure } from '../define/pack.ts';
import type { RunResult } from '../define/result.ts';
import { defineScenario } from '../define/scenario.ts';
import type { SuiteTest } from '../define/suite.ts';
import { suiteRow, summariseSuite, type SuiteRow } from './suite-rows.ts';
import { summarise } from './sweep-tally.ts';
import { SuiteTable } from './text-suite.ts';

const scenario = defineScenario({
  name: 'adhoc',
  description: '-',
  params: z.object({}),
  setup() {},
});

function testOf(test: string, part: string, course?: CourseFigure): SuiteTest {
  return { test, part, lab: 3, scenario, course };
}

function resultOf(change: Partial<RunResult> = {}): RunResult {
  return {
    format: 1,
    scenario: 'adhoc',
    seed: '1',
    verdict: 'pass',
    expected: 'pass',
    digest: '00000000000000aa',
    events: 100,
    simMs: 1500,
    wallMs: 30,
    operations: 10,
    messages: 25,
    calls: 20,
    bytes: 1234,
    latency: {},
    activity: {},
    probes: {},
    repro: `npx faultlab run TestX3A --seed ${change.seed ?? '1'}  # faultlab`,
    ...change,
  };
}

const course = { seconds: 3.6, calls: 106 };
const broken: Partial<RunResult> = {
  verdict: 'violation',
  check: 'one leader a term',
  reason: 'term 3 has 2 leaders: s0, s1',
  signature: 'one leader a term: term # has # leaders',
};

function rowOf(test: SuiteTest, results: readonly RunResult[]): SuiteRow {
  return suiteRow(test, summarise('adhoc', results, [], false), results);
}

const text = (rendered: string): string => stripVTControlCharacters(rendered);

function screen(rows: readonly SuiteRow[], { width = 100, last = 1, isInterrupted = false } = {}) {
  const range = { prefix: '', first: 1, last };
  const table = new SuiteTable({ tests: rows.map((row) => row.test), range, width });
  const parts = rows.map((row) => table.add(row));
  return text([...parts, table.end(summariseSuite(rows, 4321, isInterrupted))].join('\n'));
}

describe('a row of the suite', () => {
  test('has medians of all that differs from seed to seed', () => {
    const results = [5, 1, 9].map((n) =>
      resultOf({ simMs: n * 100, calls: n, bytes: n * 10, wallMs: n + 1 }),
    );

    expect(rowOf(testOf('TestX3A', '3A', course), results)).toMatchObject({
      format: 1,
      test: 'TestX3A',
      scenario: 'adhoc',
      part: '3A',
      verdict: 'pass',
      seeds: 3,
      passed: 3,
      simMs: 500,
      calls: 5,
      bytes: 50,
      wallMs: 6,
      course,
      failure: undefined,
      exitCode: 0,
    });
  });

  test('names the first seed that fails, not the smallest', () => {
    const results = [
      resultOf({ seed: '1' }),
      resultOf({ seed: '2', ...broken, events: 900 }),
      resultOf({ seed: '3', ...broken, events: 5 }),
    ];

    expect(rowOf(testOf('TestX3A', '3A'), results)).toMatchObject({
      verdict: 'violation',
      passed: 1,
      failure: {
        seed: '2',
        check: 'one leader a term',
        repro: expect.stringContaining('--seed 2'),
      },
      exitCode: 1,
    });
  });

  test('says of a test that passes what never happened; of a failing one it does not', () => {
    const probes = [{ name: 'a snapshot was installed', within: 1 }];
    const row = (result: RunResult): SuiteRow =>
      suiteRow(testOf('TestX3D', '3D'), summarise('adhoc', [result], probes, false), [result]);

    expect(row(resultOf())).toMatchObject({
      verdict: 'vacuous',
      remarks: ['"a snapshot was installed" never, expected within 1 seeds'],
      exitCode: 2,
    });
    expect(row(resultOf(broken))).toMatchObject({ verdict: 'violation', remarks: [] });
  });
});

describe('the summary of a suite', () => {
  const rows = [
    rowOf(testOf('TestX3A', '3A', course), [resultOf()]),
    rowOf(testOf('TestY3A', '3A'), [resultOf(broken)]),
    rowOf(testOf('TestZ3B', '3B', { seconds: 0.3, calls: 4 }), [resultOf({ simMs: 0.2 })]),
  ];

  test('adds up parts and the whole; of the course what it has', () => {
    const summary = summariseSuite(rows, 4321.4, false);

    expect(summary).toMatchObject({
      format: 1,
      name: 'all',
      verdict: 'violation',
      tests: 3,
      passed: 2,
      runs: 3,
      simMs: 3000.2,
      calls: 60,
      bytes: 3702,
      wallMs: 90,
      elapsedMs: 4321,
      course: { seconds: 3.9, calls: 110, tests: 2 },
      isInterrupted: false,
      exitCode: 1,
    });
    expect(summary.parts).toMatchObject([
      { name: '3A', tests: 2, passed: 1, course: { seconds: 3.6, tests: 1 } },
      { name: '3B', tests: 1, passed: 1, simMs: 0.2 },
    ]);
  });

  test('of an interrupted suite exits with 130, of an empty one proves nothing', () => {
    expect(summariseSuite(rows, 1, true)).toMatchObject({ exitCode: 130, tests: 3 });
    expect(summariseSuite([], 1, true)).toMatchObject({ exitCode: 130, verdict: 'vacuous' });
  });

  test('has a digest that tells which runs they were', () => {
    const other = rowOf(testOf('TestX3A', '3A'), [resultOf({ digest: '00000000000000ab' })]);

    expect(summariseSuite([other], 1, false).digest).not.toBe(
      summariseSuite(rows.slice(0, 1), 1, false).digest,
    );
  });
});

describe('the table of the suite', () => {
  const rows = [
    rowOf(testOf('TestInitial3A', '3A', course), [resultOf()]),
    rowOf(testOf('TestMore3A', '3A'), [resultOf({ simMs: 61_040, calls: 123_456 })]),
    rowOf(testOf('TestAgree3B', '3B', { seconds: 1.3, calls: 18 }), [resultOf()]),
  ];

  test('has our figures beside those of the course, and a total behind each part', () => {
    expect(screen(rows)).toBe(`\
The official tests, seed 1; Go: the course's own run of 2025.

 test                  verdict    virtual s    RPCs        kB  wall s   Go s  Go RPCs
 TestInitial3A         pass             1.5      20       1.2    0.03    3.6      106
 TestMore3A            pass            61.0  123456       1.2    0.03      -        -
 3A: 2 of 2 pass                       62.5  123476       2.5    0.06    3.6      106

 TestAgree3B           pass             1.5      20       1.2    0.03    1.3       18
 3B: 1 of 1 pass                        1.5      20       1.2    0.03    1.3       18

 all: 3 of 3 pass                      64.0  123496       3.7    0.09    4.9      124

3 of 3 tests pass: 64 s of virtual time in 4.321 s; the Go suite: 5 s for 2 of them`);
  });

  test('of one part has no total of all', () => {
    expect(screen(rows.slice(0, 1))).not.toContain('all:');
  });

  test('of several seeds says how many passed', () => {
    const results = [resultOf({ seed: '1' }), resultOf({ seed: '2', ...broken })];
    const shown = screen([rowOf(testOf('TestX3A', '3A', course), results)], { last: 2 });

    expect(shown).toMatch(/^The official tests, seeds 1\.\.2 of each, medians; Go/);
    expect(shown).toMatch(/^ test +passed +virtual s/m);
    expect(shown).toMatch(/^ TestX3A +1\/2 +1\.5 /m);
    expect(shown).toMatch(/0 of 1 tests pass: 2 runs in 4\.321 s; the Go suite: 4 s$/);
  });

  test('tells below a failing row the seed, the reason and the command', () => {
    const shown = screen([rowOf(testOf('TestX3A', '3A'), [resultOf(broken)])]);

    expect(shown).toMatch(/^ TestX3A +VIOLATION +1\.5 /m);
    expect(shown).toContain('   seed 1: one leader a term: term 3 has 2 leaders: s0, s1\n');
    expect(shown).toContain('   npx faultlab run TestX3A --seed 1  # faultlab\n');
    expect(shown).toContain(' 3A: 0 of 1 pass');
  });

  test('has no figures of a run that did not repeat', () => {
    const row = rowOf(testOf('TestX3A', '3A'), [resultOf(broken)]);
    const shown = screen([{ ...row, verdict: 'nondeterministic', remarks: ['it drifted'] }]);

    expect(shown).toMatch(/^ TestX3A +NONDETERMINISTIC$/m);
    expect(shown).toMatch(/^ {3}it drifted$/m);
  });

  test('of an interrupted suite says so, whatever was done', () => {
    const interrupted = { isInterrupted: true };

    expect(screen(rows.slice(0, 1), interrupted)).toMatch(/\ninterrupted: this is what was done$/);
    expect(screen([], interrupted)).toMatch(/^0 of 0 tests pass[^]*\ninterrupted/);
  });

  const long = 'TestSnapshotUnreliableRecoverConcurrentPartitionLinearizable4C';

  test.each([
    [100, 'TestSnapshotInstallUnreliable3D', / kB .* Go RPCs$/m],
    [80, 'TestSnapshotInstallUnreliable3D', /virtual s +RPCs +wall s +Go s$/m],
    [60, 'TestSnapshotInstallUnreliable3D', /virtual s +RPCs +wall s +Go s$/m],
    [100, long, /virtual s +RPCs +wall s +Go s$/m],
    [130, long, / kB .* Go RPCs$/m],
  ])('at %i columns has no longer line, with %s whole', (width, name, heading) => {
    const lines = screen([rowOf(testOf(name, '3D', course), [resultOf()])], { width }).split('\n');
    const needed = Math.max(width, 3 + 20 + 9 + 34);

    expect(lines.filter((line) => line.length > needed && !line.includes(name))).toEqual([]);
    expect(lines.filter((line) => line.includes(name))).toHaveLength(1);
    expect(lines.join('\n')).toMatch(heading);
    const columns = lines.filter((line) => /virtual s| 3\.6/.test(line));
    expect(new Set(columns.map((line) => line.length)).size).toBe(1);
  });
});
