import type { Application, KeyValue, Split } from './contract.ts';
import { addTo, outputLine, sortedKeys, type Groups } from './pairs.ts';
import { badLines, withoutLines } from './records.ts';
import { mapOf, RecordError, reduceOf } from './user-code.ts';

/**
 * What a job comes to without any cluster: the oracle of every test. Lines sorted by key.
 * @param skips leave out the lines and keys on which the application throws
 */
export async function sequential(
  app: Application,
  splits: readonly Split[],
  read: (split: Split) => string | Promise<string>,
  skips: boolean = false,
): Promise<string[]> {
  const groups: Groups = new Map();
  for (const split of splits) {
    const content = await read(split);
    const pairs = skips ? await tolerantMap(app, split, content) : await mapOf(app, split, content);
    for (const { key, value } of pairs) addTo(groups, key, value);
  }
  const lines: string[] = [];
  for (const key of sortedKeys(groups)) {
    try {
      lines.push(outputLine(key, await reduceOf(app, key, groups.get(key)!)));
    } catch (error) {
      if (!skips) throw error;
    }
  }
  return lines;
}

async function tolerantMap(
  app: Application,
  split: Split,
  content: string,
): Promise<Iterable<KeyValue>> {
  try {
    return await mapOf(app, split, content);
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    const bad = await badLines(app, split.file, content);
    return await mapOf(app, split, withoutLines(content, bad));
  }
}
