/** What sweeps keep: shared by machines, cut off, gone on with, merged. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EXAMPLES, start, type Outcome } from './testing/built-command.ts';

let root = '';
beforeEach(() => (root = mkdtempSync(path.join(tmpdir(), 'faultlab-sweeps-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** In a folder of its own, as on a machine of its own. */
async function on(machine: string, line: string, env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const cwd = path.join(root, machine);
  mkdirSync(cwd, { recursive: true });
  return start(line, { cwd, env }).done;
}

const kept = (name: string): string =>
  readFileSync(path.join(root, name), 'utf8').replaceAll(/"wallMs":\d+/g, '"wallMs":0');

/** Without the first line, which says which part it is, and the summary. */
const results = (name: string): string[] => kept(name).split('\n').slice(1, -2);

const WHOLE = 'sweep lock/chaos --count 40 --specimen LK1';
const FILE = '.faultlab/lock/chaos/sweep.jsonl';

test('the shards of a sweep, merged, are the sweep', async () => {
  const whole = await on('all', `${WHOLE} --json`);
  const env = (task: number): NodeJS.ProcessEnv => {
    return { SLURM_ARRAY_TASK_ID: String(task), SLURM_ARRAY_TASK_COUNT: '3' };
  };
  for (const task of [0, 1, 2]) await on(`${task}`, `${WHOLE} --shard auto`, env(task));
  const missing = await on('.', 'report merge 0 2 --out merged');
  const merged = await on('.', 'report merge 2 0 1 --out merged --json');
  const again = await on('.', 'report merge 0 1 2 --out merged');

  const told = ({ out }: Outcome): unknown[] =>
    out
      .replaceAll(/"wallMs":\d+/g, '"wallMs":0')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as unknown);
  expect(missing.err).toContain('seeds 14..26 are missing: of the shards 2/3');
  expect([missing.code, again.code]).toEqual([64, 64]);
  expect(again.err).toContain('is there already');
  expect([merged.code, told(merged)]).toEqual([whole.code, told(whole)]);
  expect(results('merged/lock/chaos/sweep.jsonl')).toEqual(results(`all/${FILE}`));
});

test('a sweep that was killed goes on, and comes to what it would have', async () => {
  await on('whole', 'sweep kv/chaos --count 150 --jobs 2');
  const cwd = path.join(root, 'killed');
  mkdirSync(cwd);
  const file = path.join(cwd, '.faultlab/kv/chaos/sweep.jsonl');
  const { child, done } = start('sweep kv/chaos --count 150 --jobs 2', { cwd });
  while (!existsSync(file) || readFileSync(file, 'utf8').split('\n').length < 20) await sleep(10);
  child.kill('SIGKILL');
  await done;
  const left = readFileSync(file, 'utf8').split('\n').length;
  appendFileSync(file, '{"seed":"9","verd');
  const shown = await on('killed', 'report show');
  const other = await on('killed', 'sweep kv/chaos --count 150 --profile lan --resume');
  const resumed = await on('killed', 'sweep kv/chaos --count 150 --resume');

  expect(left).toBeLessThan(150);
  expect(shown).toMatchObject({ code: 130, out: expect.stringContaining('interrupted') as string });
  expect(other.code).toBe(64);
  expect(other.err).toMatch(/cannot be gone on with: its settings: none .*, here --profile lan/);
  expect(resumed.code).toBe(0);
  expect(kept('killed/.faultlab/kv/chaos/sweep.jsonl')).toBe(
    kept('whole/.faultlab/kv/chaos/sweep.jsonl'),
  );
});

/** What each system sets for the second of four machines. */
const SYSTEMS: readonly (readonly [name: string, NodeJS.ProcessEnv])[] = [
  ['a matrix of GitHub', {}],
  ['GitLab', { CI_NODE_INDEX: '2', CI_NODE_TOTAL: '4' }],
  [
    'a Slurm array',
    { SLURM_ARRAY_TASK_ID: '2', SLURM_ARRAY_TASK_COUNT: '4', SLURM_ARRAY_TASK_MIN: '1' },
  ],
  ['GNU parallel', {}],
  ['an Indexed Job of Kubernetes', { JOB_COMPLETION_INDEX: '1' }],
];

