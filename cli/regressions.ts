import { existsSync } from 'node:fs';
import type { Plan } from '../scenarios/define/plan.ts';
import { regressionFile, writeRegression } from '../scenarios/report/node-regression-file.ts';
import type { JobReport } from '../scenarios/runner/node-target.ts';
import { UsageError } from './errors.ts';

/**
 * The file for a regression. Said before the work, if it cannot be.
 * @param name as the user gave it; true = made of scenario and seed, or specimen
 * @throws UsageError
 */
export function regressionName(name: string | true, plan: Plan): string {
  const file = regressionFile(name === true ? nameOf(plan) : name);
  if (typeof name === 'string' && !/^\w[\w.-]*$/.test(name)) {
    throw new UsageError(`--save: expected a name of letters, digits, "-", "." and "_": "${name}"`);
  }
  if (existsSync(file)) throw new UsageError(`--save: ${file} is there already: name another`);
  return file;
}

/** Store a run that failed. */
export function saveRegression(file: string, { plan, result }: JobReport): void {
  const { verdict, signature } = result;
  if (plan === undefined || signature === undefined) throw new Error('only failures are stored');
  writeRegression(file, { format: 1, kind: 'regression', plan, expected: { verdict, signature } });
}

function nameOf({ scenario, seed, code }: Plan): string {
  const parts = [...scenario.split('/'), code?.specimen ?? `seed-${seed}`];
  return parts.join('-').replaceAll(/[^\w.-]/g, '_');
}
