import type { Command, Option } from 'commander';
import { packs } from '../scenarios/catalogue.ts';
import { labsAndParts, suiteOf } from '../scenarios/define/suite.ts';
import { clockProfiles, diskProfiles, hardwareProfiles, profiles, topics } from '../sim/index.ts';

/** A candidate that stands for the names of files, which a shell knows best. */
export const FILES = ':files';

const scenarios = (): string[] => packs.flatMap((pack) => pack.scenarios.map(({ name }) => name));
const specimens = (): string[] => packs.flatMap((pack) => pack.specimens.map(({ id }) => id));

/** What may stand behind an option that is not a choice of a few words; by default anything. */
const VALUES: Readonly<Record<string, () => readonly string[]>> = {
  '--specimen': specimens,
  '--scenario': scenarios,
  '--profile': () => [...profiles.keys()],
  '--disk': () => [...diskProfiles.keys()],
  '--clocks': () => [...clockProfiles.keys()],
  '--hardware': () => [...hardwareProfiles.keys()],
  '--schedule': () => ['fifo', 'random', 'priorities'],
  '--topic': () => topics,
  '--faults': () => ['none', FILES],
  '--lab': () => labsAndParts(suiteOf(packs)),
  '--impl': () => [FILES],
  '--input': () => [FILES],
  '--out': () => [FILES],
  '--csv': () => [FILES],
  '--html': () => [FILES],
  '--md': () => [FILES],
  '--perfetto': () => [FILES],
  '--shiviz': () => [FILES],
};

/** What the argument of a command may be, by how its help names it. */
const ARGUMENTS: Readonly<Record<string, () => readonly string[]>> = {
  scenario: () => [...scenarios(), FILES],
  what: () => [...scenarios(), FILES],
  run: () => [...scenarios(), FILES],
  file: () => [FILES],
  files: () => [FILES],
  folder: () => [FILES],
  id: specimens,
};

/**
 * How the last of some words may go on.
 * @param words what stands behind the name of the command, up to the cursor
 */
export function candidates(root: Command, words: readonly string[]): string[] {
  const last = words.at(-1) ?? '';
  const { command, before } = commandOf(root, words.slice(0, -1));
  const option = command.options.find((one) => before !== '' && names(one).includes(before));
  const all = isAwaiting(option) ? valuesOf(option) : wordsOf(command, last);
  return all.filter((word) => word === FILES || word.startsWith(last));
}

/** The command that is meant, and the word before the one that is to be completed. */
function commandOf(root: Command, words: readonly string[]): { command: Command; before: string } {
  let command = root;
  for (const word of words) {
    const inner = command.commands.find((one) => one.name() === word);
    if (inner === undefined) break;
    command = inner;
  }
  return { command, before: words.at(-1) ?? '' };
}

function isAwaiting(option: Option | undefined): option is Option {
  return option !== undefined && (option.required || option.optional);
}

function valuesOf(option: Option): readonly string[] {
  return option.argChoices ?? VALUES[option.long ?? '']?.() ?? [];
}

/** Options where a hyphen stands, otherwise subcommands or arguments. */
function wordsOf(command: Command, last: string): readonly string[] {
  if (last.startsWith('-')) return [...command.options.flatMap(names), '--help'];
  if (command.commands.length > 0) {
    return [
      ...command
        .createHelp()
        .visibleCommands(command)
        .map((one) => one.name()),
    ];
  }
  const [argument] = command.registeredArguments;
  return argument?.argChoices ?? ARGUMENTS[argument?.name() ?? '']?.() ?? [];
}

function names({ long, short }: Option): string[] {
  return [long, short].filter((name) => name !== undefined && name !== null);
}
