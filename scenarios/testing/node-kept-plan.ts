import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileError } from '../define/file-error.ts';
import { parsePlan } from '../define/plan-file.ts';
import type { Plan } from '../define/plan.ts';
import type { RunResult } from '../define/result.ts';
import { prepareFolder, runFolder } from '../report/node-output-folder.ts';

/**
 * Keep the plan of a run that failed in a test, with its result, so that it can be run again. While
 * a property shrinks its plans, the smaller one takes the place of the larger one.
 * @returns the path of the plan
 * @throws FileError if it cannot be written
 */
export function keepPlan(plan: Plan, result: RunResult): string {
  const folder = runFolder(plan.scenario, `test-${plan.seed}`);
  const file = join(folder, 'plan.json');
  prepareFolder(folder);
  try {
    writeFileSync(join(folder, 'result.json'), `${JSON.stringify(result, undefined, 2)}\n`);
    writeFileSync(file, `${JSON.stringify(plan, undefined, 2)}\n`);
  } catch (error) {
    throw new FileError(file, `cannot be written: ${(error as Error).message}`);
  }
  return file;
}

/**
 * Read a plan: one that a failing test kept, or that stands beside the tests as a regression.
 * @throws FileError naming file and field
 */
export function readPlan(file: string): Plan {
  try {
    return parsePlan(readFileSync(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof FileError) throw error;
    throw new FileError(file, `cannot be read: ${(error as Error).message}`);
  }
}
