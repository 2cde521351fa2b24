/** The kill matrix as the command shows it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MatrixRow, MatrixSummary } from '../../scenarios/report/matrix/kill-matrix.ts';
import { start, type Outcome } from '../testing/built-command.ts';

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'faultlab-matrix-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const matrix = (line: string): Promise<Outcome> =>
  start(`specimens matrix ${line}`, { cwd: folder }).done;

function read({ out }: Outcome): { rows: MatrixRow[]; summary: MatrixSummary } {
  const lines = out.trim().split('\n');
  const rows = lines.slice(0, -1).map((line) => JSON.parse(line) as MatrixRow);
  return { rows, ...(JSON.parse(lines.at(-1) ?? '') as { summary: MatrixSummary }) };
}

/** All but real time, in which alone two matrices may differ. */
const timeless = (rows: readonly MatrixRow[]): unknown =>
  JSON.parse(JSON.stringify(rows), (key, value: unknown) => (key === 'wallMs' ? 0 : value));

describe.concurrent('specimens matrix', () => {
  test('says how soon each is killed and by what, whatever the number of workers', async () => {
    const line = 'R13 KV1 --most 5 --ranges 2 --json';
    const [one, two] = await Promise.all([
      matrix(`${line} --jobs 1 --md table.md`),
      matrix(`${line} --jobs 2 --view`),
    ]);
    const { rows, summary } = read(one);

    expect([one, two].map((outcome) => outcome.err)).toEqual(['', '']);
    expect(one.code).toBe(0);
    expect(rows.map(({ specimen, killed }) => [specimen, killed])).toEqual([
      ['KV1', true],
      ['R13', true],
    ]);
    const found = rows[1]!.kills.map(({ scenario, view, check }) => [scenario, view, check]);
    expect(found).toEqual([
      ['raft/figure-8-by-hand', true, 'Commit Rule'],
      ['raft/figure-8-by-hand', false, 'agreement'],
      ['raft/chaos-5', true, 'Commit Rule'],
      ['raft/chaos-5', false, null],
      ['raft/hunt-5', true, 'Commit Rule'],
      ['raft/hunt-5', false, 'agreement'],
    ]);
    expect(summary).toMatchObject({ specimens: 2, killed: 2, falseAlarms: 0, exitCode: 0 });
    const shown = rows.map((row) => {
      return { ...row, kills: row.kills.filter(({ view }) => view !== false) };
    });
    expect(timeless(read(two).rows)).toEqual(timeless(shown));
    expect(readFileSync(join(folder, 'table.md'), 'utf8')).toContain('| **R13** |');
  });

  test('a specimen that lives is told, and makes the exit code 1', async () => {
    const { code, out } = await matrix('R27 --scenario raft/chaos-3 --most 1 --ranges 1 --no-view');

    expect(code).toBe(1);
    expect(out).toMatch(/^R27 +ALIVE/m);
    expect(out).toMatch(/^0 of 1 specimens killed; alive: R27/m);
  });
});
