import { PageError } from './page-file.ts';
import { packNumbers, unpackNumbers } from './packed.ts';

/** Differences of such numbers can still be packed. */
const WHOLE_MAX = 2 ** 50;

/** Beginnings and ends on one axis; undefined = it never ended. */
export interface Stamps {
  readonly calls: readonly number[];
  readonly returns: readonly (number | undefined)[];
}

/** Can all of them be packed as whole numbers? */
export function areWhole({ calls, returns }: Stamps): boolean {
  return [calls, returns].every((stamps) =>
    stamps.every(
      (stamp) => stamp === undefined || (Number.isInteger(stamp) && Math.abs(stamp) <= WHOLE_MAX),
    ),
  );
}

/** Two tables: calls, and what {@link unpackStamps} makes returns of. */
export function packStamps({ calls, returns }: Stamps): { calls: Uint8Array; ends: Uint8Array } {
  if (!areWhole({ calls, returns })) {
    return { calls: packReals(calls), ends: packReals(returns.map((end) => end ?? NaN)) };
  }
  // Lengths vary less than ends do; 0 is that of what never ended.
  const lengths = returns.map((end, i) => (end === undefined ? 0 : end - calls[i]! + 1));
  return { calls: packNumbers(calls), ends: packNumbers(lengths) };
}

/**
 * Calls and returns as columns; the return of what never ended is NaN.
 * @throws PageError if the tables are damaged
 */
export function unpackStamps(
  form: 'whole' | 'real',
  packed: { readonly calls: Uint8Array; readonly ends: Uint8Array },
  count: number,
): { calls: Float64Array; returns: Float64Array } {
  if (form === 'real') {
    const [calls, returns] = [unpackReals(packed.calls, count), unpackReals(packed.ends, count)];
    return { calls, returns };
  }
  const calls = unpackNumbers(packed.calls, new Float64Array(count));
  const returns = unpackNumbers(packed.ends, new Float64Array(count));
  for (let i = 0; i < count; i++) {
    const length = returns[i] as number;
    returns[i] = length === 0 ? NaN : (calls[i] as number) + length - 1;
  }
  return { calls, returns };
}

function packReals(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) view.setFloat64(i * 8, value, true);
  return bytes;
}

function unpackReals(bytes: Uint8Array, count: number): Float64Array {
  if (bytes.length !== count * 8) {
    throw new PageError('A table of times in this page is not as long as it says.');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Float64Array.from({ length: count }, (_, i) => view.getFloat64(i * 8, true));
}
