/** A class of files, most of them broken in some way, graded by the command as it is built. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXAMPLES, start, type Outcome } from './testing/built-command.ts';

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'faultlab-grade-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const raft = `{
    start: () => ({ index: -1, term: 0, isLeader: false }),
    getState: () => ({ term: 0, isLeader: false }),
    snapshot() {},
    handlers: {},
  }`;

/** A Raft that does this when it starts, in the third line of its file. */
const raftThat = (does: string): string => `// A class of one's own.
export function makeRaft(env: any, peers: any, me: number) {
  ${does}
  return ${raft};
}
`;

const ours = (does: string): string => `import { makeRaft as right } from 'faultlab/raft';
let made = 0;
export function makeRaft(...args: Parameters<typeof right>) {
  ${does}
  return right(...args);
}
`;

/** Files, and what their lines say. */
const CLASS: Readonly<Record<string, readonly [source: string, says: RegExp]>> = {
  'compile.ts': ['export const makeRaft = (;\n', /cannot load compile\.ts:[^]*compile\.ts:1:\d+/],
  'nothing.ts': [
    'export const answer = 42;\n',
    /nothing\.ts exports answer; the tests of lab 3A are of makeRaft/,
  ],
  'text.ts': [`export const makeRaft = 'raft';\n`, /makeRaft: expected a function, got string/],
  'lacks.ts': [
    'export const makeRaft = () => ({ start() {} });\n',
    /makeRaft must return \{start, getState, .*no getState \(lacks\.ts:1:\d+\)/,
  ],
  'throws.ts': [raftThat(`throw new Error('no room');`), /no room \(throws\.ts:3:\d+\)/],
  'no-error.ts': [
    raftThat(`throw 'no \\u001b[2J room';`),
    /no \\u001b\[2J room \(not an Error: it has no line\)/,
  ],
  'proxy.ts': [
    'throw new Proxy({}, { getPrototypeOf() { throw 2; } });\n',
    /cannot load proxy\.ts: it throws/,
  ],
  'steers-名.ts': [
    raftThat(`throw new Error('\\u001b[2J');`),
    /\\u001b\[2J \(steers-名\.ts:3:\d+\)/,
  ],
  'date.ts': [raftThat('Date.now();'), /used Date\.now\(\).* \(date\.ts:3:\d+\)/],
  'random.ts': [raftThat('Math.random();'), /used Math\.random\(\).* \(random\.ts:3:\d+\)/],
  'hangs.ts': [
    raftThat(`env.spawn('x', async () => { for (;;) await Promise.resolve(); });`),
    /did not come back .* a loop without end \(hangs\.ts:3:\d+\)/,
  ],
  'module.ts': [
    ours('if (made++ > 0) args[0].setTimer(50, () => {});'),
    /variables of a module: made \(module\.ts:2:\d+\)/,
  ],
};

const row = (csv: string, name: string): string =>
  csv.split(/\r\n(?!\s)/).find((line) => line.startsWith(`${name},`))!;

test('each file has its lines and its row, whatever is wrong with the others', async () => {
  for (const [name, [source]] of Object.entries(CLASS)) writeFileSync(join(folder, name), source);
  const line = ['grade', '*.ts', '--lab', '3A', '--count', '1', '--csv', 'grades.csv'];
  const { code, out, err } = await grade(line);

  expect({ code, err }).toEqual({ code: 1, err: '' });
  const csv = readFileSync(join(folder, 'grades.csv'), 'utf8');
  const blocks = new Map(
    out
      .split(/\n(?= \w)/)
      .map((block) => [block.trim().split(' ')[0]!, block.replace(/\n +/g, ' ')]),
  );
  for (const [name, [, says]] of Object.entries(CLASS)) {
    expect(blocks.get(name)).toMatch(says);
    expect(row(csv, name)).toBeDefined();
  }
  // What outlives a node is odd, and breaks nothing here.
  expect(row(csv, 'module.ts')).toMatch(/^module\.ts,[0-9a-f]{12},100,4,4,4 of 4,,keeps state/);
  expect(row(csv, 'date.ts')).toMatch(/^date\.ts,[0-9a-f]{12},0,0,4,0 of 4,"?leak: /);
  expect(row(csv, 'text.ts')).toMatch(/^text\.ts,,,,,,,,"text\.ts: makeRaft: expected a function/);
});

test('one file: a table, a score, what broke, and the smallest plan that shows it', async () => {
  const source = readFileSync(join(EXAMPLES, 'raft-async.ts'), 'utf8');
  const wrong = source.replace('const isFree = votedFor === undefined', 'const isFree = true');
  expect(wrong).not.toBe(source);
  writeFileSync(join(folder, 'votes.mts'), wrong);
  const { code, out } = await grade([
    'grade',
    '--impl',
    'votes.mts',
    '--lab',
    '3A',
    '--count',
    '4',
  ]);

  expect(code).toBe(1);
  expect(out).toMatch(/^ raft\/election-chaos {2}.*FAIL \d+\/\d+ seeds: /m);
  expect(out).toMatch(/^ score \d\d?: \d of 4 tests count \(\d of 3 official, 0 of 1 beyond\)$/m);
  expect(out).toMatch(/broken +a server votes once in a term/);
  expect(out).toMatch(/said in +Raft §5\.2/);
  const replay = /replay +npx faultlab replay (\S+)/.exec(out)![1]!;
  expect((await grade(['replay', replay])).out).toContain('VIOLATION');
});

test('a table in the place of what is graded is refused: nothing is lost', async () => {
  writeFileSync(join(folder, 'mine.mts'), 'export const makeRaft = 1;');
  const { code, err } = await grade(['grade', 'mine.mts', '--csv', './mine.mts']);

  expect(code).toBe(64);
  expect(err).toContain('--csv: ./mine.mts is what is to be graded');
  expect(readFileSync(join(folder, 'mine.mts'), 'utf8')).toBe('export const makeRaft = 1;');
});

test('a file that cannot be loaded: 64, and nothing on stdout', async () => {
  const { code, out, err } = await grade(['grade', 'nowhere.ts']);

  expect({ code, out }).toEqual({ code: 64, out: '' });
  expect(err).toBe('faultlab: nowhere.ts: cannot be read: no such file\n');
});

async function grade(line: readonly string[]): Promise<Outcome> {
  return await start(line, { cwd: folder, env: { COLUMNS: '100' } }).done;
}
