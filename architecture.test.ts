/**
 * The shape of the house, checked: who may import whom, what the core may not name, and how large
 * a file, a function and a line may grow. The rules are data and pure functions over source text;
 * the second half of this file tests them on small strings, and then on the project itself.
 */
import * as fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

interface Folder {
  /** The folders of ours that this one may import, besides itself. */
  readonly imports: readonly string[];
  /** The packages that its sources (not its tests) may import; unset means any. */
  readonly packages?: readonly string[];
}

/** Folders that run unchanged in a browser and decide nothing by the machine they run on. */
const core: Readonly<Record<string, Folder>> = {
  'porcupine-ts': { imports: [], packages: [] },
  sim: { imports: [], packages: ['seedrandom/lib/alea.js'] },
  raft: { imports: ['sim'], packages: [] },
  mapreduce: { imports: ['sim'], packages: [] },
  kvsrv: { imports: ['sim', 'raft'], packages: [] },
  shardkv: { imports: ['sim', 'raft', 'kvsrv'], packages: [] },
};
const belowScenarios = Object.keys(core);
const belowCommand = [...belowScenarios, 'scenarios'];

const folders: Readonly<Record<string, Folder>> = {
  ...core,
  scenarios: { imports: belowScenarios },
  cli: { imports: belowCommand },
  viewer: { imports: belowCommand },
  bench: { imports: belowCommand },
  // An example is what a user would write: it imports the package by its name.
  examples: { imports: [] },
};

/** The core runs on any host; its tests run on this one. */
const testHost = 'scenarios/runner/node-host.ts';

/** Inside scenarios/: these know no lab. The catalogue is a registry that is handed to them. */
const labless = ['define', 'runner', 'shrink', 'testing'].map((name) => `scenarios/${name}/`);
const labs = [
  /^(raft|mapreduce|kvsrv|shardkv)\//,
  /^scenarios\/(lab\d|specimens\b)/,
  /^scenarios\/(index|catalogue)\b/,
];

