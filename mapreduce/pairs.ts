import type { Application, KeyValue } from './contract.ts';
import { partitionOf } from './partition.ts';

/** Values by key, in the order in which they came. */
export type Groups = Map<string, string[]>;

export function addTo(groups: Groups, { key, value }: KeyValue): void {
  const values = groups.get(key);
  if (values === undefined) groups.set(key, [value]);
  else values.push(value);
}

/** Pairs by reduce task; those that have none are left out. */
export type Buckets = ReadonlyMap<number, readonly KeyValue[]>;

/** The pairs of one map task, combined, by reduce task. */
export function bucketsOf(pairs: Iterable<KeyValue>, app: Application, reduces: number): Buckets {
  const groups: Groups = new Map();
  for (const pair of pairs) addTo(groups, pair);
  const buckets = new Map<number, KeyValue[]>();
  for (const [key, values] of groups) {
    const reduce = app.partition?.(key, reduces) ?? partitionOf(key, reduces);
    if (!Number.isInteger(reduce) || reduce < 0 || reduce >= reduces) {
      throw new RangeError(
        `partition("${key}", ${reduces}) gave ${reduce}, which is no reduce task`,
      );
    }
    let bucket = buckets.get(reduce);
    if (bucket === undefined) buckets.set(reduce, (bucket = []));
    const combined = app.combine === undefined ? values : [app.combine(key, values)];
    for (const value of combined) bucket.push({ key, value });
  }
  return buckets;
}

/** Keys in order, by code units: those of an output are sorted (§4.2). */
export function sortedKeys(groups: Groups): string[] {
  return [...groups.keys()].toSorted((a, b) => (a < b ? -1 : 1));
}

/** Ends a file of pairs: without it nobody could tell a whole file from a beginning of one. */
const END = '.';

/** Pairs as the content of a file: one JSON array a line. */
export function encode(pairs: readonly KeyValue[]): string {
  const lines = pairs.map(({ key, value }) => `${JSON.stringify([key, value])}\n`);
  return `${lines.join('')}${END}\n`;
}

/** @throws SyntaxError if the file is not whole */
export function decode(content: string): KeyValue[] {
  const lines = content.split('\n');
  if (lines.pop() !== '' || lines.pop() !== END) {
    throw new SyntaxError('a file of intermediate pairs is not whole');
  }
  return lines.map((line) => {
    const [key, value] = JSON.parse(line) as [string, string];
    return { key, value };
  });
}

/** One line of an output. */
export function outputLine(key: string, value: string): string {
  return `${key} ${value}\n`;
}
