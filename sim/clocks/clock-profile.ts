import { byName } from '../plan/by-name.ts';
import { PlanError } from '../plan/plan-error.ts';
import { MAX_DRIFT_PPM } from './rate.ts';

/**
 * A clock profile: how wrong the clocks of machines are without any fault, and what they promise
 * about it. Every machine has a quartz of its own, which runs too fast or too slow, and asks a
 * better clock for the time again and again; in between it goes astray (Spanner, OSDI 2012, §3).
 */
export interface ClockProfile {
  readonly name: string;
  readonly description: string;
  /** Most that a clock runs too fast or too slow, in parts per million: drawn once a machine. */
  readonly driftPpm: number;
  /** Time between two synchronisations, in ms. */
  readonly syncEveryMs: number;
  /** Most that a clock is off just after one, either way, in µs: drawn for each. */
  readonly syncErrorUs: number;
  /**
   * The bound that clocks state: most that they are ever off, either way, in µs. Least: the error
   * of a synchronisation and the drift until the next one.
   */
  readonly boundUs: number;
}

/**
 * A profile that keeps what it promises.
 * @throws PlanError naming the field that is out of range, or a bound that drift alone exceeds
 */
export function clockProfile(profile: ClockProfile): ClockProfile {
  const { driftPpm, syncEveryMs, syncErrorUs, boundUs } = profile;
  whole('driftPpm', driftPpm, 0, MAX_DRIFT_PPM);
  whole('syncEveryMs', syncEveryMs, 1, MAX_SYNC_MS);
  whole('syncErrorUs', syncErrorUs, 0, MAX_ERROR_US);
  const least = syncErrorUs + Math.ceil((syncEveryMs * driftPpm) / 1000);
  whole('boundUs', boundUs, least, MAX_ERROR_US);
  return profile;
}

/** A day between two synchronisations, and a clock that is ten minutes off. */
const MAX_SYNC_MS = 86_400_000;
const MAX_ERROR_US = 600_000_000;

function whole(field: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  const wanted = `a whole number from ${least} to ${most}`;
  throw new PlanError(`clock profile: ${field}: expected ${wanted}, got ${value}`);
}

const PERFECT = clockProfile({
  name: 'perfect',
  description: 'all clocks show the true time, and say so',
  driftPpm: 0,
  syncEveryMs: MAX_SYNC_MS,
  syncErrorUs: 0,
  boundUs: 0,
});

const TRUETIME = clockProfile({
  name: 'truetime',
  description: 'as in Spanner: 200 ppm, asked for the time every 30 s, off by 1 to 7 ms at most',
  driftPpm: 200,
  syncEveryMs: 30_000,
  syncErrorUs: 1000,
  boundUs: 7000,
});

const NTP = clockProfile({
  name: 'ntp',
  description: 'quartz of 50 ppm and NTP every 64 s: off by 10 to 14 ms at most',
  driftPpm: 50,
  syncEveryMs: 64_000,
  syncErrorUs: 10_000,
  boundUs: 14_000,
});

/** All clock profiles by name. */
export const clockProfiles: ReadonlyMap<string, ClockProfile> = new Map(
  [PERFECT, TRUETIME, NTP].map((profile) => [profile.name, profile]),
);

/** @throws PlanError naming the clock profiles there are */
export function clockProfileByName(name: string): ClockProfile {
  return byName('clock', clockProfiles, name);
}
