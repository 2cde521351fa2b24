import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { quoted } from '../scenarios/report/shell-word.ts';
import { makeFolder } from '../scenarios/report/node-make-folder.ts';
import { VERSION } from '../scenarios/define/version.ts';
import { orFileError } from '../scenarios/report/node-output-folder.ts';
import { packageFile } from '../scenarios/runner/node-user-code.ts';
import { UsageError } from './errors.ts';
import { ownSpec } from './own-spec.ts';

/** What there is a skeleton for, and what of a lab to grade first. */
export const skeletons: Readonly<Record<string, string>> = {
  raft: '3A',
  kv: '2',
  mapreduce: '1',
  shardkv: '5A',
};

/** Where they are kept: as sources that are type-checked with everything else. */
const FOLDER = 'examples/skeletons';

/**
 * Write a skeleton into a folder that is new or empty.
 * @returns the names of the files
 * @throws UsageError, FileError; then nothing was written
 */
export function writeSkeleton(kind: string, folder: string): readonly string[] {
  const source = packageFile(`${FOLDER}/${kind}`);
  refuseFull(folder);
  const values = valuesFor(kind, folder);
  const files = readdirSync(source).map((name) => {
    const text = readFileSync(join(source, name), 'utf8');
    return { name, text: filledIn(text, values) };
  });
  orFileError(folder, () => makeFolder(folder));
  for (const { name, text } of files) {
    // Whoever made a file of this name in the meantime keeps it.
    orFileError(join(folder, name), (file) => writeFileSync(file, text, { flag: 'wx' }));
  }
  return files.map(({ name }) => name);
}

function refuseFull(folder: string): void {
  if (folder === '') throw new UsageError('init: name a folder');
  const stat = orFileError(folder, () => statSync(folder, { throwIfNoEntry: false }), 'read');
  if (stat === undefined) return;
  if (!stat.isDirectory()) throw new UsageError(`${folder} is a file; name a new folder`);
  const [first] = orFileError(folder, () => readdirSync(folder), 'read');
  if (first === undefined) return;
  throw new UsageError(`${folder} is not empty (${first} is there); name a new folder`);
}

/** What stands for a name in double braces. */
function valuesFor(kind: string, folder: string): ReadonlyMap<string, string> {
  const root = packageFile('.');
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    devDependencies: Readonly<Record<string, string>>;
  };
  return new Map([
    ['DIR', slashed(folder)],
    ['FILE', quoted(slashed(join(folder, `${kind}.ts`)))],
    ['DOCS', slashed(relative(resolve(folder), join(root, 'docs')))],
    ['FAULTLAB', ownSpec({ root, name: 'faultlab', version: VERSION }, folder)],
    ['FAST_CHECK', devDependencies['fast-check']!],
    ['TYPESCRIPT', devDependencies['typescript']!],
    ['VITEST', devDependencies['vitest']!],
  ]);
}

function filledIn(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/\{\{([A-Z_]+)\}\}/g, (whole, name: string) => values.get(name) ?? whole);
}

function slashed(path: string): string {
  return path.split(sep).join('/');
}