const forbiddenNames: Readonly<Record<string, string>> = {
  Date: "the environment's virtual clock",
  performance: "the environment's virtual clock",
  setTimeout: "the environment's timers",
  setInterval: "the environment's timers",
  setImmediate: "the environment's timers",
  queueMicrotask: "the host's drain port",
  MessageChannel: "the environment's messages",
  fetch: "the environment's RPC",
  crypto: 'a named random stream',
  process: 'an argument',
  Intl: 'a comparison of code units',
  WeakRef: 'a strong reference that is let go of',
  FinalizationRegistry: 'an explicit release',
};
const forbiddenMembers: Readonly<Record<string, string>> = {
  'Math.random': 'a named random stream',
  'Math.pow': 'multiplication of integers',
  'Math.log2': 'Math.clz32',
  'Math.hypot': 'Math.sqrt',
  ...Object.fromEntries(
    ['log', 'log10', 'log1p', 'exp', 'expm1', 'cbrt', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan']
      .concat(['atan2', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh'])
      .map((name) => [`Math.${name}`, 'a table: engines differ in the last bit']),
  ),
  localeCompare: 'a comparison of code units',
  toLocaleString: 'String()',
  toLocaleLowerCase: 'toLowerCase()',
  toLocaleUpperCase: 'toUpperCase()',
};

/**
 * The one file of the core that may name a clock and a scheduler. Library users may give a check of
 * theirs a time limit, and want their page to stay alive meanwhile; so these verdicts depend on the
 * machine, and only these. Nothing that runs in the simulated world may ask for it: see
 * {@link checkTimeless}.
 */
const coreHost = 'porcupine-ts/host.ts';

const limits = { fileLines: 500, testLines: 800, functionLines: 70, columns: 100 };
/** Spelled in halves, so that this file does not find itself. */
const leftover = /\b(?:TO)(?:DO)\b|\b(?:FIX)(?:ME)\b/;

// --- the checks: (file, text) to complaints -----------------------------------------------------

const isTest = (file: string): boolean => file.endsWith('.test.ts');
const folderOf = (file: string): string => file.split('/')[0] ?? '';
const isCore = (file: string): boolean => folderOf(file) in core && !isTest(file);

/** Every module that a source names: import, export from, dynamic import and import types. */
function importsOf(text: string): string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map((imported) => imported.fileName);
}

function checkImports(file: string, text: string): string[] {
  return importsOf(text).flatMap((specifier) => checkImport(file, specifier));
}

function checkImport(file: string, specifier: string): string[] {
  const from = folderOf(file);
  const rule = folders[from];
  if (rule === undefined) return [];
  if (!specifier.startsWith('.')) {
    return checkPackage(file, specifier);
  }
  const target = path.posix.join(path.posix.dirname(file), specifier);
  if (isTest(file) && target === testHost) return [];
  const to = folderOf(target);
  if (to !== from && !rule.imports.includes(to)) {
    const allowed = rule.imports.map((name) => `${name}/`).join(', ') || 'nothing of ours';
    return [`${file}: ${from}/ may import ${allowed}, but not '${target}'`];
  }
  // Only what is called node-* runs in Node: the rest of the viewer runs in a browser.
  const isPage = from === 'viewer' && !isTest(file) && !file.startsWith('viewer/testing/');
  if (isPage && /(^|\/)node-[^/]*$/.test(target) && !/(^|\/)node-[^/]*$/.test(file)) {
    return [`${file}: it runs in a browser, so it may not import '${target}'`];
  }
  const bound = !isTest(file) && labless.some((prefix) => file.startsWith(prefix));
  if (bound && labs.some((lab) => lab.test(target))) {
    return [`${file}: it knows no lab, so it may not import '${target}': take it as an argument`];
  }
  return [];
}

function checkPackage(file: string, specifier: string): string[] {
  const from = folderOf(file);
  if (isTest(file)) return [];
  const needsNode = specifier.startsWith('node:');
  if (
    ['scenarios', 'viewer'].includes(from) &&
    needsNode &&
    !path.posix.basename(file).startsWith('node-')
  ) {
    return [
      `${file}: what imports '${specifier}' is named node-*.ts, since the rest needs no Node`,
    ];
  }
  if (folders[from]?.packages?.includes(specifier) !== false) return [];
  const port = needsNode ? ': it runs in a browser too, so take a port' : '';
  return [`${file}: ${from}/ may not import '${specifier}'${port}`];
}

function checkNames(file: string, text: string): string[] {
  if (!isCore(file) || file === coreHost) return [];
  const source = parse(file, text);
  const own = ownNames(source);
  const complaints: string[] = [];
  visit(source, (node) => {
    const found = forbiddenAt(node, source);
    if (found === undefined || own.has(found.name)) return;
    complaints.push(`${at(source, node)}: use ${found.instead} instead of ${found.name}`);
  });
  return complaints;
}

/** The names of a file's own variables and parameters: `process` may be a field of a history. */
function ownNames(source: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  visit(source, (node) => {
    const binds = ts.isVariableDeclaration(node) || ts.isParameter(node);
    if (!binds || node.initializer?.getText(source) === 'globalThis') return;
    visit(node.name, (part) => {
      if (ts.isIdentifier(part)) names.add(part.text);
    });
  });
  return names;
}

function forbiddenAt(
  node: ts.Node,
  source: ts.SourceFile,
): { name: string; instead: string } | undefined {
  if (ts.isBinaryExpression(node)) {
    const power = node.operatorToken.kind === ts.SyntaxKind.AsteriskAsteriskToken;
    return !power || isExactPower(node)
      ? undefined
      : { name: '**', instead: 'multiplication, a shift or a bigint' };
  }
  if (!ts.isIdentifier(node)) return undefined;
  const { parent, text: name } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) {
    const object = parent.expression.getText(source);
    const member = object === 'Math' ? `Math.${name}` : name;
    const names = object === 'globalThis' ? forbiddenNames : forbiddenMembers;
    return lookUp(names, member);
  }
  return isKey(node) ? undefined : lookUp(forbiddenNames, name);
}

/** `2 ** 53` and `2n ** n`: the powers on which engines cannot differ. */
function isExactPower({ left, right }: ts.BinaryExpression): boolean {
  if (ts.isBigIntLiteral(left)) return true;
  return ts.isNumericLiteral(left) && left.text === '2' && ts.isNumericLiteral(right);
}

/** Whether an identifier only names a property: `{ process: 1 }`, `interface X { process: P }`. */
function isKey(node: ts.Identifier): boolean {
  const { parent } = node;
  const named =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isAccessor(parent);
  return named && parent.name === node;
}

function lookUp(table: Readonly<Record<string, string>>, name: string) {
  const instead = Object.hasOwn(table, name) ? table[name] : undefined;
  return instead === undefined ? undefined : { name, instead };
}

/** The settings of a check by which a verdict could depend on the machine. */
const timed = /\b(?:check(?:Operations|Events)Async|timeoutMs)\b/;
const checks = /\bcheck(?:Operations|Events)\b/;

/** Verdicts of scenarios do not depend on the machine, so no check in them looks at a clock. */
function checkTimeless(file: string, text: string): string[] {
  if (folderOf(file) !== 'scenarios' || isTest(file)) return [];
  const found = timed.exec(text) ?? (checks.test(text) ? /\bsignal\b/.exec(text) : null);
  if (found === null) return [];
  return [`${file}: use maxSteps instead of ${found[0]}: a verdict may not depend on the machine`];
}

function checkSize(file: string, text: string): string[] {
  const lines = text.replace(/\n$/, '').split('\n');
  const max = isTest(file) ? limits.testLines : limits.fileLines;
  const complaints = lines.flatMap((line, index) => {
    const here = `${file}:${index + 1}`;
    // A web address cannot be broken.
    const wide = line.length > limits.columns && !/https?:/.test(line);
    return [
      ...(wide ? [`${here}: ${line.length} columns, of ${limits.columns} allowed`] : []),
      ...(leftover.test(line) ? [`${here}: do it, or make it an issue: ${line.trim()}`] : []),
    ];
  });
  if (lines.length > max) complaints.push(`${file}: ${lines.length} lines, of ${max} allowed`);
  return isTest(file) ? complaints : [...complaints, ...checkFunctions(file, text)];
}

function checkFunctions(file: string, text: string): string[] {
  const source = parse(file, text);
  const complaints: string[] = [];
  visit(source, (node) => {
    if (!ts.isFunctionLike(node)) return;
    const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line;
    const lines = lineOf(node.end) - lineOf(node.getStart(source)) + 1;
    if (lines <= limits.functionLines) return;
    const name = node.name?.getText(source) ?? 'function';
    const allowed = limits.functionLines;
    complaints.push(`${at(source, node)}: ${name} has ${lines} lines, of ${allowed} allowed`);
  });
  return complaints;
}

function parse(file: string, text: string): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  ts.forEachChild(node, (child) => visit(child, see));
}

