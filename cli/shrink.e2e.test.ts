import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Plan } from '../scenarios/define/plan.ts';
import type { RunResult } from '../scenarios/define/result.ts';
import { EXAMPLES, start, type Outcome } from './testing/built-command.ts';

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'faultlab-shrink-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const home = (): string => mkdtempSync(join(folder, 'home-'));

const faultlab = (line: string, cwd: string): Promise<Outcome> => start(line, { cwd }).done;

/** What `shrink --json` prints. */
interface Told extends RunResult {
  readonly isShrunk: boolean;
  readonly isInterrupted: boolean;
  readonly isMinimal: boolean;
  readonly runs: number;
  readonly before: Record<string, number>;
  readonly after: Record<string, number>;
  readonly folder: string;
  readonly saved?: string;
  readonly plan: Plan;
}
const told = ({ out }: Outcome): Told => JSON.parse(out) as Told;

const SHRINK = 'shrink lock/chaos --specimen LK5 --seed 1';

describe.concurrent('shrink', () => {
  test('of a seed: counts, what is left, and a folder that fails in the same way', async () => {
    const cwd = home();
    const { code, out, err } = await faultlab(SHRINK, cwd);
    const shrunk = join(cwd, '.faultlab', 'lock', 'chaos', '1-shrunk');

    expect(err).toBe('');
    expect(code).toBe(1);
    expect(out).toMatch(/^shrunk {2}lock\/chaos {2}seed 1 {2}mutual exclusion: acquire fits/);
    expect(out).toMatch(/^ {2}intents +36 +[1-9]$/m);
    expect(out).toMatch(/^ {2}events +\d{3} +\d\d$/m);
    expect(out).toMatch(/^ {2}\d+ runs, of at most 1000; profile \S*steady, ties fifo$/m);
    expect(out).toMatch(/^VIOLATION {2}lock\/chaos {2}seed 1 {2}mutual exclusion$/m);
    expect(out).toContain('npx faultlab replay .faultlab/lock/chaos/1-shrunk\n');
    expect(readdirSync(shrunk).toSorted()).toEqual([
      'history.jsonl',
      'plan.json',
      'result.json',
      'trace.ndjson',
    ]);
    expect(realpathSync(join(cwd, '.faultlab', 'latest'))).toBe(realpathSync(shrunk));
    const { digest } = JSON.parse(readFileSync(join(shrunk, 'result.json'), 'utf8')) as RunResult;
    const replay = await faultlab('replay .faultlab/latest', cwd);
    expect(replay).toMatchObject({ code: 1, err: '' });
    expect(replay.out).toContain(`digest ${digest}`);
    for (const line of out.split('\n').filter((text) => !text.includes('again'))) {
      expect(line.length).toBeLessThanOrEqual(100);
    }
  });

  test('shows the faults and overrides that are left, one a line', async () => {
    const storm = await faultlab('shrink lock/chaos --specimen KV9 --seed 10', home());
    const lost = await faultlab('shrink kv/unreliable-net --specimen KV1 --seed 1', home());

    expect(storm.out).toMatch(/^fault actions\n {2}\w+ +0-\d+ ms {2}crash server$/m);
    expect(lost.out).toMatch(/^overrides\n {2}server>c0 +put.reply #0 {2}lost$/m);
  });

  test('of a result folder or a plan: the same plan in, the same plan out', async () => {
    const cwd = home();
    const bySeed = told(await faultlab(`${SHRINK} --json`, cwd));
    await faultlab('run lock/chaos --specimen LK5 --seed 1', cwd);
    const byFolder = told(await faultlab('shrink .faultlab/latest --json', cwd));
    const again = told(await faultlab(`shrink ${bySeed.folder}/plan.json --json`, cwd));

    expect(bySeed).toMatchObject({ isShrunk: true, isMinimal: true, isInterrupted: false });
    expect(byFolder.plan).toEqual(bySeed.plan);
    expect(byFolder.digest).toBe(bySeed.digest);
    expect(byFolder.before['intents']).toBe(36);
    expect(again.plan).toEqual(bySeed.plan);
    expect(again.after).toEqual(again.before);
  });

  test('a plan that does not fail: says so, leaves no folder, exit 0', async () => {
    const cwd = home();
    const text = await faultlab('shrink kv/reliable-put', cwd);
    const json = await faultlab('shrink kv/reliable-put --json', cwd);

    expect(text).toMatchObject({ code: 0, err: '' });
    expect(text.out).toContain('it does not fail: there is nothing to shrink');
    expect(told(json)).toMatchObject({ isShrunk: false, verdict: 'pass' });
    expect(existsSync(join(cwd, '.faultlab'))).toBe(false);
  });

  test('within a number of runs: says when they are used up', async () => {
    const few = await faultlab('shrink kv/chaos --specimen KV1 --seed 7 --max-runs 5', home());
    const one = told(
      await faultlab('shrink kv/chaos --specimen KV1 --seed 7 --max-runs 1 --json', home()),
    );

    expect(few.code).toBe(1);
    expect(few.out).toContain('all 5 runs were used: --max-runs 25 may get further');
    expect(one).toMatchObject({ runs: 1, isMinimal: false, verdict: 'violation' });
    expect(one.after).toEqual(one.before);
  });

  test('of code of the user, who replays it with that code', async () => {
    const cwd = home();
    const wrong = readFileSync(`${EXAMPLES}kv-async.ts`, 'utf8').replace(
      '      // The test above and the write below stand under one lock.\n',
      '      this.mutex.unlock();\n      await this.mutex.lock();\n',
    );
    writeFileSync(join(cwd, 'wrong.ts'), wrong);
    const shrunk = told(
      await faultlab('shrink kv/put-concurrent-reliable --impl wrong.ts --json', cwd),
    );

    expect(shrunk.after).toMatchObject({ clients: 2, overrides: 0 });
    expect(await faultlab('replay .faultlab/latest', cwd)).toMatchObject({ code: 1, err: '' });
  });
});

describe.concurrent('a regression', () => {
  test('is stored, and fails again wherever a plan is taken', async () => {
    const cwd = home();
    const saved = await faultlab(`${SHRINK} --save`, cwd);
    const file = 'regressions/lock-chaos-LK5.json';

    expect(saved.code).toBe(1);
    expect(saved.out).toContain(`saved in ${file}`);
    expect(JSON.parse(readFileSync(join(cwd, file), 'utf8'))).toMatchObject({
      format: 1,
      kind: 'regression',
      plan: { kind: 'plan', scenario: 'lock/chaos', seed: '1', code: { specimen: 'LK5' } },
      expected: { verdict: 'violation', signature: 'mutual exclusion: acquire fits nowhere' },
    });
    const run = await faultlab(`run ${file}`, cwd);
    expect(run).toMatchObject({ code: 1, err: '' });
    expect(run.out).toContain('it fails as it did when it was stored');
    expect(existsSync(join(cwd, '.faultlab', 'lock', 'chaos', 'lock-chaos-LK5'))).toBe(true);
    expect(await faultlab(`replay ${file}`, cwd)).toMatchObject({ code: 1, err: '' });
    expect(told(await faultlab(`shrink ${file} --json`, cwd)).isShrunk).toBe(true);
  });

  test('with code that is right passes, and says that it once did not', async () => {
    const cwd = home();
    await faultlab('shrink kv/chaos --specimen KV5 --seed 2 --save mine', cwd);
    const { code, out } = await faultlab(
      `run regressions/mine.json --impl ${EXAMPLES}kv-async.ts`,
      cwd,
    );

    expect(code).toBe(0);
    expect(out).toMatch(/^pass {2}kv\/chaos/);
    expect(out).toMatch(/stored as violation, linearizable.*does not fail like that any more/);
  });

  test('names code that lies beside it by its way from here', async () => {
    const cwd = home();
    const text =
      'const never = async () => {};\n' +
      'export const makeLock = () => ({ acquire: never, release: never });';
    writeFileSync(join(cwd, 'lock.ts'), text);
    const { saved } = told(
      await faultlab('shrink lock/chaos --impl lock.ts --save none --json', cwd),
    );

    expect(saved).toBe('regressions/none.json');
    const { plan } = JSON.parse(readFileSync(join(cwd, saved ?? ''), 'utf8')) as { plan: Plan };
    expect(plan.code).toEqual({ impl: 'lock.ts' });
    expect(await faultlab(`run ${saved}`, cwd)).toMatchObject({ code: 1, err: '' });
  });

  test('is not written over another one', async () => {
    const cwd = home();
    await faultlab(`${SHRINK} --save mine`, cwd);
    const { code, out, err } = await faultlab(`${SHRINK} --save mine`, cwd);

    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(err).toContain('--save: regressions/mine.json is there already: name another');
  });
});

describe.concurrent('what cannot be shrunk is refused', () => {
  test.each([
    ['shrink none.json', /none.json: cannot be read/],
    ['shrink ./nothing', /no such file or folder/],
    ['shrink kv/chaos --max-runs many', /--max-runs: expected .*, not "many"/],
    [`${SHRINK} --save ../mine`, /--save: expected a name of letters/],
    ['shrink kv/memory-many-clerks', /measures the heap/],
  ])('%s', async (line, message) => {
    const { code, out, err } = await faultlab(line, home());

    expect(err).toMatch(message);
    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(err).not.toMatch(/^ +at |bug in Faultlab/m);
  });

  test.each([
    ['a newer regression', { kind: 'regression', format: 9 }, /format 9 is newer/],
    ['a regression without a plan', { kind: 'regression', format: 1 }, /plan: /],
    ['neither plan nor regression', { kind: 'history' }, /not a plan/],
  ])('%s', async (_what, value, message) => {
    const cwd = home();
    writeFileSync(join(cwd, 'file.json'), JSON.stringify(value));
    const { code, err } = await faultlab('shrink file.json', cwd);

    expect(err).toMatch(message);
    expect(err).toContain('file.json: ');
    expect(code).toBe(64);
  });

  test('a plan whose nodes are not there', async () => {
    const cwd = home();
    const { plan } = told(await faultlab(`${SHRINK} --json`, cwd));
    const fault = { id: 'x', kind: 'crash', atMs: 1, node: 'nobody' };
    writeFileSync(join(cwd, 'odd.json'), JSON.stringify({ ...plan, faults: [fault] }));
    const { code, err } = await faultlab('shrink odd.json', cwd);

    expect(err).toMatch(/^faultlab: odd.json: faults\[0\].*"nobody"/);
    expect(code).toBe(64);
  });

  test('code that hangs: each run of it would take its worker along', async () => {
    const cwd = home();
    const text = 'export const makeKvServer = () => { for (;;) {} };';
    writeFileSync(join(cwd, 'stuck.ts'), text);
    const { code, err } = await faultlab('shrink kv/reliable-put --impl stuck.ts', cwd);

    expect(err).toMatch(/server#1 .*did not come back.*shrink does not help here/);
    expect(code).toBe(64);
  });
});

test('Ctrl-C: what has been reached is written and shown, exit 130', async () => {
  const cwd = home();
  const line = 'shrink lock/chaos --specimen LK7 --set clients=15 --json';
  const { child, done } = start(line, { cwd });
  const shrunk = join(cwd, '.faultlab', 'lock', 'chaos', '1-shrunk');
  // The folder is made right before the first of many long runs.
  while (!existsSync(shrunk) && child.exitCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill('SIGINT');
  const outcome = await done;

  expect(outcome).toMatchObject({ code: 130, err: '' });
  expect(told(outcome)).toMatchObject({ isShrunk: true, isInterrupted: true, isMinimal: false });
  expect(readdirSync(shrunk)).toContain('plan.json');
  expect((await faultlab('replay .faultlab/latest --until 0', cwd)).code).toBe(1);
});
