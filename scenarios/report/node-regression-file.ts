import { existsSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { makeFolder } from './node-make-folder.ts';
import { FileError } from '../define/file-error.ts';
import type { PlanCode } from '../define/plan.ts';
import type { Regression } from '../define/regression-file.ts';

/** Where Faultlab itself keeps its regressions; elsewhere they go to `regressions/`. */
const OWN = join('scenarios', 'regressions');

/** The file of a regression of that name, from the folder that the command runs in. */
export function regressionFile(name: string): string {
  return join(existsSync(OWN) ? OWN : 'regressions', `${name}.json`);
}

/**
 * Store a regression.
 * @throws FileError if it cannot be written
 */
export function writeRegression(file: string, regression: Regression): void {
  const { plan } = regression;
  const { code } = plan;
  const stored = { ...regression, plan: { ...plan, code: code && portable(code) } };
  try {
    makeFolder(dirname(file));
    writeFileSync(file, `${JSON.stringify(stored, undefined, 2)}\n`);
  } catch (error) {
    throw new FileError(file, `cannot be written: ${(error as Error).message}`);
  }
}

/**
 * Paths from the folder that the command runs in, and no hash: a regression travels with the code
 * that it is of, and is there to be run when that has changed.
 */
function portable({ scenarioFile, impl, specimen }: PlanCode): PlanCode {
  return { scenarioFile: fromHere(scenarioFile), impl: fromHere(impl), specimen };
}

function fromHere(path: string | undefined): string | undefined {
  if (path === undefined || !isAbsolute(path)) return path;
  const here = relative(process.cwd(), path);
  return here.startsWith('..') || isAbsolute(here) ? path : here.replaceAll('\\', '/');
}
