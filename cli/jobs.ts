import { availableParallelism } from 'node:os';
import { UsageError } from './errors.ts';

/** More workers than this are a slip of the finger. */
const MOST_JOBS = 256;

/**
 * A worker is worth its start from about so many seeds on: its first ones take several times as
 * long, until their code is compiled.
 */
const WORTH_SEEDS = 20;

export interface JobsOption {
  readonly jobs?: string | undefined;
}

/** How many workers share so many seeds: as the user said, or one a core if that is worth it. */
export function jobsFor({ jobs }: JobsOption, seeds: number): number {
  if (jobs !== undefined) return Math.min(parse(jobs), seeds);
  return Math.max(1, Math.min(availableParallelism(), Math.floor(seeds / WORTH_SEEDS)));
}

function parse(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= MOST_JOBS) return value;
  throw new UsageError(`--jobs: expected a whole number from 1 to ${MOST_JOBS}, not "${text}"`);
}
