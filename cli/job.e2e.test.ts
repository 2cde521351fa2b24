/** Jobs over a user's own files, as the command runs them. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inputFiles } from './input-files.ts';
import { start, type Outcome } from './testing/built-command.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultlab-job-'));
  mkdirSync(join(folder, 'in'));
  for (let i = 0; i < 3; i++) writeFileSync(join(folder, 'in', `${i}.txt`), text(i));
  const lines = Array.from({ length: 400 }, (_, i) => `${String(i).padStart(4, '0')} löwe\n`);
  writeFileSync(join(folder, 'in', 'lines.txt'), lines.join(''));
  writeFileSync(join(folder, 'binary'), 'text\0');
  writeFileSync(join(folder, 'latin'), Buffer.from('a\nl\u00f6we\n', 'latin1'));
  writeFileSync(join(folder, 'combine.ts'), COMBINER);
  writeFileSync(join(folder, 'lame.ts'), 'export const application = { map: () => [] };');
  writeFileSync(join(folder, 'deaf.ts'), 'export const application = { reduce: () => "" };');
  writeFileSync(join(folder, 'app.ts'), APPLICATION);
  writeFileSync(join(folder, 'ascii.ts'), ASCII_WORDS);
});
afterAll(() => rmSync(folder, { recursive: true }));

const text = (i: number): string => `der Löwe und ${'die Maus '.repeat(i * 900)}\n`.repeat(i + 1);

/** How long words are. */
const APPLICATION = `
  export const application = {
    map: (file: string, content: string) =>
      content.split(/\\s+/).filter(Boolean)
        .map((word) => ({ key: String(word.length), value: word })),
    reduce: (key: string, words: readonly string[]) => String(new Set(words).size),
  };`;

/** Words as `tr` knows them. */
const ASCII_WORDS = `
  export const application = {
    map: (file: string, content: string) =>
      (content.match(/[A-Za-z]+/g) ?? []).map((key) => ({ key, value: '1' })),
    reduce: (key: string, values: readonly string[]) => String(values.length),
  };`;

/** Fails on what one map task has for a key; what it throws is no error. */
const COMBINER = `
  export const application = {
    map: () => [{ key: 'a', value: '1' }, { key: 'a', value: '1' }],
    combine: (key: string, values: readonly string[]) => { throw 'no ' + values.length; },
    reduce: () => '',
  };`;

/** Fails on a line, and on a key. */
const THROWER = `
  export const application = {
    map: (file: string, content: string) => content.split('\\n').filter(Boolean).map((line) => {
      const key = String(Number(line.slice(0, 4)));
      if (key === '300') throw new Error('no ' + key);
      return { key, value: line };
    }),
    reduce: (key: string, lines: readonly string[]) => {
      if (key === '150') throw new Error('nor ' + key);
      return String(lines.length);
    },
  };`;

const inProject = (pattern: string): string =>
  fileURLToPath(new URL('../', import.meta.url)) + pattern;

const faultlab = (line: string): Promise<Outcome> => start(line, { cwd: folder }).done;

