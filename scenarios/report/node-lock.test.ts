import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Lock } from './node-lock.ts';

let root: string;
let file: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'faultlab-lock-'));
  file = join(root, 'sweep.jsonl');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const left = (text: string): void => writeFileSync(`${file}.lock`, text);

test('a lock names the process that holds it, and is gone when it is released', () => {
  const lock = Lock.take(file);
  expect(readFileSync(`${file}.lock`, 'utf8')).toBe(`${process.pid} ${hostname()}`);

  lock.release();
  expect(readdirSync(root)).toEqual([]);
});

test('what a killed process has left, whole or in part, is in nobody’s way', () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  for (const text of [`${pid} ${hostname()}`, '', '12']) {
    left(text);
    Lock.take(file).release();
    expect(readdirSync(root)).toEqual([]);
  }
});

test.each([
  ['lives', process.ppid, hostname()],
  ['is elsewhere, where nobody can tell,', 1, 'another-machine'],
])('the lock of a process that %s is respected and left alone', (_what, pid, host) => {
  left(`${pid} ${host}`);

  expect(() => Lock.take(file)).toThrow(`is being written by process ${pid} on ${host}`);
  expect(readFileSync(`${file}.lock`, 'utf8')).toBe(`${pid} ${host}`);
});
