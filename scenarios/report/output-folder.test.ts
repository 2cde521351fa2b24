import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { quietPlan, Trace } from '../../sim/index.ts';
import type { HistoryLine } from '../define/history.ts';
import type { Plan } from '../define/plan.ts';
import type { RunResult } from '../define/result.ts';
import type { JobReport } from '../runner/node-target.ts';
import { prepareFolder, runFolder, writeRun } from './node-output-folder.ts';

let root = '';
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'faultlab-output-'))));
afterEach(() => rmSync(root, { recursive: true }));

const plan: Plan = {
  format: 1,
  kind: 'plan',
  faultlab: '0',
  scenario: 'a/b',
  seed: '1',
  ...quietPlan('1'),
  params: {},
  clients: [],
};
const report: JobReport = {
  plan,
  result: {} as RunResult,
  unmatchedOverrides: 0,
  unmatchedTargets: [],
  history: [],
  trace: new Trace('off').toColumns(),
  fates: [],
  outputs: [],
  spans: [],
};

test('the last of several runs is the one that latest points to, and nothing else is left', () => {
  for (const seed of ['1', '2']) writeRun(runFolder('a/b', seed, root), report, root);

  expect(readlinkSync(join(root, 'latest'))).toMatch(/a.b.2$/);
  expect(readdirSync(root).toSorted()).toEqual(['a', 'latest']);
});

test('a history of several megabytes is written line by line, and nothing is lost', () => {
  const history = Array.from({ length: 3000 }, (_, id): HistoryLine => {
    const input = { value: 'x'.repeat(1000) };
    return { id, client: 'c', input, invoked: id, invokedUs: id, status: 'pending' };
  });
  const folder = runFolder('a/b', '1', root);
  writeRun(folder, { ...report, history }, root);
  const lines = readFileSync(join(folder, 'history.jsonl'), 'utf8').split('\n');

  expect(JSON.parse(lines[0]!)).toMatchObject({ kind: 'history', seed: '1' });
  expect(lines.slice(1, -1).map((line) => JSON.parse(line) as HistoryLine)).toEqual(history);
  expect(lines.at(-1)).toBe('');
});

test('a folder in the way of latest is said by name, and nothing is left beside it', () => {
  mkdirSync(join(root, 'latest', 'own'), { recursive: true });

  expect(() => writeRun(runFolder('a/b', '1', root), report, root)).toThrow(
    /latest: cannot be written/,
  );
  expect(readdirSync(root).toSorted()).toEqual(['a', 'latest']);
});

test('a seed may hold half a character', () => {
  expect(runFolder('a/b', '\uD800x', root)).toBe(runFolder('a/b', '\uFFFDx', root));
});

// Root may write anywhere.
test.skipIf(process.getuid?.() === 0)('a folder that is there, but read-only, is refused', () => {
  const folder = runFolder('a/b', '1', root);
  prepareFolder(folder);
  chmodSync(folder, 0o555);
  expect(() => prepareFolder(folder)).toThrow(/cannot be written/);
});
