import { existsSync, mkdtempSync, rmSync, writeFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXAMPLES, start, type Outcome } from './testing/built-command.ts';

let cwd = '';
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'faultlab-debug-'));
  await faultlab('run kv/chaos --seed 3');
});
afterAll(() => rmSync(cwd, { recursive: true }));

function faultlab(line: string, input: string = ''): Promise<Outcome> {
  return start(line, { cwd, env: { COLUMNS: '80' }, input }).done;
}

describe.concurrent('replay --step', () => {
  test('obeys what comes through a pipe, and ends with it', async () => {
    const input = 'next 2\nbreak message put.reply\nc\nsx\nstate server\nfork drop 2\nsave f.json';
    const { code, out, err } = await faultlab('replay .faultlab/latest --step', input);

    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toMatch(/^0\/\d+> next 2$/m);
    expect(out).toContain('stopped by: break message put.reply');
    expect(out).toContain('no command "sx"; there are next, back');
    expect(out).toMatch(/^server$/m);
    expect(out).toContain('First difference:');
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    // The fork is a plan like any other.
    expect(existsSync(join(cwd, 'f.json'))).toBe(true);
    const diff = await faultlab('diff .faultlab/latest/plan.json f.json');
    expect(diff.code).toBe(1);
    expect(diff.out).toContain('+ override server>');
  });

  test('is refused with what makes no sense beside it', async () => {
    const { code, err } = await faultlab('replay kv/chaos --step --json');
    expect(code).toBe(64);
    expect(err).toContain('--json does not go with --step');
  });
});

describe.concurrent('diff', () => {
  test('of what was kept and today: the same, or what has changed since', async () => {
    const same = await faultlab('diff .faultlab/latest');
    expect(same.out).toMatch(/The runs are the same: \d+ events\./);
    expect(same.code).toBe(0);

    const other = await faultlab(`diff .faultlab/latest --impl ${EXAMPLES}kv-async.ts --json`);
    expect(other.code).toBe(1);
    const { first, b } = JSON.parse(other.out) as { first: object; b: object };
    expect(first).toMatchObject({ kind: 'content', words: expect.stringContaining('server') });
    expect(b).toMatchObject({ verdict: 'pass', name: expect.stringContaining('kv-async.ts') });
  });

  test.each([
    ['diff kv/chaos --seed 1 --seed 2', '\u001b[1mA\u001b[22m  kv/chaos seed 1\n'],
    ['sweep mapreduce/power-cuts --faults none --count 6', '\u001b[33m  probes: 1 of 2 hit'],
  ])('%s: colours are colours, and not spelled out', async (line, coloured) => {
    const env = { COLUMNS: '80', NO_COLOR: '', FORCE_COLOR: '1' };
    const { out } = await start(line, { cwd, env, input: '' }).done;

    expect(out).toContain(coloured);
    expect(out).not.toContain('\\u001b');
  });

  test('of a folder whose files are not of one run is refused', async () => {
    const folder = mkdtempSync(join(cwd, 'mixed-'));
    for (const name of ['result.json', 'plan.json', 'history.jsonl', 'trace.ndjson']) {
      const text = readFileSync(join(cwd, '.faultlab/kv/chaos/3', name), 'utf8');
      writeFileSync(
        join(folder, name),
        name === 'plan.json' ? text.replace('"seed": "3"', '"seed": "4"') : text,
      );
    }
    const { code, err } = await faultlab(`diff ${folder}`);
    expect(code).toBe(64);
    expect(err).toContain('are not of one run');
  });
});
