import { pack, weighted, type Payload } from './payload.ts';

/**
 * A message whose content was damaged on its way: one value in it is wrong. Which one depends on
 * the content alone, so that the same message is always damaged in the same way.
 */
export function damaged({ value, bytes, hash }: Payload): Payload {
  const leaves = countLeaves(value);
  const wanted = leaves === 0 ? 0 : (hash >>> 0) % leaves;
  let seen = 0;
  const walk = (item: unknown): unknown => {
    if (Array.isArray(item)) return item.map(walk);
    if (isRecord(item)) {
      return Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, walk(inner)]));
    }
    return seen++ === wanted ? wrong(item) : item;
  };
  return weighted(pack(walk(value)), bytes - pack(value).bytes);
}

function countLeaves(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + countLeaves(item), 0);
  if (!isRecord(value)) return 1;
  return Object.values(value).reduce((sum: number, item) => sum + countLeaves(item), 0);
}

function wrong(leaf: unknown): unknown {
  switch (typeof leaf) {
    case 'number':
      return Number.isInteger(leaf) ? leaf ^ 1 : -leaf;
    case 'boolean':
      return !leaf;
    case 'string':
      return leaf === '' ? '?' : `${leaf.slice(0, -1)}${leaf.endsWith('?') ? '!' : '?'}`;
    case 'bigint':
      return leaf ^ 1n;
    default:
      return leaf instanceof Uint8Array ? leaf.map((byte, i) => (i === 0 ? byte ^ 1 : byte)) : 0;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}
