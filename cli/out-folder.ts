import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { makeFolder } from '../scenarios/report/node-make-folder.ts';
import { FileError } from '../scenarios/define/file-error.ts';
import { UsageError } from './errors.ts';

/**
 * Make sure that outputs can be written, before a run that may take long.
 * @throws UsageError unless the folder is empty, or not there yet
 * @throws FileError if it cannot be made
 */
export function checkOutFolder(folder: string): void {
  // Resolved, it would be the folder one is in.
  if (folder === '') throw new UsageError('--out: name a folder');
  const target = resolve(folder);
  let there = target;
  while (!existsSync(there)) there = dirname(there);
  if (!statSync(there).isDirectory()) throw new UsageError(`--out: ${there} is no folder`);
  if (there === target && orFileError(folder, () => readdirSync(target)).length > 0) {
    throw new UsageError(`--out: ${folder} is not empty: name another folder`);
  }
  // It takes its place as a whole, beside what is there.
  const parent = there === target ? dirname(target) : there;
  orFileError(folder, () => accessSync(parent, constants.W_OK));
}

/**
 * Write all files there, or none: they appear with the folder.
 * @throws FileError if they cannot be written
 */
export function writeOutFolder(
  folder: string,
  files: readonly (readonly [string, string])[],
): void {
  checkOutFolder(folder);
  const target = resolve(folder);
  const unfinished = `${target}.unfinished-${process.pid}`;
  orFileError(folder, () => {
    makeFolder(dirname(target));
    mkdirSync(unfinished);
    try {
      for (const [name, content] of files) writeFileSync(join(unfinished, name), content);
      // It stays if somebody has put a file there meanwhile.
      if (existsSync(target)) rmdirSync(target);
      renameSync(unfinished, target);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  });
}

function orFileError<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new FileError(folder, `cannot be written: ${(error as Error).message}`);
  }
}
