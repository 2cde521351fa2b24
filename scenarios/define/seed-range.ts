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
  return { prefix, first, last };
}

/** The seeds of a range, in order. */
export function* seedsIn({ prefix, first, last }: SeedRange): Generator<string> {
  for (let n = first; n <= last; n++) yield `${prefix}${n}`;
}
