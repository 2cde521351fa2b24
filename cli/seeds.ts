import { randomBytes } from 'node:crypto';
import { UsageError } from './errors.ts';

/** Which seeds a sweep runs: a list, or as many as fit into a time. */
export interface SeedOptions {
  readonly seeds?: string | undefined;
  readonly count?: string | undefined;
  readonly duration?: string | undefined;
  readonly fresh?: boolean | undefined;
}

/** More seeds than this are a slip of the finger. */
const MOST_SEEDS = 100_000_000;

/** The seeds of a sweep, in order. Without any option: 1..100. */
export function* seedsOf(options: SeedOptions): Generator<string> {
  const { prefix, first, last } = seedRange(options);
  for (let n = first; n <= last; n++) yield `${prefix}${n}`;
}

export function seedRange(options: SeedOptions): { prefix: string; first: number; last: number } {
  const prefix = options.fresh === true ? `${randomSeed()}/` : '';
  if (options.seeds !== undefined) {
    if (options.count !== undefined) throw new UsageError('--seeds and --count exclude each other');
    const range = parseRange(options.seeds);
    return { ...range, prefix: prefix + range.prefix };
  }
  const isTimed = options.duration !== undefined;
  const last = options.count === undefined ? (isTimed ? MOST_SEEDS : 100) : count(options.count);
  return { prefix, first: 1, last };
}

/** `1..1000`, `7`, or either behind a prefix: `4f2c/1..200`. */
function parseRange(text: string): { prefix: string; first: number; last: number } {
  const match = /^(.*\/)?(\d+)(?:\.\.(\d+))?$/.exec(text);
  if (match === null) {
    throw new UsageError(`--seeds: expected N, FROM..TO or PREFIX/FROM..TO, not "${text}"`);
  }
  const [, prefix = '', from = '', to = from] = match;
  const first = Number(from);
  const last = Number(to);
  if (last < first) throw new UsageError(`--seeds: ${last} is before ${first}`);
  if (last - first >= MOST_SEEDS) throw new UsageError(`--seeds: more than ${MOST_SEEDS} seeds`);
  return { prefix, first, last };
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new UsageError(`--count: expected a whole number from 1, not "${text}"`);
  }
  return value;
}

/** `60s`, `5m`, `500ms` to ms. */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  if (match === null) {
    throw new UsageError(`--duration: expected 500ms, 60s, 5m or 1h, not "${text}"`);
  }
  if (Number(match[1]) === 0) throw new UsageError(`--duration: nothing fits into ${text}`);
  const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match[2] as 'ms' | 's' | 'm' | 'h'];
  return Number(match[1]) * unit;
}

/** A seed nobody has used: for `--seed random` and `--fresh`, which print it. */
export function randomSeed(): string {
  return randomBytes(4).toString('hex');
}
