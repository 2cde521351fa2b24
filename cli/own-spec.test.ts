import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ownSpec } from './own-spec.ts';

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'faultlab-spec-'))));
afterAll(() => rmSync(folder, { recursive: true }));

/** As npm leaves it when it has a package from there. */
function specOf(resolved: string | undefined): string {
  const modules = join(folder, 'home', 'node_modules');
  mkdirSync(modules, { recursive: true });
  const packages = { 'node_modules/faultlab': { version: '1.2.3', resolved } };
  writeFileSync(join(modules, '.package-lock.json'), JSON.stringify({ packages }));
  const installed = { root: join(modules, 'faultlab'), name: 'faultlab', version: '1.2.3' };
  return ownSpec(installed, join(folder, 'home', 'my-raft'));
}

test('what came from a registry is asked for by its version', () => {
  expect(specOf('https://registry.npmjs.org/faultlab/-/faultlab-1.2.3.tgz')).toBe('^1.2.3');
  expect(specOf(undefined)).toBe('^1.2.3');
});

test('a tarball and a linked folder are where they are, seen from the new folder', () => {
  expect(specOf('file:../packs/faultlab-1.2.3.tgz')).toBe('file:../../packs/faultlab-1.2.3.tgz');
  expect(specOf('file:faultlab.tgz')).toBe('file:../faultlab.tgz');
});

test('so is a repository, with its commit', () => {
  const there = 'git+ssh://git@example.org/faultlab.git#0123';
  expect(specOf(there)).toBe(there);
});

test('what no npm has installed is asked for by its version, a working copy by its path', () => {
  const at = (root: string): string =>
    ownSpec({ root, name: 'faultlab', version: '1.2.3' }, join(folder, 'mine'));

  expect(at(join(folder, 'elsewhere', 'node_modules', 'faultlab'))).toBe('^1.2.3');
  expect(at(join(folder, 'clone'))).toBe('file:../clone');
});
