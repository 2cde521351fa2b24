import pc from 'picocolors';
import { packs } from '../../scenarios/catalogue.ts';
import { describeParams } from '../../scenarios/define/params.ts';
import type { Scenario } from '../../scenarios/define/scenario.ts';
import { ExitCode } from '../../scenarios/report/exit-code.ts';
import { clockProfiles, diskProfiles, hardwareProfiles, profiles } from '../../sim/index.ts';
import { UsageError } from '../errors.ts';
import { print, printJson } from '../output.ts';

export interface ListOptions {
  readonly lab?: string;
  readonly params?: boolean;
  readonly profiles?: boolean;
  readonly json?: boolean;
}

/** `list`: what can be run. */
export function listCommand(options: ListOptions): number {
  if (options.profiles === true) return listProfiles(options);
  const chosen = packs
    .flatMap((pack) => pack.scenarios)
    .filter((scenario) => options.lab === undefined || String(scenario.lab) === options.lab);
  if (chosen.length === 0) {
    const labs = packs.map((pack) => pack.lab).filter((lab) => lab !== undefined);
    throw new UsageError(
      `--lab: no scenarios of lab ${options.lab}; there are labs ${labs.join(', ')}`,
    );
  }
  if (options.json === true) chosen.forEach((scenario) => printJson(row(scenario)));
  else listText(chosen, options.params === true);
  return ExitCode.asExpected;
}

function row({ name, lab, test, description }: Scenario): object {
  return { format: 1, scenario: name, lab, test, description };
}

function listText(scenarios: readonly Scenario[], withParams: boolean): void {
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  for (const pack of packs) {
    const members = pack.scenarios.filter((scenario) => scenarios.includes(scenario));
    if (members.length === 0) continue;
    print(pc.bold(`lab ${pack.lab ?? '-'}  ${pack.title}`));
    for (const scenario of members) {
      const { name, test, description } = scenario;
      print(`  ${name.padEnd(width)}  ${description}`);
      if (test !== undefined) print(pc.dim(`  ${' '.repeat(width)}  ${test}`));
      if (withParams) printParams(scenario, width);
    }
  }
}

function printParams(scenario: Scenario, width: number): void {
  for (const { name, text } of describeParams(scenario)) {
    print(`  ${' '.repeat(width)}  --set ${name}=${text}`);
  }
}

function listProfiles(options: ListOptions): number {
  const all = {
    network: profiles,
    disk: diskProfiles,
    clocks: clockProfiles,
    hardware: hardwareProfiles,
  };
  for (const [of, profilesOf] of Object.entries(all)) {
    for (const { name, description } of profilesOf.values()) {
      if (options.json === true) printJson({ format: 1, profile: name, of, description });
      else print(`${of.padEnd(8)} ${name.padEnd(34)} ${description}`);
    }
  }
  return ExitCode.asExpected;
}
