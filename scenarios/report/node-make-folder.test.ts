import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeFolder } from './node-make-folder.ts';

let root = '';
beforeAll(() => (root = mkdtempSync(join(tmpdir(), 'faultlab-folder-'))));
afterAll(() => rmSync(root, { recursive: true }));

test('a folder is made with those above it, and once is enough', () => {
  const folder = join(root, 'a', 'b', 'c');
  makeFolder(folder);
  makeFolder(folder);

  expect(statSync(folder).isDirectory()).toBe(true);
});

test('what is in its place or in its way is an error', () => {
  const file = join(root, 'file');
  writeFileSync(file, '');
  symlinkSync(join(root, 'nowhere', 'at', 'all'), join(root, 'link'));

  expect(() => makeFolder(file)).toThrow(/EEXIST/);
  expect(() => makeFolder(join(file, 'below'))).toThrow(/ENOTDIR/);
  expect(() => makeFolder(join(root, 'link'))).toThrow(/EEXIST/);
});

test.skipIf(statSync('/proc', { throwIfNoEntry: false }) === undefined)(
  'a folder that takes none is an error, and no loop without end',
  () => expect(() => makeFolder('/proc/x/y')).toThrow(/ENOENT/),
);
