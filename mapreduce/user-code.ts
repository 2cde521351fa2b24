import { InvariantViolation, LeakError } from '../sim/index.ts';
import type { Application, KeyValue, Split } from './contract.ts';

/** What an application throws says nothing of where in the input it stood; this does. */
export async function mapOf(
  app: Application,
  split: Split,
  content: string,
): Promise<Iterable<KeyValue>> {
  try {
    return await app.map(split.file, content);
  } catch (error) {
    throw placed(error, `map of ${placeOf(split)}`);
  }
}

/** The same for the values of one key. */
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

function placed(error: unknown, place: string): unknown {
  // What the simulator itself throws there it must be able to tell.
  const isOurs = error instanceof LeakError || error instanceof InvariantViolation;
  if (!(error instanceof Error) || isOurs) return error;
  const told = new Error(`${place}: ${error.message}`, { cause: error });
  // Where it was thrown is what its author wants to see.
  if (error.stack !== undefined) told.stack = error.stack;
  return told;
}
