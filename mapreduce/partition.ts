/** The reduce task of a key, as in the lab: FNV-1a in 32 bits, without the sign. */
export function partitionOf(key: string, reduces: number): number {
  return (fnv1a(key) & 0x7fffffff) % reduces;
}

/** Over the bytes of its UTF-8. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) {
    for (const byte of utf8(character.codePointAt(0)!)) {
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
  }
  return hash >>> 0;
}

function utf8(point: number): number[] {
  if (point < 0x80) return [point];
  const last = 0x80 | (point & 0x3f);
  if (point < 0x800) return [0xc0 | (point >> 6), last];
  const middle = 0x80 | ((point >> 6) & 0x3f);
  if (point < 0x10000) return [0xe0 | (point >> 12), middle, last];
  return [0xf0 | (point >> 18), 0x80 | ((point >> 12) & 0x3f), middle, last];
}
