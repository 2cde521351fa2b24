/** `check` starts quickly: what it loads, and what its help says without loading it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { historyFormats, models } from '../porcupine-ts/index.ts';
import { start } from './testing/built-command.ts';

const root = path.resolve(import.meta.dirname, '..');
const folder = mkdtempSync(path.join(tmpdir(), 'faultlab-start-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes the address of every module that is loaded to a file. */
const LOADER = `
import { appendFileSync } from 'node:fs';
export async function load(url, context, next) {
  appendFileSync(process.env.LOADED_FILE, url + '\\n');
  return next(url, context);
}`;

/** The modules that a command loads, by their paths from the root of the project. */
function loadedBy(...words: readonly string[]): string[] {
  const file = path.join(folder, 'loaded.txt');
  writeFileSync(file, '');
  const hook = path.join(folder, 'hook.mjs');
  const address = `data:text/javascript,${encodeURIComponent(LOADER)}`;
  writeFileSync(
    hook,
    `import { register } from 'node:module'; register(${JSON.stringify(address)});`,
  );
  const main = path.join(root, 'dist', 'cli', 'main.js');
  const args = ['--import', pathToFileURL(hook).href, main, ...words];
  spawnSync(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, LOADED_FILE: file },
  });
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((url) => url.replace(pathToFileURL(root).href, '').replace(/^\/dist/, ''));
}

test('check loads the checker and what prints its verdict, and no simulator', () => {
  const history = path.join(folder, 'h.jsonl');
  const line = { client: 1, call: 0, return: 1, op: 'get', key: 'k' };
  const output = { value: '', version: 0, error: 'ErrNoKey' };
  writeFileSync(history, JSON.stringify({ ...line, output }));
  const loaded = loadedBy('check', history);

  expect(loaded).toContain('/porcupine-ts/check.js');
  const packages = loaded.flatMap((url) => /\/node_modules\/([^/]+)/.exec(url)?.[1] ?? []);
  expect([...new Set(packages)].toSorted()).toEqual(['commander', 'picocolors']);
  // The names of trace levels and topics, and what ShiViz has to be told, which help texts have.
  const heavy = loaded.filter((url) => /^\/(sim|kvsrv|raft|scenarios)\//.test(url));
  expect(heavy.toSorted()).toEqual([
    '/scenarios/define/result.js',
    '/scenarios/define/version.js',
    '/scenarios/report/exit-code.js',
    '/scenarios/report/export/shiviz-regexp.js',
    '/scenarios/report/json.js',
    '/scenarios/report/text-run.js',
    '/sim/trace/level.js',
    '/sim/trace/topic.js',
  ]);
});

test('its help names every model and every format', async () => {
  const { out } = await start('check --help', { cwd: folder }).done;

  for (const name of Object.keys(models)) expect(out).toMatch(new RegExp(`^  ${name} {2}`, 'm'));
  for (const name of Object.keys(historyFormats)) expect(out).toContain(`"${name}"`);
});
