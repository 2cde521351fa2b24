import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prepareExport, writeExport } from './node-export-file.ts';

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'faultlab-export-'))));
afterAll(() => rmSync(folder, { recursive: true }));

describe('an export', () => {
  test('has all pieces, of any length and in any script', () => {
    const file = join(folder, 'whole');
    const pieces = Array.from({ length: 5000 }, (_, i) => `${i} ключ 🔑 ${'x'.repeat(i % 100)}\n`);
    writeExport(file, pieces);
    expect(readFileSync(file, 'utf8')).toBe(pieces.join(''));
  });

  test('that fails leaves the file as it was, and nothing beside it', () => {
    const own = mkdtempSync(join(folder, 'fails-'));
    const file = join(own, 'kept');
    writeFileSync(file, 'before');
    const failing = function* (): Generator<string, undefined> {
      yield 'x'.repeat(200_000);
      throw new Error('half-way');
    };
    expect(() => writeExport(file, failing())).toThrow(/^half-way$/);
    expect(readdirSync(own)).toEqual(['kept']);
    expect(readFileSync(file, 'utf8')).toBe('before');
  });

  test('is refused where there is a folder, a device, a link or no folder', () => {
    const link = join(folder, 'link');
    symlinkSync('elsewhere', link);
    for (const [file, why] of [
      [folder, 'is a folder'],
      ['/dev/null', 'is no ordinary file'],
      [link, 'is no ordinary file'],
      [join(folder, 'nowhere', 'x'), 'cannot be written'],
    ] as const) {
      expect(() => prepareExport(file)).toThrow(`${file}: ${why}`);
    }
  });
});
