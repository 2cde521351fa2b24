import { worldChoices, type WorldChoices } from '../define/world-choices.ts';
import type { SweepHeader } from '../define/sweep-file.ts';
import { VERSION } from '../define/version.ts';
import { quoted } from './shell-word.ts';

/** What the user chose besides the seed, as they said it. */
export interface Choices extends WorldChoices {
  readonly scenario: string;
  readonly set?: readonly string[] | undefined;
  readonly faults?: string | undefined;
  readonly impl?: string | undefined;
  readonly specimen?: string | undefined;
  readonly strict?: boolean | undefined;
  readonly input?: readonly string[] | undefined;
}

/** What the user chose of the code and of how it is run. */
type CodeChoices = Pick<Choices, 'impl' | 'specimen' | 'strict'>;

/**
 * The command that does a run again. It carries every override; version and hash of the code under
 * test stand behind `#`, so that the line can be pasted as it is.
 */
export function reproLine(choices: Choices, seed: string, codeHash: string | undefined): string {
  const words = ['run', choices.scenario, '--seed', seed, ...optionWords(choices)];
  return line(words, VERSION, codeHash);
}

/** What the user chose, as words of the command. */
export function optionWords(choices: Omit<Choices, 'scenario'>): string[] {
  const { set = [], faults, input = [] } = choices;
  const chosen = worldChoices.map((choice) => [`--${choice}`, choices[choice]] as const);
  const options = [
    ...set.map((pair) => ['--set', pair]),
    ...input.map((pattern) => ['--input', pattern]),
    ...chosen.flatMap(([option, value]) => (value === undefined ? [] : [[option, value]])),
    ...(faults === undefined ? [] : [['--faults', faults]]),
    ...codeOptions(choices),
  ];
  return options.flat();
}

/** The commands that do the runs of a stored sweep again, by seed. */
export function storedReproLines(header: SweepHeader): (seed: string) => string {
  const { target, options, faultlab, code } = header;
  const before = ['npx', 'faultlab', 'run', target, '--seed'].map(quoted).join(' ');
  const after = line(options, faultlab, code).replace(/^npx faultlab/, '');
  return (seed) => `${before} ${quoted(seed)}${after}`;
}

/** The command that runs a plan again: a plan holds all else itself. */
export function replayLine(file: string, code: CodeChoices, codeHash: string | undefined): string {
  return line(['replay', file, ...codeOptions(code).flat()], VERSION, codeHash);
}

function codeOptions({ impl, specimen, strict }: CodeChoices): string[][] {
  return [
    ...(impl === undefined ? [] : [['--impl', impl]]),
    ...(specimen === undefined ? [] : [['--specimen', specimen]]),
    ...(strict === true ? [['--strict']] : []),
  ];
}

function line(words: readonly string[], version: string, codeHash: string | undefined): string {
  const code = codeHash === undefined ? '' : `, code ${codeHash}`;
  const command = ['npx', 'faultlab', ...words].map(quoted).join(' ');
  return `${command}  # faultlab ${version}${code}`;
}
