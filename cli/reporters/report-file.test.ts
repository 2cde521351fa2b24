import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { reporterOf } from './by-name.ts';
import { writeReport } from './report-file.ts';

let root = '';
beforeEach(() => (root = mkdtempSync(path.join(tmpdir(), 'faultlab-report-'))));
afterEach(() => rmSync(root, { recursive: true }));

test.each(['junit', 'html'])('where %s cannot be written is said before the sweep', (name) => {
  const file = path.join(root, 'a-file');
  writeFileSync(file, '');
  const to = (where: string) => (): unknown => reporterOf({ reporter: [`${name}=${where}`] });

  expect(to(root)).toThrow('is a folder: name a file in it');
  expect(to(path.join(file, 'x'))).toThrow('cannot be written');
  expect(to(path.join(root, 'new/x'))).not.toThrow();
});

test('a report takes the place of an earlier one, and leaves nothing else', () => {
  const file = path.join(root, 'new/x');
  writeReport(file, 'one');
  writeReport(file, 'two');

  expect(readFileSync(file, 'utf8')).toBe('two');
  expect(readdirSync(path.dirname(file))).toEqual(['x']);
});
