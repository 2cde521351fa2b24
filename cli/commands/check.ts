import { readFileSync } from 'node:fs';
// Nothing but the checker is loaded on this path: a small file is judged in a moment.
import { checkOperations, models, openMaybe, parseHistory } from '../../porcupine-ts/index.ts';
import { UsageError } from '../errors.ts';
import { print, printJson } from '../output.ts';

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
  const model = models[options.model];
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
  const { verdict, operations, partitions, violation } = result;
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
    print(`${verdict}  ${operations} operations in ${partitions} parts, ${result.steps} steps`);
    if (violation !== undefined) print(`  ${violation.reason}`);
  }
  return { ok: 0, illegal: 1, unknown: 2 }[verdict];
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
    if (error instanceof Error) error.message = `${file}: ${error.message}${hint(error)}`;
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
