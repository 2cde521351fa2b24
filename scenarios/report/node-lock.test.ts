import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Lock } from './node-lock.ts';

const root = mkdtempSync(join(tmpdir(), 'faultlab-lock-'));
afterAll(() => rmSync(root, { recursive: true }));

test('whoever lets go of it leaves nothing behind', () => {
  const file = join(root, 'free');
  const lock = Lock.take(file);
  expect(readFileSync(`${file}.lock`, 'utf8')).toBe(`${process.pid} ${hostname()}`);
  lock.release();
  expect(existsSync(`${file}.lock`)).toBe(false);
});

test('a file that another process writes is refused, and says who writes it', () => {
  const file = join(root, 'taken');
  // The process that started this one is alive as long as it runs.
  writeFileSync(`${file}.lock`, `${process.ppid} ${hostname()}`);
  expect(() => Lock.take(file)).toThrow(`is being written by process ${process.ppid} on`);
  expect(existsSync(`${file}.lock`)).toBe(true);
});

test('of a process on another machine nobody can tell whether it lives', () => {
  const file = join(root, 'elsewhere');
  writeFileSync(`${file}.lock`, '1 another-host');
  expect(() => Lock.take(file)).toThrow(`remove ${file}.lock`);
});

test('a lock of a process that is no more, or a torn one, is in nobody’s way', async () => {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await new Promise((resolve) => child.on('close', resolve));
  for (const left of [`${child.pid} ${hostname()}`, '', '12']) {
    const file = join(root, `left-${left.length}`);
    writeFileSync(`${file}.lock`, left);
    expect(() => Lock.take(file)).not.toThrow();
  }
});
