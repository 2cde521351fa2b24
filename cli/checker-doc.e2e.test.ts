/** What docs/checker.md shows is so: its files, commands and examples, with what they print. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { models } from '../porcupine-ts/index.ts';

const root = path.resolve(import.meta.dirname, '..');
const page = readFileSync(path.join(root, 'docs', 'checker.md'), 'utf8');
const folder = mkdtempSync(path.join(tmpdir(), 'faultlab-checker-doc-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The code blocks of a language, each with the text before it. */
function blocks(language: string): { before: string; code: string }[] {
  const found = page.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'));
  return Array.from(found, ({ index, 1: code = '' }) => ({ before: page.slice(0, index), code }));
}

beforeAll(() => {
  for (const { before, code } of blocks('jsonl')) {
    const name = /`([\w.]+)`:\n$/.exec(before)![1]!;
    writeFileSync(path.join(folder, name), code);
  }
});

describe('a command prints what the page shows', () => {
  const transcripts = blocks('console').flatMap(({ code }) => code.split(/^(?=\$ )/m));
  test.each(transcripts.map((text) => [text.split('\n')[0]!.slice(2), text]))(
    '%s',
    (line, text) => {
      const main = path.join(root, 'dist', 'cli', 'main.js');
      const command = line.replace('npx faultlab', `"${process.execPath}" "${main}"`);
      const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '' };
      const { stdout } = spawnSync('sh', ['-c', `${command} 2>&1`], {
        cwd: folder,
        env,
        encoding: 'utf8',
      });
      expect(`$ ${line}\n${stdout}`).toBe(text);
    },
  );
});

describe('an example prints what its comments say', () => {
  test.each(blocks('ts').map(({ code }) => [code.split('\n')[0]!, code]))('%s', (_first, code) => {
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
    });
    // Inside the package, so that it can import the package by its name.
    const file = path.join(root, 'dist', 'checker-example.mjs');
    writeFileSync(file, outputText);
    const { stdout, stderr } = spawnSync(process.execPath, [file], {
      cwd: folder,
      encoding: 'utf8',
    });
    rmSync(file);
    const promised = Array.from(
      code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm),
      ([, text]) => text,
    );
    expect(stderr).toBe('');
    expect(stdout.trimEnd().split('\n')).toEqual(promised);
  });

  test('and has the types that it needs', () => {
    const names = blocks('ts').map(({ code }, number) => {
      const name = path.join(root, 'examples', `checker-page-${number}.ts`);
      return [name, code] as const;
    });
    expect(problemsOf(new Map(names))).toEqual([]);
  });
});

/** What the compiler says of texts that stand for files of the project. */
function problemsOf(texts: ReadonlyMap<string, string>): string[] {
  const config = ts.readConfigFile(path.join(root, 'tsconfig.json'), (file) =>
    ts.sys.readFile(file),
  );
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const [readFile, fileExists] = [host.readFile, host.fileExists];
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  const program = ts.createProgram([...texts.keys()], options, host);
  return [...texts.keys()].flatMap((file) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
  );
}

test('the page has every model', () => {
  for (const name of Object.keys(models)) expect(page).toContain(`\n| \`${name}\` |`);
});

test('the Go snippet writes the fields that the flat line has', () => {
  const go = blocks('go')[0]!.code;
  const fields = Array.from(go.matchAll(/`json:"(\w+)"`/g), ([, name = '']) => name);
  expect([...new Set(fields)].toSorted()).toEqual(
    ['call', 'client', 'error', 'key', 'op', 'output', 'return', 'value', 'version'].toSorted(),
  );
});
