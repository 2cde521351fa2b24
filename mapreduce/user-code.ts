import { CrashSignal, describeThrown, InvariantViolation, LeakError } from '../sim/index.ts';
import type { Application, KeyValue, Split } from './contract.ts';

/** The user's code throws on a record, or on a piece of input; says which, and why. */
export class RecordError extends Error {
  /** Of a map task: its piece of input. */
  readonly split: Split | undefined;
  /** The line on which it throws, from 0; undefined = on no line alone, or it is no map task. */
  readonly line: number | undefined;
  /** What it said itself. */
  readonly reason: string;

  constructor(what: string, cause: unknown, split?: Split, line?: number) {
    const where = line === undefined ? what : `${what}, line ${line + 1} of it`;
    const { message, stack } = describeThrown(cause);
    super(`${where}: ${message}`, { cause });
    this.split = split;
    this.line = line;
    this.reason = message;
    // Where it was thrown is what its author wants to see.
    this.stack = stack ?? this.message;
  }
}

/** All pairs of a piece of input. @throws RecordError if the application does */
export async function mapOf(
  app: Application,
  split: Split,
  content: string,
): Promise<Iterable<KeyValue>> {
  try {
    return await pairsOf(app, split.file, content);
  } catch (error) {
    throw placed(error, `map of ${placeOf(split)}`, split);
  }
}

/** What becomes of them. @throws RecordError if the application throws in there */
export function afterMap<T>(split: Split, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw placed(error, `map of ${placeOf(split)}`, split);
  }
}

/** The same error, once the line is known. */
export function atLine(error: RecordError, line: number | undefined): RecordError {
  const { split, cause } = error;
  if (split === undefined || line === undefined) return error;
  return new RecordError(`map of ${placeOf(split)}`, cause, split, line);
}

/** What the values of one key come to. @throws RecordError if the application does */
export async function reduceOf(
  app: Application,
  key: string,
  values: readonly string[],
): Promise<string> {
  try {
    return asLine(key, await app.reduce(key, values));
  } catch (error) {
    throw placed(error, `reduce of ${JSON.stringify(key)}`);
  }
}

/**
 * All pairs of a text; what yields them bit by bit may throw on the way.
 * @throws TypeError if they are none; whatever the application throws
 */
export async function pairsOf(
  app: Application,
  file: string,
  content: string,
): Promise<readonly KeyValue[]> {
  const found: unknown = await app.map(file, content);
  if (typeof (found as Partial<Iterable<KeyValue>> | undefined)?.[Symbol.iterator] !== 'function') {
    throw complaint(`map must give a list of {key, value}, not ${String(found)}`);
  }
  const pairs = Array.isArray(found) ? (found as KeyValue[]) : [...(found as Iterable<KeyValue>)];
  for (const pair of pairs as readonly (Partial<KeyValue> | undefined)[]) {
    if (typeof pair?.key !== 'string' || typeof pair.value !== 'string') {
      throw complaint(`map must give {key, value} of two texts, not ${JSON.stringify(pair)}`);
    }
  }
  return pairs;
}

/** An output has a line for each key: what breaks it would be read as another key. */
function asLine(key: string, found: unknown): string {
  if (typeof found !== 'string') {
    throw complaint(`reduce must give a text, not ${JSON.stringify(found)}`);
  }
  if (key.includes('\n') || found.includes('\n')) {
    throw complaint('neither a key nor what reduce gives may have a line end');
  }
  return found;
}

/** What an application has done wrong. It has no frames: they are ours. */
export function complaint(message: string): TypeError {
  const error = new TypeError(message);
  error.stack = message;
  return error;
}

/** An application that may be copied: what one of a class can do stands on its prototype. */
export function copyable(app: Application): Application {
  return {
    map: (file, content) => app.map(file, content),
    reduce: (key, values) => app.reduce(key, values),
    ...(app.combine && { combine: app.combine.bind(app) }),
    ...(app.partition && { partition: app.partition.bind(app) }),
  };
}

function placeOf({ file, from, to }: Split): string {
  return from === undefined ? file : `${file}, bytes ${from} to ${to ?? 'the end'}`;
}

function placed(error: unknown, what: string, split?: Split): unknown {
  // What the simulator itself throws there it must be able to tell. An application that makes env
  // calls may be where its machine crashes.
  const isOurs =
    error instanceof CrashSignal ||
    error instanceof LeakError ||
    error instanceof InvariantViolation;
  return isOurs ? error : new RecordError(what, error, split);
}
