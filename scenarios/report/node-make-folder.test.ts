import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeFolder } from './node-make-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'faultlab-folder-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('a folder is made with those it lies in, and one that is there is left alone', () => {
  const deep = join(root, 'a', 'b', 'c');
  makeFolder(deep);
  makeFolder(deep);

  expect(statSync(deep).isDirectory()).toBe(true);
});

test('a file where a folder should be is told, above it as in its place', () => {
  const file = join(root, 'file');
  writeFileSync(file, '');

  expect(() => makeFolder(file)).toThrow('EEXIST');
  expect(() => makeFolder(join(file, 'below'))).toThrow('ENOTDIR');
});

test.runIf(existsSync('/proc/self'))('a folder that takes no others ends in an error', () => {
  expect(() => makeFolder('/proc/nothing/there')).toThrow('ENOENT');
});
