import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunResult } from '../define/result.ts';
import type { SweepHeader } from '../define/sweep-file.ts';
import { StoredSweep, SweepWriter } from './node-sweep-file.ts';
import { summarise } from './sweep-tally.ts';

let root = '';
beforeEach(() => (root = mkdtempSync(path.join(tmpdir(), 'faultlab-kept-'))));
afterEach(() => rmSync(root, { recursive: true }));

const HEADER: SweepHeader = {
  format: 1,
  kind: 'sweep',
  faultlab: '1',
  scenario: 'a/b',
  target: 'a/b',
  options: [],
  settings: '0',
  seeds: '1..9',
  whole: '1..9',
  probes: [
    { name: 'p', within: 1 },
    { name: 'q', within: 1 },
  ],
  atLeast: {},
};

function resultOf(seed: number, change: Partial<RunResult>): RunResult {
  const none = { latency: {}, activity: {}, probes: {} };
  const counts = { events: 1, simMs: 1, wallMs: 1, operations: 1, messages: 1, calls: 1, bytes: 1 };
  const said = { format: 1, scenario: 'a/b', verdict: 'pass', expected: 'pass' } as const;
  const repro = `npx faultlab run a/b --seed ${seed}  # faultlab 1`;
  const awaited = ['p', 'q'];
  return { ...said, seed: `${seed}`, digest: 'aa', ...counts, ...none, repro, awaited, ...change };
}

/** Longer than what is read at a time, of characters that are cut between two pieces. */
const RESULTS: readonly RunResult[] = [
  resultOf(1, { awaited: ['q'], reason: 'é'.repeat(1 << 20) }),
  resultOf(2, { expected: 'violation' }),
  resultOf(3, { awaited: [], reason: '€'.repeat(1 << 19) }),
];

test('results are found again as they were, wherever the file was cut off', () => {
  const file = path.join(root, 'sweep.jsonl');
  const writer = SweepWriter.create(file, HEADER);
  for (const result of RESULTS) writer.add(result);
  writer.end(summarise('a/b', RESULTS, [], false));
  const whole = StoredSweep.open(file);
  expect([...whole.results()]).toEqual(RESULTS);
  expect(whole.summary?.seeds).toBe(3);

  // In the middle of a character of the last result.
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.subarray(0, bytes.indexOf('€') + 1));
  const cut = StoredSweep.open(file);
  expect([...cut.results()]).toEqual(RESULTS.slice(0, 2));
  expect(cut.summary).toBeUndefined();

  const next = SweepWriter.goOn(cut);
  next.add(RESULTS[2]!);
  next.close();
  expect([...StoredSweep.open(file).results()]).toEqual(RESULTS);
});

test('a file that was cut off in its first line is none that was begun', () => {
  const file = path.join(root, 'sweep.jsonl');
  for (const text of ['', JSON.stringify(HEADER)]) {
    writeFileSync(file, text);
    expect(StoredSweep.openIfBegun(file)).toBeUndefined();
    expect(() => StoredSweep.open(file)).toThrow('cut off in its first line');
  }
});

test.each([
  [[2], 'seed 2 stands where 1 should'],
  [[1, 3], 'seed 3 stands where 2 should'],
  [[1, 2, 3], 'seed 3 stands where the end should'],
])('the results of seeds %j are refused of a sweep of 1 and 2', (seeds, message) => {
  const file = path.join(root, 'sweep.jsonl');
  const writer = SweepWriter.create(file, { ...HEADER, seeds: '1..2' });
  for (const seed of seeds) writer.add(resultOf(seed, {}));

  expect(() => [...StoredSweep.open(file).results()]).toThrow(message);
});

test('seeds that are no range are refused by name', () => {
  const file = path.join(root, 'sweep.jsonl');
  SweepWriter.create(file, { ...HEADER, whole: 'all' }).close();

  expect(() => StoredSweep.open(file)).toThrow(/sweep\.jsonl: whole: expected FROM\.\.TO/);
});

const CRASH = { verdict: 'crash', check: 'uncaught error', reason: 'no k' };

test.each<[object, string]>([
  [{ activity: { lost: 'x' } }, 'activity.lost: expected a number'],
  [{ probes: { 'a crash': null } }, 'probes.a crash: expected a number'],
  [{ latency: { get: null } }, 'latency.get.count: expected a number'],
  [{ latency: { get: { count: 1, p50: 1 } } }, 'latency.get.p90: expected a number'],
  [{ awaited: 5 }, 'awaited: expected names of probes'],
  [{ verdict: 'broken' }, 'verdict: Invalid option'],
  [{ expected: 'luck' }, 'expected: Invalid option'],
  [{ ...CRASH, reason: 5 }, 'reason: Invalid input: expected string'],
  [{ ...CRASH, check: {} }, 'check: Invalid input: expected string'],
  [{ ...CRASH, stack: ['at f'] }, 'stack: Invalid input: expected string'],
  [{ ...CRASH, story: [null] }, 'story[0]: Invalid input: expected object'],
])('a line with %j is refused by its number and the field', (damage, message) => {
  const file = path.join(root, 'sweep.jsonl');
  const writer = SweepWriter.create(file, { ...HEADER, seeds: '1..2' });
  writer.add(resultOf(1, {}));
  writer.add({ ...resultOf(2, {}), ...damage });
  writer.close();

  expect(() => [...StoredSweep.open(file).results()]).toThrow(`sweep.jsonl: line 3: ${message}`);
});
