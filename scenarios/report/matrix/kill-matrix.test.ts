import { describe, expect, test } from 'vitest';
import {
  killOf,
  mostOften,
  officialKillOf,
  soonest,
  summariseMatrix,
  type Hunt,
  type Kill,
  type MatrixRow,
} from './kill-matrix.ts';

const hit = (seeds: number, wallMs: number, check = 'agreement'): Hunt => ({
  ...{ seeds, wallMs, check },
  falseAlarms: 0,
});
const miss = (wallMs: number): Hunt => ({ seeds: undefined, wallMs, falseAlarms: 0 });
const kill = (...seeds: (number | undefined)[]): Kill =>
  killOf(
    'raft/chaos-5',
    true,
    seeds.map((n) => (n === undefined ? miss(9) : hit(n, n))),
  );
const row = (specimen: string, ...kills: Kill[]): MatrixRow => ({
  ...{ format: 1, specimen, lab: 3, title: '', kills },
  killed: kills.some(({ found }) => found > 0),
});

describe('how a scenario kills a specimen', () => {
  test('is the median of its ranges, and the worst of them', () => {
    const hunts = [hit(3, 30), hit(1, 10, 'Log Matching'), hit(40, 400)];

    expect(killOf('raft/chaos-5', false, hunts)).toEqual({
      scenario: 'raft/chaos-5',
      view: false,
      seeds: { median: 3, worst: 40 },
      wallMs: { median: 30, worst: 400 },
      check: 'agreement',
      checks: ['agreement', 'Log Matching'],
      ranges: 3,
      found: 3,
      falseAlarms: 0,
    });
  });

  test('a range that was not hit takes more seeds than were tried, and its whole time', () => {
    expect(kill(3, undefined, 1)).toMatchObject({
      seeds: { median: 3, worst: null },
      wallMs: { median: 3, worst: 9 },
      found: 2,
    });
    expect(kill(undefined, 2, undefined)).toMatchObject({
      seeds: { median: null, worst: null },
      check: 'agreement',
      found: 1,
    });
    expect(kill(undefined)).toMatchObject({ check: null, checks: [], found: 0 });
  });

  test('does not depend on the order of the ranges', () => {
    expect(kill(5, undefined, 2, 7, 1)).toEqual(kill(1, 2, 7, undefined, 5));
  });

  test('false alarms add up', () => {
    const alarmed = { ...miss(1), falseAlarms: 2 };

    expect(killOf('raft/chaos-5', null, [alarmed, alarmed]).falseAlarms).toBe(4);
  });
});

describe('the official tests', () => {
  const missed = { tests: 28, wallMs: 3000, falseAlarms: 0 };

  test('count the passes in which one of them killed, and what that took', () => {
    const passes = [
      { test: 'TestBackup3B', check: 'agreement', tests: 12, wallMs: 500, falseAlarms: 0 },
      missed,
      { test: 'TestBackup3B', check: 'agreement', tests: 14, wallMs: 700, falseAlarms: 1 },
    ];

    expect(officialKillOf(passes)).toEqual({
      killed: true,
      test: 'TestBackup3B',
      check: 'agreement',
      seeds: 12,
      passes: 3,
      found: 2,
      wallMs: 500,
      falseAlarms: 1,
    });
  });

  test('that miss it took a whole pass each time', () => {
    expect(officialKillOf([missed, missed])).toMatchObject({
      ...{ killed: false, test: null, seeds: null, found: 0, wallMs: 3000 },
    });
  });
});

describe('what kills soonest', () => {
  test('takes fewest seeds in the median, then in the worst case, then stands first', () => {
    const [slow, even, worse] = [kill(2, 2, 2), kill(1, 1, 4), kill(1, 1, 9)];

    expect(soonest([slow, worse, even])).toBe(even);
    expect(soonest([kill(1), { ...kill(1), scenario: 'other' }])?.scenario).toBe('raft/chaos-5');
  });

  test('is a scenario that killed in few ranges rather than none', () => {
    const rare = kill(undefined, undefined, 50);

    expect(soonest([kill(undefined), rare])).toBe(rare);
    expect(soonest([kill(undefined)])).toBeUndefined();
  });
});

test('names stand in the order of how often they occur, and of two as often the first', () => {
  expect(mostOften(['b', 'a', undefined, 'c', 'a', 'c'])).toEqual(['a', 'c', 'b']);
});

describe('the summary', () => {
  test('names those that live, and says how soon the others die', () => {
    const rows = [row('A', kill(1, 1)), row('B', kill(undefined)), row('C', kill(30, 40))];

    expect(summariseMatrix(rows, 5, false)).toMatchObject({
      specimens: 3,
      killed: 2,
      alive: ['B'],
      seeds: { median: 1, worst: 30 },
      checks: [{ check: 'agreement', specimens: 2 }],
      exitCode: 1,
    });
  });

  test('with views withheld counts those that were tried so', () => {
    const hidden = (one: Kill): Kill => ({ ...one, view: false });
    const rows = [row('A', kill(1), hidden(kill(1))), row('B', kill(1), hidden(kill(undefined)))];

    expect(summariseMatrix([...rows, row('C', kill(1))], 5, false)).toMatchObject({
      outside: { killed: 1, of: 2 },
      official: undefined,
    });
  });

  test('has no figures if all live', () => {
    expect(summariseMatrix([row('A', kill(undefined))], 5, false)).toMatchObject({
      alive: ['A'],
      seeds: { median: null, worst: null },
      checks: [],
    });
  });

  test('the exit code tells whether all are dead; of nothing at all that cannot be said', () => {
    const codes = [[row('A', kill(1))], [row('A', kill(undefined))], []].map(
      (rows) => summariseMatrix(rows, 5, false).exitCode,
    );

    expect(codes).toEqual([0, 1, 1]);
    expect(summariseMatrix([row('A', kill(1))], 5, true).exitCode).toBe(130);
  });
});
