import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { killOf, officialKillOf, summariseMatrix, type MatrixRow } from './kill-matrix.ts';
import { markdownMatrix } from './markdown-matrix.ts';
import { headline, MatrixTable } from './text-matrix.ts';

const hit = { seeds: 3, wallMs: 120, check: 'all servers agree once the world has healed' };
const missed = { tests: 28, wallMs: 4000, falseAlarms: 0 };
const scenario = 'kvraft/snapshot-unreliable-recover-partition';

const row: MatrixRow = {
  format: 1,
  specimen: 'R13',
  lab: 3,
  title: 'Older entries are committed by counting replicas',
  killed: true,
  kills: [
    killOf('raft/chaos-5', true, [{ ...hit, falseAlarms: 0 }]),
    killOf('raft/chaos-5', false, [{ seeds: undefined, wallMs: 1400, falseAlarms: 0 }]),
    killOf(scenario, null, [{ ...hit, falseAlarms: 1 }]),
  ],
  official: officialKillOf([missed, missed, missed]),
  course: { passes: 3, caught: 0 },
};

describe('the matrix as text', () => {
  // Where it runs for CI it has colours.
  const table = (width: number): string =>
    stripVTControlCharacters(new MatrixTable(width, 60, ['raft/chaos-5', scenario]).add(row));

  test('in 80 columns names stand on lines of their own', () => {
    expect(table(80)).toMatchInlineSnapshot(`
      "seeds and real time to the first failure: median and worst of the ranges
          views    seeds worst       s   worst found  check
      R13   killed  Older entries are committed by counting replicas
        raft/chaos-5
          shown        3     3    0.12    0.12   1/1  all servers agree once the world
                                                      has healed
          hidden     >60   >60    1.40    1.40   0/1  -
        kvraft/snapshot-unreliable-recover-partition
          -            3     3    0.12    0.12   1/1  all servers agree once the world
                                                      has healed (false alarms: 1)
        the official tests: missed in 3 passes (4.00 s each)
        the course's suite in Go: never in 3 passes of six minutes"
    `);
  });

  test('in 160 columns a line has all', () => {
    const healed =
      /^ {2}raft\/chaos-5 +shown +3 +3 +0.12 +0.12 +1\/1 {2}all servers agree .* healed$/m;

    expect(table(160)).toMatch(healed);
    expect(table(160)).toMatch(/^ +hidden +>60 +>60 +1.40 +1.40 +0\/1 {2}-$/m);
  });

  test.each([80, 100, 160])('no line is longer than %d columns', (width) => {
    for (const line of table(width).split('\n')) expect(line.length).toBeLessThanOrEqual(width);
  });

  test('ends with what it comes to', () => {
    expect(headline(summariseMatrix([row], 61_000, false))).toMatchInlineSnapshot(`
      [
        "1 of 1 specimens killed (61.0 s)",
        "the median of them takes 3 seeds, the worst 3; in real time 0.12 s, the worst 0.12 s",
        "with views withheld: 0 of 1",
        "by the official tests alone: 0 of 1",
        "false alarms: 1",
      ]
    `);
  });
});

test('as Markdown a scenario is a row, and bold is what the course never caught', () => {
  const rows = markdownMatrix([row], 60)
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map((cells) => cells.slice(1, -1));

  expect(new Set(rows.map((cells) => cells.length))).toEqual(new Set([10]));
  expect(rows[2]?.slice(0, 3)).toEqual(['**R13**', row.title, '`raft/chaos-5`']);
  expect(rows[2]?.slice(6)).toEqual(['-', '>60 (>60, 0/1)', '1.40', '0/3 missed']);
  expect(rows[3]?.slice(0, 3)).toEqual(['**R13**', '', `\`${scenario}\``]);
});
