import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { FaultAction } from '../sim/index.ts';
import type { Json, PlanCode } from '../scenarios/define/plan.ts';
import { FileError } from '../scenarios/define/file-error.ts';
import { parseFaults } from '../scenarios/define/plan-file.ts';
import type { TargetSpec } from '../scenarios/runner/node-target.ts';
import { UsageError } from './errors.ts';

/** The options that say whose code runs. */
export interface CodeOptions {
  readonly impl?: string | undefined;
  readonly specimen?: string | undefined;
}

/** The options that say what runs, besides the seed. */
export interface TargetOptions extends CodeOptions {
  readonly set?: readonly string[] | undefined;
  readonly profile?: string | undefined;
  readonly disk?: string | undefined;
  readonly faults?: string | undefined;
  readonly strict?: boolean | undefined;
}

/** For options that may be given several times. */
export function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

/** Add {@link CodeOptions} to a command. */
export function withCodeOptions(command: Command): Command {
  return command
    .option('--impl <file>', 'code under test: a TypeScript or JavaScript file')
    .option('--specimen <id>', 'run a deliberately wrong variant (see specimens list)');
}

/** Add {@link TargetOptions} to a command. */
export function withTargetOptions(command: Command): Command {
  const chosen = command
    .option('--set <key=value>', 'set a param of the scenario (repeatable; see list)', collect)
    .option('--profile <name>', 'network profile instead of the drawn one')
    .option('--disk <name>', 'disk profile instead of the drawn one')
    .option(
      '--faults <file|none>',
      'fault actions instead of the drawn ones: a JSON file, or none',
    );
  return withCodeOptions(chosen).option(
    '--strict',
    'prove that nodes do as they declare, and leave alone what they sent',
  );
}

export function targetSpec(scenario: string, options: TargetOptions): TargetSpec {
  const { set = [], profile, disk, faults, impl, specimen, strict } = options;
  if (impl !== undefined && specimen !== undefined) {
    throw new UsageError('--impl and --specimen exclude each other');
  }
  const params = Object.fromEntries(set.map(parsePair));
  return {
    scenario,
    impl,
    specimen,
    isStrict: strict,
    overrides: {
      params,
      profile,
      disk,
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
