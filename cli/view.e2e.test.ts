import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';

const command = path.resolve(import.meta.dirname, '..', 'dist', 'cli', 'main.js');
const folder = mkdtempSync(path.join(tmpdir(), 'faultlab-view-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function view(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const words = [command, 'view', ...args];
  return spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8' });
}

test('a page is written into the folder of its run, and its policy allows nothing else', () => {
  const { status, stdout } = view('kv/chaos', '--seed', '3', '--specimen', 'KV3', '--json');
  expect(status).toBe(0);
  const told = JSON.parse(stdout) as { file: string; verdict: string; bytes: number };
  expect(told).toMatchObject({ file: '.faultlab/kv/chaos/3/page.html', verdict: 'violation' });
  const html = readFileSync(path.join(folder, told.file), 'utf8');
  expect(Buffer.byteLength(html)).toBe(told.bytes);
  expect(html).toContain('<title>VIOLATION kv/chaos seed 3</title>');
  expect(html).toContain(`default-src 'none'; script-src 'sha256-`);
});

test('what cannot be shown, or not be written, is said', () => {
  const none = view();
  expect([none.status, none.stderr]).toEqual([64, expect.stringContaining('.faultlab/latest')]);
  const nowhere = view('kv/chaos', '--out', 'no/such/folder/page.html');
  expect([nowhere.status, nowhere.stderr]).toEqual([64, expect.stringContaining('no/such/folder')]);
});
