/** A clock may run at half its speed, or half as fast again; it never stands still. */
export const MAX_DRIFT_PPM = 500_000;

/**
 * How fast a clock runs: too fast by a number of parts per million, too slow by a negative one.
 * Spans are whole µs; products may pass 2^53, and are then rounded alike on every machine.
 */
export class Rate {
  private readonly driftPpm: number;

  constructor(driftPpm: number) {
    this.driftPpm = driftPpm;
  }

  /** How far the clock gets in a span of true time. */
  toOwnUs(trueUs: number): number {
    return trueUs + Math.floor((trueUs * this.driftPpm) / 1_000_000);
  }

  /** How long a span on this clock takes in true time. */
  toTrueUs(ownUs: number): number {
    if (this.driftPpm === 0) return ownUs;
    return Math.ceil((ownUs * 1_000_000) / (1_000_000 + this.driftPpm));
  }
}