function linesOf(out: string): string[] {
  const files = readdirSync(join(folder, out));
  return files
    .flatMap((file) => readFileSync(join(folder, out, file), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .toSorted();
}

describe.concurrent('a job over files', () => {
  test('leaves what a count of their words comes to, whatever has failed meanwhile', async () => {
    const set = '--set reduces=3 --set splitKB=4';
    const run = `run mapreduce/word-count --input in/?.txt ${set} --out counted --seed 2`;
    const { code, out } = await faultlab(run);
    const counts = new Map<string, number>();
    for (const word of [0, 1, 2].flatMap((i) => text(i).match(/\p{L}+/gu) ?? [])) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }

    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('crashes') });
    expect(readdirSync(join(folder, 'counted'))).toEqual(['mr-out-0', 'mr-out-1', 'mr-out-2']);
    expect(linesOf('counted')).toEqual([...counts].map(([word, n]) => `${word} ${n}`).toSorted());
  });

  test('takes an application of the user', async () => {
    const run = 'run mapreduce/word-count --input in/1.txt --impl app.ts --out lengths';

    expect((await faultlab(run)).code).toBe(0);
    expect(linesOf('lengths')).toEqual(['3 3', '4 2']);
  });

  test("counts the project's own documentation as tr, sort and uniq do", async () => {
    const files = inputFiles(['docs/**/*.md', '*.md', 'node_modules/**/README.md'].map(inProject));
    const args = files.flatMap(({ file }) => ['--input', file]);
    const words = ['run', 'mapreduce/word-count', '--impl', 'ascii.ts', '--out', 'docs', ...args];
    const pipe = "tr -cs 'A-Za-z' '\\n' | sort | uniq -c";
    const shell = spawnSync('sh', ['-c', pipe], {
      // Between two files is no letter.
      input: files.map(({ file }) => readFileSync(file, 'latin1')).join('\n'),
      env: { ...process.env, LC_ALL: 'C' },
      encoding: 'latin1',
    });
    const expected = [...shell.stdout.matchAll(/(\d+) (\w+)/g)].map(
      ([, n, word]) => `${word} ${n}`,
    );

    expect((await start(words, { cwd: folder }).done).code).toBe(0);
    expect(expected.length).toBeGreaterThan(2000);
    expect(linesOf('docs')).toEqual(expected.toSorted());
  });

  test('says on which line an application throws, and leaves no output', async () => {
    writeFileSync(join(folder, 'thrower.ts'), THROWER);
    const set = '--set splitKB=1 --set reduces=3';
    const run = `run mapreduce/word-count --input in/lines.txt --impl thrower.ts ${set} --out none`;
    const { code, out, err } = await faultlab(run);

    expect({ code, out }).toEqual({ code: 64, out: '' });
    // Every line before it has 11 bytes.
    expect(err).toContain('in/lines.txt, line 301, byte 3300: map throws: no 300');
    expect(err).toContain('--set skipBadRecords=true');
    expect(err).toMatch(/at .*thrower\.ts:5/);
    expect(readdirSync(folder)).not.toContain('none');
  });

  test('leaves out lines and keys on which an application throws, if asked', async () => {
    writeFileSync(join(folder, 'skipped.ts'), THROWER);
    const set = '--set splitKB=1 --set reduces=3 --set skipBadRecords=true';
    const run = `run mapreduce/word-count --input in/lines.txt --impl skipped.ts ${set} --out some`;
    const { code, out } = await faultlab(run);

    expect(code).toBe(0);
    expect(out).toContain('2 records skipped');
    const left = Array.from({ length: 400 }, (_, i) => i).filter((i) => i !== 300 && i !== 150);
    expect(linesOf('some')).toEqual(left.map((i) => `${i} 1`).toSorted());
  });

  test.each([
    ['--input no.txt', 'no.txt: cannot be read'],
    ['--input no/*.txt', '--input: no file matches "no/*.txt"'],
    ['--input in/1.txt --out in', '--out: in is not empty'],
    ['--input in', 'in: is no file'],
    ['--input binary', 'binary: is no text: there is a zero byte at 4'],
    ['--input latin', 'latin: cannot be read: the line at byte 2 is no UTF-8'],
    ['--input in/1.txt --impl combine.ts', 'map of in/1.txt, bytes 0 to 16230: no 2'],
    ['--input in/1.txt --impl lame.ts', 'application: expected a function "reduce"'],
    ['--input in/1.txt --impl deaf.ts', 'application: expected a function "map"'],
  ])('%s is refused', async (options, message) => {
    const { code, out, err } = await faultlab(`run mapreduce/word-count ${options}`);

    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(err).toContain(message);
    expect(readdirSync(folder).filter((name) => name.includes('unfinished'))).toEqual([]);
  });
});
