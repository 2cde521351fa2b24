/** docs/determinism.md says what comes out: its snippets are run by its commands. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const MAIN = path.join(root, 'dist/cli/main.js');
const text = readFileSync(path.join(root, 'docs/determinism.md'), 'utf8');
const folder = mkdtempSync(path.join(tmpdir(), 'faultlab-determinism-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Leak {
  readonly title: string;
  readonly file: string;
  readonly source: string;
  readonly args: readonly string[];
  /** The lines that the document quotes. */
  readonly quoted: readonly string[];
}

const blocksOf = (section: string, language: string): string[] =>
  [...section.matchAll(/^```(\w+)\n([^]*?)\n```$/gm)]
    .filter(([, name]) => name === language)
    .map(([, , block = '']) => block);

/** The file in which single lines stand. */
const around = blocksOf(text, 'ts').find((block) => block.startsWith('// around.ts\n')) ?? '';

/** Each section that ends with a command: what it runs, and what that is to say. */
const leaks = text.split(/\n##+ /).flatMap((section): Leak[] => {
  const [output] = blocksOf(section, 'console');
  const snippet = blocksOf(section, 'ts').at(-1);
  if (output === undefined || snippet === undefined) return [];
  const [line = '', ...quoted] = output.split('\n');
  const args = line.replace('$ faultlab ', '').split(' ');
  const file = args.find((arg) => arg.endsWith('.ts')) ?? '';
  const source = snippet.startsWith('//') ? snippet : around.replace('BODY', snippet);
  return [{ title: section.split('\n')[0] ?? '', file, source, args, quoted }];
});

/**
 * Times and digests aside: a host settles its promises when it likes, and seeds change meaning.
 * Line breaks, which depend on them, are no matter either.
 */
const plain = (words: string): string =>
  words
    .replaceAll(/\d+\.\d{6} s/g, 'T')
    .replaceAll(/[0-9a-f]{16}/g, 'DIGEST')
    .replaceAll(/\s+/g, ' ')
    .trim();

describe('docs/determinism.md', () => {
  test('shows every class of leaks', () => {
    const words =
      /Date|random|setTimeout|promise|builtin|rejection|shared|crash|changed|synchronous|module/i;
    expect(leaks.length).toBe(11);
    for (const { title } of leaks) expect(title).toMatch(words);
  });

  test.each(leaks)('$title: comes out as quoted', ({ file, source, args, quoted }) => {
    writeFileSync(path.join(folder, file), source);
    const { stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, FORCE_COLOR: '', NO_COLOR: '1' },
    });
    let rest = plain(stdout + stderr);
    for (const line of quoted.map(plain)) {
      expect(rest).toContain(line);
      rest = rest.slice(rest.indexOf(line) + line.length);
    }
  });
});
