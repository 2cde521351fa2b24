import type { Random } from '../random/random.ts';
import type { ClockProfile } from './clock-profile.ts';
import { MAX_DRIFT_PPM, Rate } from './rate.ts';

/**
 * The clock of a machine: it may be wrong, and run too fast or too slow, by its profile and by
 * faults. It belongs to the machine, so that it goes on through crashes. Timers elapse at its rate;
 * being set forward or back does not touch them, as with the monotonic clock of a real machine.
 *
 * Nothing happens when it is synchronised: that is caught up on when somebody looks.
 */
export class Clock {
  private readonly profile: ClockProfile;
  private readonly random: Random | undefined;
  /** How far faults set it off, in µs. Synchronisation does not help against them. */
  private offsetUs = 0;
  private driftPpm: number;
  private current: Rate;
  /** When the rate or the time shown was last changed, and what it showed, without the offset. */
  private sinceUs = 0;
  private shownUs = 0;
  /** The same of the time that has passed on it: nothing sets that. */
  private elapsedSinceUs = 0;
  private elapsedUs = 0;
  /** When it is synchronised next. */
  private nextSyncUs: number;

  /**
   * @param random what the clock draws from; undefined = the profile leaves nothing to chance
   */
  constructor(profile: ClockProfile, random: Random | undefined) {
    const { driftPpm, syncEveryMs } = profile;
    this.profile = profile;
    this.random = random;
    this.driftPpm = random?.between(-driftPpm, driftPpm) ?? 0;
    this.current = new Rate(this.driftPpm);
    // Machines do not ask at the same time.
    this.nextSyncUs = random?.between(1, syncEveryMs * 1000) ?? Infinity;
    this.shownUs = this.syncError();
  }

  /** What it shows at an instant of true virtual time, in µs; below 0 if it was set back. */
  read(trueUs: number): number {
    this.synchronise(trueUs);
    return this.offsetUs + this.shownUs + this.current.toOwnUs(trueUs - this.sinceUs);
  }

  /** How much time has passed on it, in µs: at its own rate, however often it was set. */
  elapsed(trueUs: number): number {
    return this.elapsedUs + this.current.toOwnUs(trueUs - this.elapsedSinceUs);
  }

  /**
   * How far it may be off by its own account, in µs, either way: least just after it was
   * synchronised, and at most what its profile states. Faults are not in it.
   */
  uncertaintyUs(trueUs: number): number {
    const { boundUs, driftPpm } = this.profile;
    if (this.random === undefined) return boundUs;
    this.synchronise(trueUs);
    return boundUs - Math.floor(((this.nextSyncUs - trueUs) * driftPpm) / 1_000_000);
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
    this.elapsedUs = this.elapsed(trueUs);
    this.elapsedSinceUs = trueUs;
    this.driftPpm += byPpm;
    const most = MAX_DRIFT_PPM;
    this.current = new Rate(Math.max(-most, Math.min(most, this.driftPpm)));
  }

  /** Catch up on the synchronisations until now. */
  private synchronise(trueUs: number): void {
    while (this.nextSyncUs <= trueUs) {
      this.sinceUs = this.nextSyncUs;
      this.shownUs = this.nextSyncUs + this.syncError();
      this.nextSyncUs += this.profile.syncEveryMs * 1000;
    }
  }

  private syncError(): number {
    const { syncErrorUs } = this.profile;
    return this.random?.between(-syncErrorUs, syncErrorUs) ?? 0;
  }
}
