/** `check` starts quickly: what it loads, and what its help says without loading it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
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

/** The sources and packages that a command loads, by their paths from the root of the project. */
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
    .filter((url) => url.startsWith('file:'))
    .flatMap((url) => sourcesOf(fileURLToPath(url)))
    .map((source) => path.relative(root, source));
}

/** What a file of the command was built from: its source map tells. */
function sourcesOf(file: string): string[] {
  if (path.dirname(file) !== path.join(root, 'dist', 'cli')) return [file];
  const { sources } = JSON.parse(readFileSync(`${file}.map`, 'utf8')) as { sources: string[] };
  return sources.map((source) => path.resolve(path.dirname(file), source));
}

test('check loads the checker and what prints its verdict, and no simulator', () => {
  const history = path.join(folder, 'h.jsonl');
  const line = { client: 1, call: 0, return: 1, op: 'get', key: 'k' };
  const output = { value: '', version: 0, error: 'ErrNoKey' };
  writeFileSync(history, JSON.stringify({ ...line, output }));
  const loaded = loadedBy('check', history);

  expect(loaded).toContain('porcupine-ts/check.ts');
  const packages = loaded.flatMap((url) => /^node_modules\/([^/]+)/.exec(url)?.[1] ?? []);
  expect([...new Set(packages)].toSorted()).toEqual(['commander', 'picocolors']);
  // The names of trace levels and topics, and what ShiViz has to be told, which help texts have.
  const heavy = loaded.filter((url) => /^(sim|kvsrv|raft|scenarios)\//.test(url));
  expect(heavy.toSorted()).toEqual([
    'scenarios/define/result.ts',
    'scenarios/define/version.ts',
    'scenarios/report/exit-code.ts',
    'scenarios/report/export/shiviz-regexp.ts',
    'scenarios/report/json.ts',
    'scenarios/report/shell-word.ts',
    'scenarios/report/text-fold.ts',
    'scenarios/report/text-run.ts',
    'sim/trace/level.ts',
    'sim/trace/topic.ts',
  ]);
});

test('its help names every model and every format', async () => {
  const { out } = await start('check --help', { cwd: folder }).done;

  for (const name of Object.keys(models)) expect(out).toMatch(new RegExp(`^  ${name} {2}`, 'm'));
  for (const name of Object.keys(historyFormats)) expect(out).toContain(`"${name}"`);
});