function at(source: ts.SourceFile, node: ts.Node): string {
  const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
  return `${source.fileName}:${line + 1}`;
}

// --- the checks, checked ------------------------------------------------------------------------

describe('who may import whom', () => {
  const cases: readonly [file: string, text: string, complaint: RegExp | undefined][] = [
    ['sim/kernel/a.ts', `import { b } from '../random/b.ts';`, undefined],
    ['sim/a.ts', `import alea from 'seedrandom/lib/alea.js';`, undefined],
    ['sim/a.ts', `import seedrandom from 'seedrandom';`, /sim\/ may not import 'seedrandom'/],
    ['sim/a.ts', `import fs from 'node:fs';`, /runs in a browser too/],
    ['sim/a.test.ts', `import fs from 'node:fs';`, undefined],
    ['sim/a.ts', `import type { R } from '../raft/r.ts';`, /nothing of ours.*'raft\/r.ts'/],
    ['sim/a.ts', `export * from '../raft/r.ts';`, /nothing of ours/],
    ['sim/a.ts', `const r = await import('../raft/r.ts');`, /nothing of ours/],
    ['sim/a.ts', `// import '../raft/r.ts'`, undefined],
    ['sim/a.test.ts', `import '../raft/r.ts';`, /nothing of ours/],
    ['sim/a.test.ts', `import '../scenarios/runner/node-host.ts';`, undefined],
    ['sim/a.ts', `import '../scenarios/runner/node-host.ts';`, /nothing of ours/],
    ['raft/a.ts', `import '../kvsrv/index.ts';`, /raft\/ may import sim\/, but not/],
    ['shardkv/a/b.ts', `import '../../kvsrv/index.ts';`, undefined],
    ['kvsrv/a.ts', `import { z } from 'zod';`, /kvsrv\/ may not import 'zod'/],
    ['scenarios/runner/a.ts', `import '../define/b.ts'; import 'zod';`, undefined],
    ['scenarios/runner/a.ts', `import 'node:fs';`, /is named node-\*.ts/],
    ['scenarios/runner/node-a.ts', `import 'node:fs';`, undefined],
    ['scenarios/runner/a.ts', `import '../lab2-kv/b.ts';`, /knows no lab/],
    ['scenarios/define/a.ts', `import '../../kvsrv/b.ts';`, /knows no lab/],
    ['scenarios/define/a.ts', `import '../index.ts';`, /knows no lab/],
    ['scenarios/shrink/a.ts', `import '../lab2-kv/b.ts';`, /knows no lab/],
    ['scenarios/testing/a.ts', `import '../catalogue.ts';`, /knows no lab/],
    ['scenarios/lab2-kv/a.ts', `import '../../kvsrv/b.ts';`, undefined],
    ['scenarios/a.ts', `import '../cli/b.ts';`, /but not 'cli\/b.ts'/],
    ['cli/a.ts', `import '../scenarios/b.ts'; import 'commander';`, undefined],
    ['cli/a.ts', `import '../bench/b.ts';`, /but not 'bench\/b.ts'/],
    ['viewer/a.tsx', `import '../scenarios/define/b.ts'; import 'preact';`, undefined],
    ['viewer/a.ts', `import 'node:fs';`, /is named node-\*.ts/],
    ['viewer/a.ts', `import '../scenarios/report/node-b.ts';`, /runs in a browser/],
    ['viewer/node-a.mjs', `import 'node:fs';`, undefined],
    ['viewer/a.ts', `import '../cli/b.ts';`, /but not 'cli\/b.ts'/],
    ['examples/a.ts', `import 'faultlab/sim';`, undefined],
    ['examples/a.ts', `import '../sim/index.ts';`, /examples\/ may import nothing of ours/],
  ];
  test.each(cases)('%s: %s', (file, text, complaint) => {
    expectComplaint(checkImports(file, text), complaint);
  });
});

