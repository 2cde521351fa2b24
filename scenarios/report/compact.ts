/** Text that needs no quotes to be told from what surrounds it, ... */
const PLAIN = /^[\w./:@#+-]+$/;
/** ... nor from a number and the like. */
const LITERAL = /^(-?\d+(\.\d+)?n?|true|false|null|undefined)$/;

/**
 * A value as people read it: `key=k0 version=3`, `[1, 2]`, `<12 bytes>`. Stops soon after `room`
 * characters, however large the value is.
 */
export function compact(value: unknown, room: number = Infinity): string {
  const isObject = typeof value === 'object' && value !== null;
  if (!isObject || Array.isArray(value) || isBytes(value)) return valueText(value, room);
  return pairs(value, room);
}

function valueText(value: unknown, room: number): string {
  if (typeof value === 'string') return textText(value, room);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (isBytes(value)) return `<${value.length} bytes>`;
  if (!Array.isArray(value)) return `{${pairs(value, room)}}`;
  return `[${joined(value, ', ', room, (item, left) => valueText(item, left))}]`;
}

function pairs(value: object, room: number): string {
  return joined(Object.entries(value), ' ', room, ([name, item], left) =>
    // What an operation is called needs no name.
    name === 'op' && typeof item === 'string' ? item : `${name}=${valueText(item, left)}`,
  );
}

function joined<T>(
  items: readonly T[],
  gap: string,
  room: number,
  show: (item: T, room: number) => string,
): string {
  let text = '';
  for (const item of items) {
    if (text.length > room) return `${text}...`;
    text += (text === '' ? '' : gap) + show(item, room - text.length);
  }
  return text;
}

function textText(text: string, room: number): string {
  if (text.length > room + 8) return `${text.slice(0, Math.max(0, room))}...`;
  return PLAIN.test(text) && !LITERAL.test(text) ? text : JSON.stringify(text);
}

function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}
