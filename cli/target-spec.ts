import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FaultAction } from '../sim/index.ts';
import type { Json, JsonObject, PlanCode } from '../scenarios/define/plan.ts';
import { FileError } from '../scenarios/define/file-error.ts';
import { worldChoicesOf } from '../scenarios/define/world-choices.ts';
import { parseFaults } from '../scenarios/define/plan-file.ts';
import type { TargetSpec } from '../scenarios/runner/node-target.ts';
import { UsageError } from './errors.ts';
import { inputFiles } from './input-files.ts';
import type { TargetOptions } from './target-options.ts';

/** What the options ask for. */
export function targetSpec(scenario: string, options: TargetOptions): TargetSpec {
  const { set = [], faults, impl, specimen, strict, input } = options;
  if (impl !== undefined && specimen !== undefined) {
    throw new UsageError('--impl and --specimen exclude each other');
  }
  const files = input === undefined ? [] : [['input', inputFiles(input)] as const];
  const params = Object.fromEntries([...set.map(parsePair), ...files]) as JsonObject;
  return {
    scenario,
    impl,
    specimen,
    isStrict: strict,
    overrides: {
      ...worldChoicesOf(options),
      params,
      faults: faults === undefined ? undefined : faultsOf(faults),
    },
  };
}

/** What a plan keeps of the code it was run with. */
export function planCode({ scenario, impl, specimen }: TargetSpec, hash?: string): PlanCode {
  const scenarioFile = /\.[cm]?[jt]s$/.test(scenario) ? resolve(scenario) : undefined;
  return { scenarioFile, impl: impl === undefined ? undefined : resolve(impl), specimen, hash };
}

export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new FileError(file, `cannot be read: ${(error as Error).message}`);
  }
}

function parsePair(pair: string): [string, Json] {
  const at = pair.indexOf('=');
  if (at < 1) throw new UsageError(`--set: expected key=value, not "${pair}"`);
  return [pair.slice(0, at), parseValue(pair.slice(at + 1))];
}

/** Numbers, booleans and JSON as such; anything else is text. */
function parseValue(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function faultsOf(file: string): readonly FaultAction[] {
  return file === 'none' ? [] : parseFaults(readText(file), file);
}
