import { InvariantViolation, LeakError } from '../sim/index.ts';
import type { Application, KeyValue, Split } from './contract.ts';

/** The user's code throws on a record, or on a piece of input; says which, and why. */
export class RecordError extends Error {
  /** Of a map task: its piece of input. */
  readonly split: Split | undefined;
  /** The line on which it throws, from 0; undefined = on no line alone, or it is no map task. */
  readonly line: number | undefined;
  /** What it said itself. */
  readonly reason: string;

  constructor(what: string, cause: Error, split?: Split, line?: number) {
    const where = line === undefined ? what : `${what}, line ${line + 1} of it`;
    super(`${where}: ${cause.message}`, { cause });
    this.split = split;
    this.line = line;
    this.reason = cause.message;
    // Where it was thrown is what its author wants to see.
    if (cause.stack !== undefined) this.stack = cause.stack;
  }
}

/** All pairs of a piece of input. @throws RecordError if the application does */
export async function mapOf(
  app: Application,
  split: Split,
  content: string,
): Promise<Iterable<KeyValue>> {
  try {
    const pairs = await app.map(split.file, content);
    // What yields them bit by bit may throw on the way.
    return Array.isArray(pairs) ? pairs : Array.from(pairs);
  } catch (error) {
    throw placed(error, `map of ${placeOf(split)}`, split);
  }
}

/** The same error, once the line is known. */
export function atLine(error: RecordError, line: number | undefined): RecordError {
  const { split, cause } = error;
  if (split === undefined || line === undefined) return error;
  return new RecordError(`map of ${placeOf(split)}`, cause as Error, split, line);
}

/** What the values of one key come to. @throws RecordError if the application does */
export async function reduceOf(
  app: Application,
  key: string,
  values: readonly string[],
): Promise<string> {
  try {
    return await app.reduce(key, values);
  } catch (error) {
    throw placed(error, `reduce of ${JSON.stringify(key)}`);
  }
}

function placeOf({ file, from, to }: Split): string {
  return from === undefined ? file : `${file}, bytes ${from} to ${to ?? 'the end'}`;
}

function placed(error: unknown, what: string, split?: Split): unknown {
  // What the simulator itself throws there it must be able to tell.
  const isOurs = error instanceof LeakError || error instanceof InvariantViolation;
  if (!(error instanceof Error) || isOurs) return error;
  return new RecordError(what, error, split);
}
