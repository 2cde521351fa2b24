import { randomBytes } from 'node:crypto';
import {
  MOST_SEEDS,
  parseSeedRange,
  SeedRangeError,
  type SeedRange,
} from '../scenarios/define/seed-range.ts';
import { UsageError } from './errors.ts';

/** Which seeds a sweep runs: a list, or as many as fit into a time. */
export interface SeedOptions {
  readonly seeds?: string | undefined;
  readonly count?: string | undefined;
  readonly duration?: string | undefined;
  readonly fresh?: boolean | undefined;
}

/** The seeds of a sweep. Without any option: 1..100. */
export function seedRange(options: SeedOptions): SeedRange {
  const prefix = options.fresh === true ? `${randomSeed()}/` : '';
  if (options.seeds !== undefined) {
    if (options.count !== undefined) throw new UsageError('--seeds and --count exclude each other');
    const range = parseRange(options.seeds);
    return { ...range, prefix: prefix + range.prefix };
  }
  const isTimed = options.duration !== undefined;
  const last =
    options.count === undefined
      ? isTimed
        ? MOST_SEEDS
        : 100
      : parseCount('--count', options.count);
  return { prefix, first: 1, last };
}

function parseRange(text: string): SeedRange {
  try {
    return parseSeedRange(text);
  } catch (error) {
    if (error instanceof SeedRangeError) throw new UsageError(`--seeds: ${error.message}`);
    throw error;
  }
}

/** @throws UsageError if it is no whole number from 1, or larger than anybody means */
export function parseCount(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new UsageError(`${option}: expected a whole number from 1, not "${text}"`);
  }
  if (value <= MOST_SEEDS) return value;
  throw new UsageError(`${option}: ${text} is more than ${MOST_SEEDS}`);
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
