/**
 * Virtual time. Inside the simulator it is an integer number of microseconds since the start of the
 * run; the API speaks milliseconds, as JavaScript does.
 */

/** The longest time the API accepts: about 31 years of virtual time, in ms. */
export const MAX_MS = 1e12;

/**
 * Milliseconds of the API to whole microseconds of the kernel.
 * @param what names the argument in the error, e.g. `sleep`
 * @throws RangeError if `ms` is negative, NaN or infinite: such a delay is always a slip
 */
export function msToUs(ms: number, what: string): number {
  if (!isTime(ms)) {
    throw new RangeError(`${what}: expected milliseconds from 0 to ${MAX_MS}, got ${ms}`);
  }
  return Math.round(ms * 1000);
}

/** A number that is not negative, not NaN and not too large. */
export function isTime(ms: number): boolean {
  return typeof ms === 'number' && ms >= 0 && ms <= MAX_MS;
}

/** Microseconds of the kernel to (fractional) milliseconds of the API. */
export function usToMs(us: number): number {
  return us / 1000;
}

/** A point of virtual time as people read it: `6.412345 s`. */
export function formatUs(us: number): string {
  const whole = Math.floor(us / 1_000_000);
  const rest = String(us % 1_000_000).padStart(6, '0');
  return `${whole}.${rest} s`;
}
