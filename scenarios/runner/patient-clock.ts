/** How often the watchdog listens, in ms. */
export const LISTEN_MS = 250;

/** What may lie between two looks and still count in full, in ms. */
const LATE_MS = 2 * LISTEN_MS;

/**
 * Counts time as its own thread sees it go by, which looks at it every {@link LISTEN_MS}. Where a
 * machine is so busy that hardly anybody gets a turn the looks come late, and less is counted:
 * nobody is to be taken for hanging who only waits for a processor.
 */
export class PatientClock {
  private lastMs: number;
  private countedMs = 0;

  constructor(nowMs: number) {
    this.lastMs = nowMs;
  }

  /** What has gone by, in ms, up to this look. */
  at(nowMs: number): number {
    this.countedMs += Math.min(nowMs - this.lastMs, LATE_MS);
    this.lastMs = nowMs;
    return this.countedMs;
  }
}
