import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inputFiles } from './input-files.ts';
import { checkOutFolder, writeOutFolder } from './out-folder.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultlab-files-'));
  for (const name of ['a.md', 'b.txt', 'ab.md', 'x/c.md', 'x/y/d.md', 'x/y/+.md']) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), name);
  }
  writeFileSync(join(folder, 'binary'), 'text\0');
});
afterAll(() => rmSync(folder, { recursive: true }));

const found = (...patterns: string[]): string[] =>
  inputFiles(patterns.map((pattern) => join(folder, pattern))).map(({ file }) =>
    relative(folder, file),
  );

describe('the files that a pattern means', () => {
  test.each([
    ['a.md', ['a.md']],
    ['*.md', ['a.md', 'ab.md']],
    ['?.*', ['a.md', 'b.txt']],
    ['**/*.md', ['a.md', 'ab.md', 'x/c.md', 'x/y/+.md', 'x/y/d.md']],
    ['x/*', ['x/c.md']],
    ['*/y/*.md', ['x/y/+.md', 'x/y/d.md']],
    ['x/**', ['x/c.md', 'x/y/+.md', 'x/y/d.md']],
  ])('%s', (pattern, files) => {
    expect(found(pattern)).toEqual(files);
  });

  test('are there once each, in order, with their sizes', () => {
    expect(found('x/c.md', '*.md', 'a.md')).toEqual(['a.md', 'ab.md', 'x/c.md']);
    expect(inputFiles([join(folder, 'ab.md')])).toEqual([
      { file: join(folder, 'ab.md'), bytes: 5 },
    ]);
  });

  test.each([
    ['none.md', /none\.md: cannot be read: ENOENT/],
    ['z/**/*.md', /--input: no file matches ".*z\/\*\*\/\*\.md"/],
    ['x', /x: is no file/],
    ['binary', /binary: is no text: there is a zero byte at 4/],
  ])('%s is refused', (pattern, message) => {
    expect(() => found(pattern)).toThrow(message);
  });

  // A superuser may read every file, but not this one.
  const isRoot = process.getuid?.() === 0;
  test('a file that is there and cannot be read is refused', () => {
    const file = isRoot ? '/proc/self/mem' : join(folder, 'secret');
    if (!isRoot) writeFileSync(file, 'x', { mode: 0 });
    expect(() => inputFiles([file])).toThrow(`${file}: cannot be read: E`);
    if (!isRoot) rmSync(file);
  });

  test.skipIf(isRoot)('a folder on the way that cannot be read is refused', () => {
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0 });
    expect(() => found('closed/*.md')).toThrow(`${closed}: cannot be read: EACCES`);
    rmdirSync(closed);
  });

  test('links to files are files, links to folders lead nowhere', () => {
    const links = join(folder, 'links');
    mkdirSync(links);
    symlinkSync('../a.md', join(links, 'a.md'));
    symlinkSync('../x', join(links, 'x'));
    symlinkSync('nowhere', join(links, 'b.md'));
    symlinkSync('c.md', join(links, 'c.md'));

    expect(found('links/**')).toEqual(['links/a.md']);
    rmSync(links, { recursive: true });
  });
});

describe('a folder for outputs', () => {
  test('is made with all files, and is refused unless it is empty', () => {
    const out = join(folder, 'new', 'out');
    writeOutFolder(out, [
      ['one', '1'],
      ['two', '2'],
    ]);

    expect(readdirSync(out)).toEqual(['one', 'two']);
    expect(readFileSync(join(out, 'two'), 'utf8')).toBe('2');
    expect(readdirSync(join(out, '..'))).toEqual(['out']);
    expect(() => checkOutFolder(out)).toThrow(/is not empty/);
    expect(() => checkOutFolder(join(folder, 'a.md'))).toThrow(/is no folder/);
    expect(() => checkOutFolder('')).toThrow('--out: name a folder');
  });

  test('is refused where no folder can be made', () => {
    expect(() => checkOutFolder(join(folder, 'a.md', 'x', 'out'))).toThrow(/a\.md is no folder/);
  });

  test('has nothing half-written if a file cannot be written', () => {
    const out = join(folder, 'half');

    expect(() =>
      writeOutFolder(out, [
        ['one', '1'],
        ['no/such', '2'],
      ]),
    ).toThrow(/half: cannot be written: ENOENT/);
    expect(readdirSync(folder).filter((name) => name.startsWith('half'))).toEqual([]);
  });
});
