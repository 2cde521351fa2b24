import { Command } from 'commander';
import type { WorldChoices } from '../scenarios/define/world-choices.ts';

/** The options that say whose code runs. */
export interface CodeOptions {
  readonly impl?: string | undefined;
  readonly specimen?: string | undefined;
}

/**
 * The options that say what runs, besides the seed. What they mean is in `target-spec.ts`: that
 * loads the readers of plans, which a command that runs nothing should not wait for.
 */
export interface TargetOptions extends CodeOptions, WorldChoices {
  readonly set?: readonly string[] | undefined;
  readonly faults?: string | undefined;
  readonly strict?: boolean | undefined;
  /** Files for a job to read, as patterns; see `input-files.ts`. */
  readonly input?: readonly string[] | undefined;
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
    .option('--clocks <name>', 'clock profile instead of the drawn one')
    .option('--schedule <name>', 'order of events: fifo, random or priorities')
    .option('--hardware <name>', 'hardware profile instead of the drawn one')
    .option(
      '--faults <file|none>',
      'fault actions instead of the drawn ones: a JSON file, or none',
    );
  return withCodeOptions(chosen).option(
    '--strict',
    'prove that nodes do as they declare, and leave alone what they sent',
  );
}

/** The options that words of the command mean, as a sweep keeps them. */
export function optionsOfWords(words: readonly string[]): TargetOptions {
  const command = withTargetOptions(new Command()).option('--input <files>', '', collect);
  return command.exitOverride().parse(words, { from: 'user' }).opts<TargetOptions>();
}