describe('what the core may not name', () => {
  const cases: readonly [text: string, complaint: RegExp | undefined][] = [
    [`const a = new Date();`, /sim\/a.ts:1: use the environment's virtual clock instead of Date/],
    [`let a: Date;`, /virtual clock/],
    [`\nsetTimeout(f, 1);`, /sim\/a.ts:2: use the environment's timers/],
    [`globalThis.process.exit();`, /an argument instead of process/],
    [`const { process } = globalThis;`, /instead of process/],
    [`f({ process })`, /instead of process/],
    [`const { process } = line; f({ process });`, undefined],
    [`const clock = Date;`, /instead of Date/],
    [`f({ process: 1 }); node.process(); interface I { process: P; fetch(): void }`, undefined],
    [`const guarded = ['Date', 'setTimeout']; // Date`, undefined],
    [`Math.max(1, Math.sqrt(2));`, undefined],
    [`Math.random()`, /a named random stream instead of Math.random/],
    [`Math.log(2)`, /a table/],
    [`const a = 2 ** n;`, /multiplication.*instead of \*\*/],
    [`const a = 10 ** 3;`, /multiplication/],
    [`const a = 2 ** 53 + Number(2n ** n);`, undefined],
    [`a.localeCompare(b)`, /code units/],
    [`console.log(x); logger.random();`, undefined],
    [`const a = constructor.toString;`, undefined],
  ];
  test.each(cases)('%s', (text, complaint) => {
    expectComplaint(checkNames('sim/a.ts', text), complaint);
  });
  test('but one file of the checker gives it a clock', () => {
    expect(checkNames('porcupine-ts/host.ts', 'performance.now()')).toEqual([]);
    expect(checkNames('porcupine-ts/check.ts', 'performance.now()')).toHaveLength(1);
    expect(checkNames('sim/host.ts', 'performance.now()')).toHaveLength(1);
  });
  test('tests and the upper folders may name it', () => {
    expect(checkNames('sim/a.test.ts', 'Date.now()')).toEqual([]);
    expect(checkNames('cli/a.ts', 'Date.now()')).toEqual([]);
  });
});

describe('what would make a verdict depend on the machine', () => {
  const cases: readonly [file: string, text: string, complaint: RegExp | undefined][] = [
    ['scenarios/a.ts', 'checkOperations(model, history, { maxSteps })', undefined],
    ['scenarios/a.ts', 'checkOperations(m, h, { timeoutMs: 1 })', /maxSteps instead of timeoutMs/],
    ['scenarios/a.ts', 'checkEvents(m, e, { signal })', /maxSteps instead of signal/],
    ['scenarios/a.ts', 'await checkEventsAsync(m, e)', /instead of checkEventsAsync/],
    ['scenarios/a.ts', 'stop(signal)', undefined],
    ['cli/a.ts', 'checkOperations(m, h, { timeoutMs: 1 })', undefined],
  ];
  test.each(cases)('%s: %s', (file, text, complaint) => {
    expectComplaint(checkTimeless(file, text), complaint);
  });
});

describe('how large things may grow', () => {
  const lines = (count: number, line = 'f();'): string => `${line}\n`.repeat(count);
  const functionOf = (count: number): string => `function big() {\n${lines(count - 2)}}\n`;
  const cases: readonly [name: string, file: string, text: string, complaint?: RegExp][] = [
    ['a full file', 'sim/a.ts', lines(500)],
    ['a file too long', 'sim/a.ts', lines(501), /501 lines, of 500 allowed/],
    ['a full test', 'sim/a.test.ts', lines(800)],
    ['a test too long', 'sim/a.test.ts', lines(801), /801 lines, of 800/],
    ['a full function', 'cli/a.ts', functionOf(70)],
    ['a function too long', 'cli/a.ts', functionOf(71), /a.ts:1: big has 71 lines, of 70/],
    ['a test suite', 'cli/a.test.ts', functionOf(200)],
    ['a full line', 'cli/a.ts', 'x'.repeat(100)],
    ['a line too wide', 'cli/a.ts', `\n${'x'.repeat(101)}`, /a.ts:2: 101 columns/],
    ['a web address', 'cli/a.ts', `// https://${'x'.repeat(101)}`],
    [
      'something left to do',
      'cli/a.ts',
      ['// TO', 'DO later'].join(''),
      /do it, or make it an issue/,
    ],
  ];
  test.each(cases)('%s', (_name, file, text, complaint) => {
    expectComplaint(checkSize(file, text), complaint);
  });
});

function expectComplaint(complaints: readonly string[], expected: RegExp | undefined): void {
  expect(complaints).toEqual(expected === undefined ? [] : [expect.stringMatching(expected)]);
}

// --- the project --------------------------------------------------------------------------------

describe('the project', () => {
  const files = sourceFiles();

  test('has sources', () => {
    expect(files.length).toBeGreaterThan(1);
  });
  test.each([
    ['imports only what the table allows', checkImports],
    ['names nothing in the core that depends on the machine', checkNames],
    ['judges nothing by the clock', checkTimeless],
    ['keeps files, functions and lines small', checkSize],
  ])('%s', (_name, check) => {
    const complaints = files.flatMap((file) => check(file, fs.readFileSync(rooted(file), 'utf8')));
    expect(complaints).toEqual([]);
  });
});

function rooted(file: string): string {
  return path.join(import.meta.dirname, file);
}

/** The sources at the root and in the folders of the table, with `/` whatever the machine uses. */
function sourceFiles(): string[] {
  const list = (folder: string, recursive: boolean): string[] =>
    fs
      .readdirSync(rooted(folder), { recursive, encoding: 'utf8' })
      .map((name) => path.join(folder, name).replaceAll('\\', '/'))
      .filter((name) => /\.(tsx?|mjs)$/.test(name) && !/(^|\/)(node_modules|dist)\//.test(name));
  const present = Object.keys(folders).filter((folder) => fs.existsSync(rooted(folder)));
  return [...list('', false), ...present.flatMap((folder) => list(folder, true))];
}
