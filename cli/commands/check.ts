import { readFileSync } from 'node:fs';
// Nothing but the checker is loaded on this path: a small file is judged in a moment.
import { checkOperations, models, openMaybe, parseHistory } from '../../porcupine-ts/index.ts';
import { ExitCode, exitCodeOfVerdict } from '../../scenarios/report/exit-code.ts';
import { verdictText } from '../../scenarios/report/text-run.ts';
import { UsageError } from '../errors.ts';
import { print, printJson } from '../output.ts';

const WORDS = { ok: 'pass', illegal: 'violation', unknown: 'unknown' } as const;

export interface CheckCommandOptions {
  readonly model: string;
  readonly format: string;
  readonly maxSteps?: string;
  /** An ErrMaybe took effect, if at all, before it was returned. */
  readonly closedMaybe?: boolean;
  readonly json?: boolean;
}

/** `check FILE`: is a recorded history linearizable? `-` = standard input. */
export function checkCommand(file: string, options: CheckCommandOptions): number {
  const model = Object.hasOwn(models, options.model) ? models[options.model] : undefined;
  if (model === undefined) {
    const there = Object.keys(models).join(', ');
    throw new UsageError(`--model: no model "${options.model}"; there are ${there}`);
  }
  const history = parseNamed(file, options, model);
  const { maxSteps } = options;
  // Nobody says whether the network of a stored history could deliver requests late.
  const isKv = model.name.startsWith('versioned-kv') && options.closedMaybe !== true;
  const judged = isKv ? openMaybe(history as Parameters<typeof openMaybe>[0]) : history;
  const result = checkOperations(model, judged, {
    ...(maxSteps === undefined ? {} : { maxSteps: steps(maxSteps) }),
  });
  const { operations, partitions, violation } = result;
  // The project's words, which differ from those of the checker's own library. Nothing to judge
  // proves nothing.
  const verdict = operations === 0 ? 'vacuous' : WORDS[result.verdict];
  if (options.json === true) {
    const reason = violation?.reason;
    printJson({
      format: 1,
      file,
      model: model.name,
      verdict,
      operations,
      partitions,
      steps: result.steps,
      reason,
    });
  } else {
    const what = `${operations} operations in ${partitions} parts, ${result.steps} steps`;
    print(`${verdictText(verdict)}  ${what}`);
    if (violation !== undefined) print(`  ${violation.reason}`);
  }
  return verdict === 'pass' ? ExitCode.asExpected : exitCodeOfVerdict(verdict);
}

function parseNamed(
  file: string,
  { format }: CheckCommandOptions,
  model: (typeof models)[string],
): ReturnType<typeof parseHistory> {
  try {
    return parseHistory(readInput(file), format as Parameters<typeof parseHistory>[1], model);
  } catch (error) {
    // Positions come from the reader, the name of the file from here.
    const name = file === '-' ? 'standard input' : file;
    if (error instanceof Error) error.message = `${name}: ${error.message}${hint(error)}`;
    throw error;
  }
}

/** The commonest slip: the history of a lock, judged as that of a map. */
function hint({ message }: Error): string {
  const isAboutModel = message.includes('unknown operation');
  return isAboutModel ? ` (another --model? there are ${Object.keys(models).join(', ')})` : '';
}

function readInput(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot be read: ${(error as Error).message}`);
  }
}

function steps(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new UsageError(`--max-steps: expected a whole number from 1, not "${text}"`);
}
