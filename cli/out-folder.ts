import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from './errors.ts';

/** @throws UsageError unless the folder is empty, or not there yet */
export function checkOutFolder(folder: string): void {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) throw new UsageError(`--out: ${folder} is no folder`);
  if (readdirSync(folder).length === 0) return;
  throw new UsageError(`--out: ${folder} is not empty: name another folder`);
}

/** Write all files there, or none: they appear with the folder. */
export function writeOutFolder(
  folder: string,
  files: readonly (readonly [string, string])[],
): void {
  checkOutFolder(folder);
  const target = resolve(folder);
  const unfinished = `${target}.unfinished-${process.pid}`;
  mkdirSync(dirname(target), { recursive: true });
  mkdirSync(unfinished);
  try {
    for (const [name, content] of files) writeFileSync(join(unfinished, name), content);
    if (existsSync(target)) rmSync(target, { recursive: true });
    renameSync(unfinished, target);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}
