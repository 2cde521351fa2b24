import type { Change } from './fork.ts';
import { parseSpan } from './moment.ts';
import { StepError } from './step-error.ts';
import type { Stepper } from './stepper.ts';

/** What somebody can tell the stepper to do. */
interface StepCommand {
  /** The first one is its full name. */
  readonly names: readonly [string, ...string[]];
  readonly args: string;
  readonly help: readonly string[];
  /** Undefined ends the session. */
  readonly obey: (
    stepper: Stepper,
    words: readonly string[],
  ) => readonly string[] | Promise<readonly string[]> | undefined;
}

const COMMANDS: readonly StepCommand[] = [
  {
    names: ['next', 'n', ''],
    args: '[N]',
    help: ['one event on, or N (also: Enter)'],
    obey: (stepper, [count]) => stepper.next(countOf(count)),
  },
  {
    names: ['back', 'b'],
    args: '[N]',
    help: ['one event back, or N'],
    obey: (stepper, [count]) => stepper.back(countOf(count)),
  },
  {
    names: ['goto', 'g'],
    args: 'PLACE',
    help: ['an event (120), a moment (1.2s, 50ms), start, end, failure'],
    obey: (stepper, [where = '']) => stepper.goto(where),
  },
  {
    names: ['break', 'br'],
    args: '...',
    help: [
      'stop at: EVENT, node ID, message TYPE, topic NAME,',
      'state ID [FIELD]; alone: which there are',
    ],
    obey: (stepper, words) => stepper.break(words),
  },
  {
    names: ['delete'],
    args: '[N]',
    help: ['forget breakpoint N, or all'],
    obey: (stepper, [number]) => stepper.delete(number === undefined ? undefined : countOf(number)),
  },
  {
    names: ['continue', 'c'],
    args: '',
    help: ['on to the next breakpoint'],
    obey: (stepper) => stepper.continue(),
  },
  {
    names: ['state', 's', 'inspect', 'i'],
    args: '[NODE]',
    help: ['what a node knows, or each; * = changed by the last step'],
    obey: (stepper, [node]) => stepper.inspect(node),
  },
  {
    names: ['why', 'w'],
    args: '[EVENT] [all]',
    help: ['the chain of causes'],
    obey: (stepper, words) => {
      const number = words.find((word) => word !== 'all');
      const event = number === undefined ? undefined : countOf(number);
      return stepper.why(event, words.includes('all'));
    },
  },
  {
    names: ['details', 'd'],
    args: '',
    help: ['the event with its payloads in full'],
    obey: (stepper) => stepper.details(),
  },
  {
    names: ['list', 'l'],
    args: '',
    help: ['the event once more'],
    obey: (stepper) => stepper.here(),
  },
  {
    names: ['fork', 'f'],
    args: 'CHANGE [N]',
    help: [
      'run again with one message (N of the event) changed:',
      'drop, delay 50ms, deliver (what was lost); compare',
    ],
    obey: (stepper, words) => fork(stepper, words),
  },
  {
    names: ['take'],
    args: '',
    help: ['go on in the run that was forked last'],
    obey: (stepper) => stepper.take(),
  },
  {
    names: ['save'],
    args: 'FILE',
    help: ['write the plan of that run'],
    obey: (stepper, [file = '']) => {
      if (file === '') throw new StepError('expected the name of a file');
      return stepper.save(file);
    },
  },
  {
    names: ['help', 'h', '?'],
    args: '',
    help: ['this'],
    obey: () => helpLines(),
  },
  { names: ['quit', 'q', 'exit'], args: '', help: ['the end'], obey: () => undefined },
];

/** Full names of all commands. */
export const commandNames: readonly string[] = COMMANDS.map(({ names: [name] }) => name);

/**
 * Do what a line says; undefined ends the session. A command may be told by its beginning.
 * @throws StepError if it cannot be done
 */
export async function obeyLine(
  stepper: Stepper,
  line: string,
): Promise<readonly string[] | undefined> {
  const [name = '', ...words] = line.trim().split(/\s+/);
  return await commandNamed(name).obey(stepper, words);
}

function commandNamed(name: string): StepCommand {
  const exact = COMMANDS.find(({ names }) => names.includes(name));
  if (exact !== undefined) return exact;
  const begun = COMMANDS.filter(({ names }) => names.some((known) => known.startsWith(name)));
  const [only] = begun;
  if (only !== undefined && begun.length === 1) return only;
  const which = begun.length === 0 ? commandNames : begun.map(({ names }) => names[0]);
  const what = begun.length === 0 ? 'no command' : 'several commands begin with';
  throw new StepError(`${what} "${name}"; there are ${which.join(', ')}`);
}

export function helpLines(): string[] {
  return COMMANDS.flatMap(({ names: [name, short = ''], args, help: [first, ...rest] }) => {
    const keys = short.length === 1 ? `${short}, ` : '   ';
    const left = `${keys}${name} ${args}`.padEnd(22);
    return [`${left}${first}`, ...rest.map((more) => ' '.repeat(22) + more)];
  });
}

function fork(stepper: Stepper, words: readonly string[]): Promise<string[]> {
  const [what = '', ...rest] = words;
  const span = what === 'delay' ? parseSpan(rest[0] ?? '') : undefined;
  if (what === 'delay' && (span === undefined || span === 0)) {
    throw new StepError('expected a time: fork delay 50ms');
  }
  const change: Change | undefined =
    span !== undefined
      ? { kind: 'delay', byUs: span }
      : what === 'drop' || what === 'deliver'
        ? { kind: what }
        : undefined;
  if (change === undefined) throw new StepError('expected fork drop, fork delay 50ms or deliver');
  const which = span === undefined ? rest[0] : rest[1];
  return stepper.fork(change, which === undefined ? undefined : countOf(which));
}

function countOf(text: string = '1'): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1) return count;
  throw new StepError(`expected a number from 1, not "${text}"`);
}
