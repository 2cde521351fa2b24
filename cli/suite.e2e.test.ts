/** The official tests as the command shows them. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { start, type Outcome, type StartOptions } from './testing/built-command.ts';

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'faultlab-suite-'))));
afterAll(() => rmSync(folder, { recursive: true }));

/** Run the built command; each call in a folder of its own, unless one is given. */
function faultlab(
  line: string,
  { cwd = mkdtempSync(join(folder, 'run-')), ...rest }: Partial<StartOptions> = {},
): Promise<Outcome> {
  return start(line, { cwd, ...rest }).done;
}

type Json = Record<string, unknown>;
const jsonLines = ({ out }: Outcome): Json[] =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Json);

describe.concurrent('suite', () => {
  test('shows a part of a lab as a table, and nothing on stderr', async () => {
    const { code, out, err } = await faultlab('suite --lab 3a');

    expect({ code, err }).toEqual({ code: 0, err: '' });
    const rows = ['TestInitialElection3A', 'TestReElection3A', 'TestManyElections3A'];
    const table = rows.map((name) => `^ ${name} +pass( +\\d+(\\.\\d+)?){6}\\n`).join('');
    expect(out).toMatch(new RegExp(`${table} 3A: 3 of 3 pass`, 'm'));
    expect(out).toMatch(/ 19\.6 +1364$/m);
    expect(out).toMatch(/^3 of 3 tests pass: \d+ s of .* in .* s; the Go suite: 20 s$/m);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  test('as JSON: a line a test, then the summary', async () => {
    const outcome = await faultlab('suite --lab 3A --seeds v1/1..2 --json');
    const lines = jsonLines(outcome);
    const { summary } = lines.pop() as { summary: Json };

    expect(outcome.code).toBe(0);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatchObject({
      format: 1,
      test: 'TestInitialElection3A',
      scenario: 'raft/initial-election',
      lab: 3,
      part: '3A',
      verdict: 'pass',
      seeds: 2,
      passed: 2,
      simMs: expect.any(Number),
      calls: expect.any(Number),
      bytes: expect.any(Number),
      wallMs: expect.any(Number),
      course: { seconds: 3.6, calls: 106 },
      exitCode: 0,
    });
    expect(lines[0]?.['calls']).toBeGreaterThan(0);
    expect(lines[0]?.['bytes']).toBeGreaterThan(lines[0]?.['calls'] as number);
    expect(summary).toMatchObject({
      format: 1,
      verdict: 'pass',
      tests: 3,
      passed: 3,
      runs: 6,
      parts: [{ name: '3A', tests: 3, passed: 3 }],
      course: { seconds: 19.6, calls: 1364, tests: 3 },
      isInterrupted: false,
      exitCode: 0,
    });
  });

  test('gives each test the run that it has alone', async () => {
    const [[alone], rows] = await Promise.all([
      faultlab('run TestBackup3B --seed 3 --json').then(jsonLines),
      faultlab('suite --lab 3B --seeds 3 --json').then(jsonLines),
    ]);
    const row = rows.find((line) => line['test'] === 'TestBackup3B');

    for (const figure of ['simMs', 'calls', 'bytes']) expect(row?.[figure]).toBe(alone?.[figure]);
  });

  test('sets a param of every test', async () => {
    const set = '--set also=drift --seed';
    const [[alone], rows, table] = await Promise.all([
      faultlab(`run TestReElection3A ${set} 3 --json`).then(jsonLines),
      faultlab('suite --lab 3A --set also=drift --seeds 3 --json').then(jsonLines),
      faultlab('suite --lab 3A --set also=drift --seeds 3'),
    ]);
    const row = rows.find((line) => line['test'] === 'TestReElection3A');

    for (const figure of ['simMs', 'calls', 'bytes']) expect(row?.[figure]).toBe(alone?.[figure]);
    expect(table.out).toMatch(/^The official tests with also=drift, seed 3; /);
  });

  test('refuses a param that a test does not have', async () => {
    const { code, out, err } = await faultlab('suite --lab 3A --set also=hail');

    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(err).toContain('params of raft/initial-election: also: ');
  });

  test('judges code of a user: a pass is 0', async () => {
    const cwd = mkdtempSync(join(folder, 'home-'));
    writeFileSync(join(cwd, 'raft.ts'), `export { makeRaft } from 'faultlab/raft';`);
    const { code, out } = await faultlab('suite --lab 3A --impl raft.ts', { cwd });

    expect(code).toBe(0);
    expect(out).toMatch(/^3 of 3 tests pass/m);
  });

  test('judges code of a user: a failure is 1, with reason and command', async () => {
    const cwd = mkdtempSync(join(folder, 'home-'));
    writeFileSync(join(cwd, 'raft.ts'), LEADERLESS);
    const { code, out } = await faultlab('suite --lab 3A --impl raft.ts', { cwd });

    expect(code).toBe(1);
    expect(out).toMatch(/^ TestInitialElection3A +VIOLATION /m);
    expect(out).toMatch(/^ {3}seed 1: a leader within 5 s: no leader/m);
    expect(out).toMatch(
      /^ {3}npx faultlab run TestInitialElection3A --seed 1 --impl raft\.ts {2}# faultlab .*, co/m,
    );
    expect(out).toContain('\n 3A: 0 of 3 pass');
    expect(existsSync(join(cwd, '.faultlab', 'raft', 'initial-election', '1'))).toBe(true);
  });

  test('goes on after code that hangs', { timeout: 60_000 }, async () => {
    const cwd = mkdtempSync(join(folder, 'home-'));
    const hanging = LEADERLESS.replace(
      'getState: () =>',
      'getState: () => { for (;;) {} },\n _: () =>',
    );
    writeFileSync(join(cwd, 'raft.ts'), hanging);
    const rows = jsonLines(await faultlab('suite --lab 3A --impl raft.ts --json', { cwd }));

    expect(rows.slice(0, -1)).toMatchObject(
      [1, 2, 3].map(() => ({ verdict: 'crash', failure: { check: 'hang' } })),
    );
  });

  test('runs a specimen against the tests of its lab', async () => {
    const { child, done } = start('suite --specimen KV1 --json', { cwd: folder });
    child.stdout?.once('data', () => child.kill('SIGINT'));
    const [row] = jsonLines(await done);

    expect(row).toMatchObject({ test: 'TestReliablePut', lab: 2 });
  });

  test('Ctrl-C keeps the rows that are done; exit 130', async () => {
    const cwd = mkdtempSync(join(folder, 'home-'));
    const { child, done } = start('suite --lab 3 --count 200', { cwd });
    child.stdout?.once('data', () => child.kill('SIGINT'));
    const { code, out } = await done;

    expect(code).toBe(130);
    expect(out).toMatch(/^ TestInitialElection3A +200\/200 /m);
    expect(out).toMatch(/^interrupted: this is what was done$/m);
    expect(out).not.toContain('TestSnapshotInit3D');
  });

  test('Ctrl-C as JSON: the summary says so', async () => {
    const { child, done } = start('suite --lab 3 --count 200 --json', { cwd: folder });
    child.stdout?.once('data', () => child.kill('SIGINT'));
    const lines = jsonLines(await done);

    expect(lines.at(-1)).toMatchObject({ summary: { isInterrupted: true, exitCode: 130 } });
  });
});

/** A Raft in which nobody ever leads. */
const LEADERLESS = `
export function makeRaft() {
  return {
    start: () => ({ index: -1, term: 0, isLeader: false }),
    getState: () => ({ term: 0, isLeader: false }),
    snapshot: () => {},
    handlers: {},
  };
}
`;
