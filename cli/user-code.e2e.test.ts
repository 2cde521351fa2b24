import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXAMPLES, start, type Outcome } from './testing/built-command.ts';

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'faultlab-user-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const faultlab = (line: string, cwd = folder): Promise<Outcome> => start(line, { cwd }).done;

function fileOf(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

/** A server whose puts do something of their own. */
const serverThat = (put: string): string => `
export const makeKvServer = (env) => ({ handlers: {
  get: () => ({ value: '', version: 0, err: 'ErrNoKey' }),
  put: () => { ${put} },
} });`;

type Json = Record<string, unknown>;
const jsonLines = (out: string): Json[] =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Json);

describe('code of one’s own', () => {
  test('a scenario by its path', async () => {
    const { code, out } = await faultlab(`sweep ${EXAMPLES}counter.scenario.ts --count 10`);

    expect(out).toMatch(/^pass {2}counter\/exactly-once {2}10 seeds/);
    expect(out).toMatch(/probes: 1 of 1 hit/);
    expect(code).toBe(0);
  });

  test('an implementation: it passes, and the repro line names it with its hash', async () => {
    const impl = `${EXAMPLES}kv-async.ts`;
    const { code, out } = await faultlab(`run lock/chaos --impl ${impl} --json`);
    const { verdict, repro } = JSON.parse(out) as Record<string, string>;

    expect([code, verdict]).toEqual([0, 'pass']);
    expect(repro).toContain(`--impl ${impl}`);
    expect(repro).toMatch(/# faultlab \S+, code \S+-[0-9a-f]{12}$/);
  });

  test('a plan that is no plain data is refused, by a run and by a sweep', async () => {
    const source = readFileSync(join(EXAMPLES, 'counter.scenario.ts'), 'utf8');
    const planless = source.replace(/plan\([^)]*\) \{/, '$& return { clients: [() => 1] };');
    expect(planless).not.toBe(source);
    const file = fileOf('function.scenario.ts', planless);
    for (const command of ['run', 'sweep']) {
      const { code, err } = await faultlab(`${command} ./${file}`);

      expect(err).toContain('plan() must return plain data');
      expect(code).toBe(64);
    }
  });

  test('its assertion that fails is told like one of ours', async () => {
    const source = readFileSync(join(EXAMPLES, 'counter.scenario.ts'), 'utf8');
    const file = fileOf(
      'twice.scenario.ts',
      source.replace('done.set(id, by);', 'done.set(id + env.now(), by);'),
    );
    const { code, out } = await faultlab(`sweep ./${file} --count 5`);

    expect(code).toBe(1);
    expect(out).toContain('every addition counts once');
    expect(out).toMatch(/npx faultlab run \.\/twice\.scenario\.ts --seed \d/);
  });

  test('a crash has stack, node, incarnation and virtual time; the sweep goes on', async () => {
    const impl = fileOf('throws.ts', serverThat(`throw new TypeError('no such thing');`));
    const { code, out } = await faultlab(`sweep kv/reliable-put --impl ${impl} --count 3`);

    expect(code).toBe(1);
    expect(out).toMatch(/^CRASH {2}kv\/reliable-put {2}3 seeds, 3 not as expected/);
    expect(out).toContain('TypeError: no such thing');
    expect(out).toMatch(/server#1 at 0\.\d{6} s/);
    expect(out).toMatch(/at put \(throws\.ts:4:\d+\)/);
  });

  test('that ends its worker: a crash with its place; the next seed runs', async () => {
    // What process.exit, which is guarded, comes down to.
    const impl = fileOf('exits.js', serverThat('globalThis.process.reallyExit(0);'));
    const { code, out } = await faultlab(`sweep kv/chaos --impl ${impl} --count 3 --json`);
    const runs = jsonLines(out).filter((line) => 'seed' in line);

    expect(runs.map(({ seed }) => seed)).toEqual(['1', '2', '3']);
    for (const run of runs) {
      expect(run).toMatchObject({ verdict: 'crash', check: 'worker exited' });
      expect(run['reason']).toMatch(/^server#1 at \d\.\d{6} s ended its worker with code 0$/);
      expect(run['event']).toBeGreaterThan(0);
    }
    expect(code).toBe(1);
  });

  test('that ends its worker now and then: only those seeds crash, none is lost', async () => {
    const now = 'if (env.now() < 0.09) globalThis.process.reallyExit(0);';
    const impl = fileOf('exits-early.js', serverThat(`${now} return { err: 'OK' };`));
    const { out } = await faultlab(`sweep kv/chaos --impl ${impl} --count 40 --jobs 1 --json`);
    const runs = jsonLines(out).filter((line) => 'seed' in line);
    const crashed = runs.filter(({ check }) => check === 'worker exited');

    expect(runs.map(({ seed }) => seed)).toEqual(Array.from({ length: 40 }, (_, i) => `${i + 1}`));
    expect(crashed.length).toBeGreaterThan(0);
    expect(crashed.length).toBeLessThan(20);
    for (const { reason } of crashed) expect(reason).toMatch(/^server#\d+ at \d\.\d{6} s/);
    for (const run of runs.filter((one) => !crashed.includes(one))) {
      expect(run['digest']).toMatch(/^[0-9a-f]{16}$/);
    }
  });

  test('that throws what cannot be shown: a crash, and the next seed runs', async () => {
    const impl = fileOf('odd.js', serverThat('throw Object.create(null);'));
    const { code, out } = await faultlab(`sweep kv/chaos --impl ${impl} --count 3 --json`);
    const runs = jsonLines(out).filter((line) => 'seed' in line);

    expect(runs.map(({ verdict }) => verdict)).toEqual(['crash', 'crash', 'crash']);
    expect(runs[0]?.['reason']).toBe(
      'something that cannot be shown (not an Error: it has no line)',
    );
    expect(code).toBe(1);
  });

  test('whose check changes its mind: verify finds it, though digests agree', async () => {
    const judge = `({ verdict: 'violation', message: 'side ' + 'ab'[side()] })`;
    const path = fileOf(
      'coin.scenario.js',
      `import { defineScenario, z } from 'faultlab/scenarios';
      let tosses = 0;
      const side = () => tosses++ % 2;
      const checks = [{ name: 'coin', description: '', judge: () => ${judge} }];
      export default defineScenario({ name: 'own/coin', description: '', layers: {}, checks,
        params: z.object({}), setup(t) { t.addClient('c', () => {}); } });`,
    );
    const { code, out } = await faultlab(`verify ${path}`);

    expect(out).toMatch(/^NONDETERMINISTIC/);
    expect(code).toBe(3);
  });

  test('what it prints goes to stderr: stdout carries data', async () => {
    const impl = fileOf('prints.ts', serverThat(`console.log('hello'); return { err: 'OK' };`));
    const { out, err } = await faultlab(`run kv/reliable-put --impl ${impl} --json`);

    expect(() => JSON.parse(out) as unknown).not.toThrow();
    expect(err).toContain('hello');
  });
});

describe('code that does not come back', () => {
  test('a loop without end, for one seed: a crash with its place; the next seed runs', async () => {
    // The first put of seed 1 arrives within this time, that of seed 2 before it.
    const impl = fileOf(
      'loops.ts',
      serverThat(`if (env.now() > 0.3 && env.now() < 0.7) for (;;) {} return { err: 'OK' };`),
    );
    const { code, out } = await faultlab(`sweep kv/reliable-put --impl ${impl} --count 2 --json`);
    const [first, second, last] = jsonLines(out);

    expect(code).toBe(1);
    expect(first).toMatchObject({ seed: '1', verdict: 'crash', check: 'hang' });
    expect(first?.['where']).toMatch(/^server#1 at 0\.\d{6} s$/);
    expect(first?.['repro']).toContain('--seed 1 --impl loops.ts');
    expect(second).toMatchObject({ seed: '2', verdict: 'violation' });
    expect(last).toMatchObject({ summary: { verdict: 'crash', seeds: 2, failures: 2 } });
  });

  test.each([
    ['in many arrays', 'new Array(100_000).fill(all.length + 0.5)'],
    // V8 would end the process for want of room for one of them.
    ['in large arrays', 'new Array(10_000_000).fill(all.length + 0.5)'],
    ['outside of the heap', 'new Uint8Array(50_000_000).fill(1)'],
  ])('one that eats all memory, %s: a crash, too, and the next seed runs', async (_where, what) => {
    const impl = fileOf('eats.ts', serverThat(`const all = []; for (;;) all.push(${what});`));
    const { code, out } = await faultlab(
      `sweep kv/reliable-put --impl ${impl} --count 2 --jobs 1 --json`,
    );
    const lines = jsonLines(out);

    expect(code).toBe(1);
    expect(lines).toHaveLength(3);
    for (const result of lines.slice(0, 2)) {
      expect(result).toMatchObject({ verdict: 'crash', check: 'out of memory' });
      expect(result['where']).toMatch(/^server#1 at 0\.\d{6} s$/);
    }
  });
});

/** Resolves once the process has written so much to its output, or is gone. */
async function untilOutput(child: ChildProcess, bytes: number): Promise<void> {
  let seen = 0;
  while (seen < bytes && child.exitCode === null) {
    const [chunk] = (await once(child.stdout!, 'data')) as [string];
    seen += chunk.length;
  }
}

/** A module for a command to begin with: it writes a letter once Ctrl-C is listened to. */
const TELLS_OF_LISTENING =
  "data:text/javascript,process.on('newListener',(e)=>e==='SIGINT'&&process.stderr.write('c'))";

describe('Ctrl-C', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s during a sweep: at once, with what was done, exit 130',
    async (signal) => {
      const { child, done } = start('sweep kv/chaos --count 100000 --json', { cwd: folder });
      await untilOutput(child, 2000);
      const asked = performance.now();
      child.kill(signal);
      const { code, out } = await done;
      const lines = jsonLines(out);
      const { summary } = lines.at(-1) as { summary: Record<string, unknown> };

      expect(performance.now() - asked).toBeLessThan(1000);
      expect(code).toBe(130);
      expect(lines.length).toBeGreaterThan(2);
      expect(summary).toMatchObject({
        isInterrupted: true,
        exitCode: 130,
        seeds: lines.length - 1,
      });
    },
  );

  test.each([
    ['runs', serverThat('for (;;) {}')],
    ['is loaded', 'for (;;) {}\nexport const makeKvServer = 1;'],
  ])('it answers while code loops that %s', async (_what, text) => {
    const { child, done } = start(`run kv/reliable-put --impl ${fileOf('stuck.ts', text)}`, {
      cwd: folder,
      env: { NODE_OPTIONS: `--import=${TELLS_OF_LISTENING}` },
    });
    await once(child.stderr!, 'data');
    // By then it is stuck, or about to be.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const asked = performance.now();
    child.kill('SIGINT');
    const { code } = await done;

    expect(performance.now() - asked).toBeLessThan(1000);
    expect(code).toBe(130);
  });
});

test('a reader that stops reading is no error, and the rest is not done', async () => {
  const { child, done } = start('sweep kv/reliable-put --count 5000 --json', { cwd: folder });
  await untilOutput(child, 1);
  child.stdout?.destroy();
  const { code, err } = await done;

  expect(err).toBe('');
  // What it had begun it has not finished.
  expect(code).toBe(130);
});

test('only a run with something to show leaves a folder', async () => {
  const cwd = mkdtempSync(join(folder, 'clean-'));
  await faultlab('list', cwd);
  await faultlab('run kv/chos', cwd);

  expect(existsSync(join(cwd, '.faultlab'))).toBe(false);
});
