import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completionScripts, shells, type Shell } from './completion-scripts.ts';
import { exampleCommands } from './examples.ts';
import { start } from './testing/built-command.ts';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultlab-shell-'));
  symlinkSync(process.execPath, join(folder, 'node'));
  const text = `#!/bin/sh\nexec node '${MAIN}' "$@"\n`;
  writeFileSync(join(folder, 'faultlab'), text, { mode: 0o755 });
});
afterAll(() => rmSync(folder, { recursive: true }));

function shell(name: Shell, ...args: readonly string[]): { out: string; err: string } {
  const path = `${folder}${delimiter}${process.env['PATH']}`;
  const options = { cwd: folder, encoding: 'utf8', env: { ...process.env, PATH: path } } as const;
  const { stdout, stderr } = spawnSync(name, args, options);
  return { out: stdout, err: stderr };
}

const has = (name: Shell): boolean => spawnSync(name, ['--version']).status === 0;

/** What bash offers for each of these lines, with the script that the command prints. */
function inBash(...lines: readonly string[]): string[] {
  const asked = lines.map((line) => {
    const words = line.split(' ');
    return `COMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}
      _faultlab faultlab; echo "\${COMPREPLY[@]}"`;
  });
  const script = ['eval "$(faultlab completion bash)"', ...asked].join('\n');
  const { out, err } = shell('bash', '-c', script);
  expect(err).toBe('');
  return out.trim().split('\n');
}

describe('completion', () => {
  test.skipIf(!has('bash'))('in bash: commands, scenarios, options and files', () => {
    expect(inBash('faultlab repl', 'faultlab run kv/ch', 'faultlab replay faultl')).toEqual([
      'replay',
      'kv/chaos',
      'faultlab',
    ]);
  });

  test.skipIf(!has('fish'))('in fish, as it completes a line', () => {
    const { out } = shell(
      'fish',
      '-c',
      `faultlab completion fish | source; complete -C 'faultlab replay --perf'`,
    );
    expect(out.trim()).toBe('--perfetto');
  });

  test.each(shells.filter(has))('the script for %s is one', (name) => {
    const file = join(folder, `script.${name}`);
    writeFileSync(file, completionScripts[name]);
    expect(shell(name, '-n', file)).toEqual({ out: '', err: '' });
  });
});

test.concurrent.each(exampleCommands)(
  'the help of %s begins with examples of what there is',
  async (command) => {
    const env = { COLUMNS: '80' };
    const words = command === 'matrix' ? `specimens ${command}` : command;
    const { out } = await start(`${words} --help`, { cwd: folder, env }).done;
    const [examples = '', help = ''] = out.split('Usage: ');

    expect(examples).toMatch(/^Examples:\n {2}faultlab /);
    expect(examples.split('\n').filter((line) => line.length > 80)).toEqual([]);
    for (const [option] of examples.matchAll(/--[a-z-]+/g)) expect(help).toContain(`${option} `);
  },
);

test('doctor finds the runs of this machine to be those of every machine', async () => {
  const { code, out } = await start('doctor --json', { cwd: folder }).done;
  expect(JSON.parse(out)).toMatchObject({
    kind: 'doctor',
    node: process.versions.node,
    isDeterministic: true,
  });
  expect(code).toBe(0);
});
