import { availableParallelism } from 'node:os';
import { UsageError } from './errors.ts';

/** More workers than this are a slip of the finger. */
const MOST_JOBS = 256;

export interface JobsOption {
  readonly jobs?: string | undefined;
}

/** How many workers share so many seeds: as the user said, or one a core. */
export function jobsFor({ jobs }: JobsOption, seeds: number): number {
  return Math.max(1, Math.min(jobs === undefined ? availableParallelism() : parse(jobs), seeds));
}

function parse(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= MOST_JOBS) return value;
  throw new UsageError(`--jobs: expected a whole number from 1 to ${MOST_JOBS}, not "${text}"`);
}
