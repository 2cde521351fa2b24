/** Seeds in a row: `4f2c/1..200`. */
export interface SeedRange {
  readonly prefix: string;
  readonly first: number;
  readonly last: number;
}

/** More seeds than this are a slip of the finger. */
export const MOST_SEEDS = 100_000_000;

/** A text that names no seeds. Says what is expected. */
export class SeedRangeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SeedRangeError';
  }
}

/**
 * Read `1..1000`, `7`, or either behind a prefix: `4f2c/1..200`.
 * @throws SeedRangeError
 */
export function parseSeedRange(text: string): SeedRange {
  const match = /^(.*\/)?(\d+)(?:\.\.(\d+))?$/.exec(text);
  if (match === null) {
    throw new SeedRangeError(`expected N, FROM..TO or PREFIX/FROM..TO, not "${text}"`);
  }
  const [, prefix = '', from = '', to = from] = match;
  const first = Number(from);
  const last = Number(to);
  if (last < first) throw new SeedRangeError(`${last} is before ${first}`);
  if (last - first >= MOST_SEEDS) throw new SeedRangeError(`more than ${MOST_SEEDS} seeds`);
  // Beyond it some numbers are no longer told from the next ones.
  if (!Number.isSafeInteger(last)) throw new SeedRangeError(`${to} is too large a number`);
  return { prefix, first, last };
}

export function isSeedRange(text: string): boolean {
  try {
    parseSeedRange(text);
    return true;
  } catch {
    return false;
  }
}

/** The seeds of a range, in order. */
export function* seedsIn({ prefix, first, last }: SeedRange): Generator<string> {
  for (let n = first; n <= last; n++) yield `${prefix}${n}`;
}

/** How many seeds a range has. */
export function seedCount({ first, last }: SeedRange): number {
  return last - first + 1;
}

/** A range as it is read: `4f2c/1..200`. */
export function rangeText({ prefix, first, last }: SeedRange): string {
  return `${prefix}${first}..${last}`;
}

/** One of several machines that share the seeds of a sweep: `1/4` to `4/4`. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/**
 * The seeds of a shard: a piece of the range, so that the shards one after the other are the whole.
 * No two pieces differ by more than one seed. There must be as many seeds as shards.
 */
export function shardRange(range: SeedRange, { index, count }: Shard): SeedRange {
  const end = (shard: number): number => Math.floor((seedCount(range) * shard) / count);
  const { prefix, first } = range;
  return { prefix, first: first + end(index - 1), last: first + end(index) - 1 };
}
