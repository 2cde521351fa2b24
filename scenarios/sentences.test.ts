/** The tables in the READMEs of the protocols: sentence, function, test, specimen. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packs } from './catalogue.ts';
import { Registry } from './define/registry.ts';

const root = new URL('..', import.meta.url).pathname;
const registry = new Registry(packs);

/** The text of all sources of a folder, of its tests or of the others. */
function sourcesOf(folder: string, isTest: boolean): string {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file.endsWith('.test.ts') === isTest)
    .map((file) => readFileSync(join(root, folder, file), 'utf8'))
    .join('\n');
}

describe.each(['raft', 'kvsrv', 'mapreduce', 'shardkv'])('%s/README.md', (folder) => {
  const rows = readFileSync(join(root, folder, 'README.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.includes('held by the test'))
    .map((line) => line.slice(1, -1).split(' | '))
    .map(([, code = '', name = '', ids = '']) => {
      return { code: code.trim().replaceAll('`', ''), name: name.trim(), ids: ids.trim() };
    });
  const sources = sourcesOf(folder, false);
  const tests = sourcesOf(folder, true);

  test('has a row for most rules', () => {
    expect(rows.length).toBeGreaterThanOrEqual(8);
  });

  test('names functions that there are', () => {
    const missing = rows.filter(({ code }) => !new RegExp(`\\b${code}[(:]`).test(sources));
    expect(missing).toEqual([]);
  });

  test('names tests that there are', () => {
    const written = (name: string): boolean =>
      tests.includes(`'${name}'`) || tests.includes(`"${name}"`);
    expect(rows.filter(({ name }) => !written(name))).toEqual([]);
  });

  test('names specimens that there are', () => {
    const ids = rows.flatMap((row) => row.ids.split(', ')).filter((id) => id !== '');
    for (const id of ids) expect(() => registry.specimen(id)).not.toThrow();
    expect(ids.length).toBeGreaterThanOrEqual(7);
  });
});
