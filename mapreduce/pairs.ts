import type { Application, KeyValue } from './contract.ts';
import { partitionOf } from './partition.ts';
import { complaint } from './user-code.ts';

/** Values by key, in the order in which they came. */
export type Groups = Map<string, string[]>;

export function addTo(groups: Groups, key: string, value: string): void {
  const values = groups.get(key);
  if (values === undefined) groups.set(key, [value]);
  else values.push(value);
}

/** All values of one key at once. They may become the group's own. */
function addAll(groups: Groups, key: string, more: string[]): void {
  const values = groups.get(key);
  if (values === undefined) groups.set(key, more);
  else for (const value of more) values.push(value);
}

/** Groups by reduce task; those that have none are left out. */
export type Buckets = ReadonlyMap<number, Groups>;

/** The pairs of one map task, combined, by reduce task. */
export function bucketsOf(pairs: Iterable<KeyValue>, app: Application, reduces: number): Buckets {
  const groups: Groups = new Map();
  for (const { key, value } of pairs) addTo(groups, key, value);
  const buckets = new Map<number, Groups>();
  for (const [key, values] of groups) {
    const reduce = app.partition?.(key, reduces) ?? partitionOf(key, reduces);
    if (!Number.isInteger(reduce) || reduce < 0 || reduce >= reduces) {
      throw complaint(`partition("${key}", ${reduces}) gave ${reduce}, which is no reduce task`);
    }
    let bucket = buckets.get(reduce);
    if (bucket === undefined) buckets.set(reduce, (bucket = new Map<string, string[]>()));
    bucket.set(key, app.combine === undefined ? values : [combined(app.combine(key, values))]);
  }
  return buckets;
}

function combined(found: unknown): string {
  if (typeof found === 'string') return found;
  throw complaint(`combine must give a text, not ${JSON.stringify(found)}`);
}

/** Keys in order, by code units: those of an output are sorted (§4.2). */
export function sortedKeys(groups: Groups): string[] {
  return [...groups.keys()].toSorted((a, b) => (a < b ? -1 : 1));
}

/** Ends a file of pairs: without it nobody could tell a whole file from a beginning of one. */
const END = '.';

/** Groups as the content of a file: one JSON array a line, of a key and its values. */
export function encode(groups: Iterable<readonly [string, readonly string[]]>): string {
  let content = '';
  for (const [key, values] of groups) content += `${JSON.stringify([key, ...values])}\n`;
  return `${content}${END}\n`;
}

/**
 * Add what is in such a file.
 * @throws SyntaxError if it is not whole; then nothing is added
 */
export function decodeInto(groups: Groups, content: string): void {
  const lines = content.split('\n');
  if (lines.pop() !== '' || lines.pop() !== END) {
    throw new SyntaxError('a file of intermediate pairs is not whole');
  }
  for (const line of lines) {
    const [key, ...values] = JSON.parse(line) as [string, ...string[]];
    addAll(groups, key, values);
  }
}

/** One line of an output. */
export function outputLine(key: string, value: string): string {
  return `${key} ${value}\n`;
}
