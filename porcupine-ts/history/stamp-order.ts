/** Below this many stamps comparing is faster than counting digits. */
const RADIX_MIN = 1024;
const DIGIT_BITS = 16;
const DIGIT_MASK = 0xffff;
const WORD = 0x1_0000_0000;

/**
 * Indices of the stamps in ascending order; equal stamps stay in the order in which they are given.
 *
 * Many stamps are sorted 16 bits at a time from the lowest (radix sort): a tenth of the time that a
 * sort with a comparison takes, whatever the stamps are. Integers are sorted by their distance from
 * the smallest, of which mostly few bits are in use, other numbers by their representation.
 *
 * @param stamps - no NaN among them
 */
export function ascending(stamps: Float64Array): Int32Array {
  const order = new Int32Array(stamps.length);
  let isAscending = true;
  for (let index = 0; index < order.length; index++) {
    order[index] = index;
    if (index > 0 && stamps[index - 1]! > stamps[index]!) isAscending = false;
  }
  if (isAscending) return order;
  if (stamps.length < RADIX_MIN) return order.sort((a, b) => stamps[a]! - stamps[b]! || a - b);
  const { low, high } = distances(stamps) ?? representations(stamps);
  return sortByWord(high, sortByWord(low, order));
}

/** Unsigned integers of 64 bits that are ordered as the stamps are, in two words each. */
interface Keys {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
}

/** Distances from the smallest stamp, for integers within 53 bits; infinity is the farthest. */
function distances(stamps: Float64Array): Keys | undefined {
  let min = Infinity;
  let max = -Infinity;
  for (const stamp of stamps) {
    if (stamp === Infinity) continue;
    if (!Number.isSafeInteger(stamp)) return undefined;
    if (stamp < min) min = stamp;
    if (stamp > max) max = stamp;
  }
  const infinity = max - min + 1;
  if (!Number.isSafeInteger(infinity)) return undefined;
  const low = new Uint32Array(stamps.length);
  const high = new Uint32Array(infinity < WORD ? 0 : stamps.length);
  for (let index = 0; index < stamps.length; index++) {
    const stamp = stamps[index]!;
    const distance = stamp === Infinity ? infinity : stamp - min;
    low[index] = distance % WORD;
    if (high.length > 0) high[index] = distance / WORD;
  }
  return { low, high };
}

/**
 * The bits of the numbers (IEEE 754), so changed that they are ordered as the numbers are: negative
 * ones have all bits flipped, others the sign.
 */
function representations(stamps: Float64Array): Keys {
  const low = new Uint32Array(stamps.length);
  const high = new Uint32Array(stamps.length);
  const bits = new DataView(new ArrayBuffer(8));
  for (let index = 0; index < stamps.length; index++) {
    // -0 equals 0 and must not come before it.
    bits.setFloat64(0, stamps[index]! + 0);
    const top = bits.getUint32(0);
    const isNegative = top >= WORD / 2;
    high[index] = isNegative ? ~top : top ^ (WORD / 2);
    low[index] = isNegative ? ~bits.getUint32(4) : bits.getUint32(4);
  }
  return { low, high };
}

/** Sorts by both digits of a word; no words are all zeros. */
function sortByWord(words: Uint32Array, order: Int32Array): Int32Array {
  if (words.length === 0) return order;
  return sortByDigit(words, DIGIT_BITS, sortByDigit(words, 0, order));
}

function sortByDigit(words: Uint32Array, shift: number, order: Int32Array): Int32Array {
  const starts = new Int32Array(DIGIT_MASK + 1);
  for (const word of words) starts[(word >>> shift) & DIGIT_MASK]!++;
  if (starts[(words[0]! >>> shift) & DIGIT_MASK] === order.length) return order;
  let sum = 0;
  for (let value = 0; value < starts.length; value++) {
    const count = starts[value]!;
    starts[value] = sum;
    sum += count;
  }
  const sorted = new Int32Array(order.length);
  for (const index of order) sorted[starts[(words[index]! >>> shift) & DIGIT_MASK]!++] = index;
  return sorted;
}
