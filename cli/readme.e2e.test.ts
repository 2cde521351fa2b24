/** What the README says is so: its screen, its example, its commands. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import ts from 'typescript';
import { afterAll, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
const folder = mkdtempSync(path.join(tmpdir(), 'faultlab-readme-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function node(...args: string[]): { status: number | null; stdout: string } {
  return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
}

const command = path.join(root, 'dist', 'cli', 'main.js');

test('the first screen ends well, and is the one that the README promises', () => {
  const { status, stdout } = node(command, 'demo');
  expect(status).toBe(0);
  // Real time is another on every machine; all else is the same.
  const timeless = (text: string): string =>
    text.replaceAll(/ +[\d.]+ (s|min)(?= +pass$)/gm, ' ...');
  const promised = /^The official tests once [^]*?^ digest [0-9a-f]{16} /m.exec(readme)?.[0] ?? '-';
  expect(timeless(stripVTControlCharacters(stdout))).toContain(timeless(promised));
  expect(stdout).toContain('VIOLATION');
});

test('the world by hand runs as it stands', () => {
  const example = /```ts\n([^]*?)\n```/.exec(readme)?.[1] ?? '';
  const { outputText } = ts.transpileModule(example, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
  });
  // Inside the package, so that it can import the package by its name.
  const file = path.join(root, 'dist', 'readme-example.mjs');
  writeFileSync(file, outputText);
  const { status, stdout } = node(file);
  rmSync(file);
  expect(stdout).toMatch(/^[0-9a-f]{16} fine\n$/);
  expect(status).toBe(0);
});

test('every command that the README names is there, with its options', () => {
  const lines = [...readme.matchAll(/npx faultlab ([a-z]+)([^`\n]*)/g)];
  expect(lines.length).toBeGreaterThan(10);
  for (const [line, name = '', rest = ''] of lines) {
    const help = node(command, name, '--help');
    const options = [...rest.matchAll(/--[a-z]+/g)].map(([option]) => option);
    const missing = options.filter((option) => !help.stdout.includes(option));
    expect({ line, status: help.status, missing }).toEqual({ line, status: 0, missing: [] });
  }
});
