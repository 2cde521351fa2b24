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

/** A clock may run at half its speed, or half as fast again; it never stands still or runs back. */
export const MAX_DRIFT_PPM = 500_000;

/**
 * The clock of a machine: it may be wrong, and run too fast or too slow. It belongs to the machine,
 * so that it goes on through crashes. Timers elapse at its rate; being set forward or back does not
 * touch them, as with the monotonic clock of a real machine.
 */
export class Clock {
  /** How far it was set off, in µs. */
  private offsetUs = 0;
  private driftPpm = 0;
  private current = new Rate(0);
  /** When the rate was last changed, and what the clock showed then, apart from the offset. */
  private sinceUs = 0;
  private shownUs = 0;

  /** What it shows at an instant of true virtual time, in µs; below 0 if it was set back. */
  read(trueUs: number): number {
    return this.offsetUs + this.shownUs + this.current.toOwnUs(trueUs - this.sinceUs);
  }

  rate(): Rate {
    return this.current;
  }

  /** Set it forward, or back, in µs. */
  set(byUs: number): void {
    this.offsetUs += byUs;
  }

  /**
   * Let it run faster from now on, or slower, by so much beyond what it does already. The sum has
   * its bounds, {@link MAX_DRIFT_PPM}, either way.
   */
  drift(trueUs: number, byPpm: number): void {
    this.shownUs = this.read(trueUs) - this.offsetUs;
    this.sinceUs = trueUs;
    this.driftPpm += byPpm;
    const most = MAX_DRIFT_PPM;
    this.current = new Rate(Math.max(-most, Math.min(most, this.driftPpm)));
  }
}
