import type { Application, Split } from './contract.ts';
import { addTo, outputLine, sortedKeys, type Groups } from './pairs.ts';

/** What a job comes to without any cluster: the oracle of every test. Lines sorted by key. */
export async function sequential(
  app: Application,
  splits: readonly Split[],
  read: (split: Split) => string,
): Promise<string[]> {
  const groups: Groups = new Map();
  for (const split of splits) {
    for (const { key, value } of await app.map(split.file, read(split))) {
      addTo(groups, key, value);
    }
  }
  const lines: string[] = [];
  for (const key of sortedKeys(groups)) {
    lines.push(outputLine(key, await app.reduce(key, groups.get(key)!)));
  }
  return lines;
}