test.each(SYSTEMS)('the line for %s runs its shard', async (name, env) => {
  const doc = readFileSync(new URL('../docs/sweeps.md', import.meta.url), 'utf8');
  const row = doc.split('\n').find((line) => line.startsWith(`| ${name}`))!;
  const [, words = ''] =
    /npx faultlab (sweep .*? --shard \S*?(?:\{\{.*?\}\}|\{\})?[/\w]*)["` ]/.exec(row)!;
  const line = words
    .replace('raft/chaos-5 --count 10000', 'kv/chaos --count 4')
    .replace(/\$\{\{ matrix.shard \}\}|\{\}/, '2');
  const { code, err } = await on('one', line, env);

  expect([code, err]).toEqual([0, '']);
  expect(kept('one/.faultlab/kv/chaos/sweep-2-of-4.jsonl')).toContain('"seeds":"2..2"');
});

test('a sweep that was killed before it kept anything begins anew', async () => {
  for (const left of ['', '{"format":1,"kind":"swe']) {
    mkdirSync(path.join(root, 'a/.faultlab/lock/chaos'), { recursive: true });
    writeFileSync(path.join(root, `a/${FILE}`), left);
    expect((await on('a', 'sweep lock/chaos --count 1 --resume')).code).toBe(0);
  }
});

test('what a sweep cannot go on with is said before it goes on with another', async () => {
  await on('a', 'sweep kv/chaos --count 1');
  const before = kept('a/.faultlab/kv/chaos/sweep.jsonl');
  const { code, out, err } = await on('a', 'sweep lock/chaos kv/chaos --count 2 --resume');

  expect([code, out]).toEqual([64, '']);
  expect(err).toContain('cannot be gone on with: its seeds of the whole: 1..1, here 1..2');
  expect(kept('a/.faultlab/kv/chaos/sweep.jsonl')).toBe(before);
});

test('a scenario of one’s own that was changed is another one', async () => {
  mkdirSync(path.join(root, 'a'));
  const file = path.join(root, 'a/own.scenario.ts');
  const text = readFileSync(`${EXAMPLES}counter.scenario.ts`, 'utf8');
  writeFileSync(file, text);
  await on('a', 'sweep ./own.scenario.ts --count 1');
  writeFileSync(file, `${text}\nexport const changed = true;\n`);
  const { code, err } = await on('a', 'sweep ./own.scenario.ts --count 1 --resume');

  expect(code).toBe(64);
  expect(err).toMatch(/cannot be gone on with: its code under test: \S+, here \S+\. Without/);
});

test('a sweep ends with the n-th failure, however many workers share it', async () => {
  const one = await on('one', `${WHOLE} --bail 2 --jobs 1`);
  await on('three', `${WHOLE} --bail 2 --jobs 3`);
  const more = await on('one', `${WHOLE} --resume --bail 3`);
  const less = await on('one', `${WHOLE} --resume --bail`);

  expect(one.out).toContain('ended with a failure, as --bail asks');
  expect(results(`three/${FILE}`).length).toBe(5);
  // Nothing that was done is thrown away.
  expect(more.out).toContain('8 seeds, 3 not as expected');
  expect(less.out).toContain('8 seeds, 3 not as expected');
  expect(results(`one/${FILE}`).slice(0, 5)).toEqual(results(`three/${FILE}`));
});

test('reporters: dots for people, annotations for a service, and files', async () => {
  const files = '--reporter junit=out/j.xml --reporter html=out/page.html';
  const dots = await on('a', `${WHOLE} --reporter dot ${files}`);
  const env = { GITHUB_STEP_SUMMARY: path.join(root, 'summary.md') };
  const github = await on('a', 'report show --reporter github', env);

  expect(dots.out).toMatch(/^lock\/chaos {2}1\.\.40\n\.\.V\.V\.\.V[.V]{32}\nVIOLATION/);
  expect(kept('a/out/j.xml')).toMatch(/<testsuite name="lock\/chaos" tests="40" failures="1\d"/);
  expect(kept('a/out/page.html')).toContain('mutual exclusion');
  expect(github.out).toMatch(/\n::error title=lock\/chaos seed 5%3A mutual exclusion::partition/);
  expect(kept('summary.md')).toContain('| lock/chaos | VIOLATION | 40 |');
});

test('a full disk is said, and what was kept before is still there', async () => {
  const folder = path.join(root, 'full/.faultlab/kv/chaos');
  mkdirSync(folder, { recursive: true });
  symlinkSync('/dev/full', path.join(folder, 'sweep.jsonl'));
  const { code, err } = await on('full', 'sweep kv/chaos --count 5');

  expect(code).toBe(64);
  expect(err).toMatch(/sweep\.jsonl: cannot be written: ENOSPC/);
});
