import { NEVER } from '../../history/timeline.ts';
import { Intervals } from './intervals.ts';
import type { Spans } from './spans.ts';

/** Before the first gap: version 0 is there from the start. */
export const START: number = -1;

/**
 * Everything that a history says about how long version v of a key was there: about T_v, the gap in
 * which it was created, and T_{v+1}, the gap in which the next one was.
 */
export interface VersionSummary {
  /** T_v is not later: the first last gap among the gets that saw v. `NEVER` if there is none. */
  readonly seenBy: number;
  /**
   * T_{v+1} is not earlier: the last call of the gets that saw v and, for version 0, of the puts
   * that were told there was no such key. `START` if there is none.
   */
  readonly keptUntil: number;
  /**
   * T_{v+1} is not later, whatever T_v is: the first last gap among the operations that saw that
   * v had been left. Those are, besides what {@link refusals} tells of:
   *
   * - for version 0, every put that was refused with ErrVersion where that means that the key
   *   exists (`versioned-kv`), whatever its version;
   * - for version 1, those of them that named version 1: before version 1 there was no key.
   *
   * `NEVER` if there is none.
   */
  readonly leftBy: number;
  /**
   * The puts one of which created v + 1 if anything did, by call: the one that answered OK, alone;
   * or else those whose effect is not known, with the value that was read at v + 1 if one was.
   */
  readonly writers: Spans;
  /**
   * The returned puts at v that may have had no effect, by call: each of them created v + 1, or was
   * called before v existed (T_v >= call), or had its effect after v was left (T_{v+1} <= last gap).
   * A writer may be one of them, since it satisfies the third condition; a pending put never is.
   */
  readonly refusals: Spans;
}

/**
 * The gaps in which the current version of one key can have been created, given all that is known
 * of it and of the versions before it.
 *
 * For any T_v in the frontier of v, the part of the history about the versions up to v - 1 has a
 * linearization in which v is created there, and for no other. Versions are handed in one after
 * another, from version 0 on, each as soon as all that touches it is known; so a frontier can follow
 * a running history as well as sweep a finished one. A step takes time in proportion to the
 * operations in the summaries of this version and the one before, whatever the number of clients.
 *
 * Gaps are integers from 0 up to, but not including, `NEVER`.
 */
export class Frontier {
  /** v, the version that the frontier is about. */
  version: number = 0;
  /** Where T_v can be; never empty. */
  gaps: Intervals = new Intervals();
  /** Scratch of a step: for each refusal, the first last gap of it and of those called later. */
  private readonly firstLastFrom: number[] = [];
  /** Scratch of a step: where T_{v+1} can be by the refusals, by the writers, and by both. */
  private readonly allowed: Intervals = new Intervals();
  private readonly writable: Intervals = new Intervals();
  private next: Intervals = new Intervals();

  constructor() {
    this.gaps.add(START, START);
  }

  /**
   * Can v be the last version? The earliest T_v for which nothing about v needs a next one, or
   * undefined. The history is linearizable if nothing is known of any later version, either.
   */
  restingGap({ seenBy, leftBy, refusals }: VersionSummary): number | undefined {
    if (leftBy !== NEVER) return undefined;
    const lastCall = refusals.count === 0 ? START : refusals.calls[refusals.count - 1]!;
    const gap = this.gaps.firstFrom(lastCall);
    return gap !== undefined && gap <= seenBy ? gap : undefined;
  }

  /**
   * Goes on to v + 1. False if there is no gap in which it can have been created: the history is not
   * linearizable unless v is the last version; the frontier stays where it was.
   */
  advance(summary: VersionSummary): boolean {
    this.allowByRefusals(summary);
    const { writers, keptUntil } = summary;
    this.writable.clear();
    for (let index = 0; index < writers.count; index++) {
      this.writable.add(Math.max(writers.calls[index]!, keptUntil), writers.lasts[index]!);
    }
    this.next.intersect(this.allowed, this.writable);
    if (this.next.count === 0) return false;
    [this.gaps, this.next] = [this.next, this.gaps];
    this.version++;
    return true;
  }

  /**
   * For one candidate t of T_v, T_{v+1} lies between t and the first last gap of the refusals called
   * after t. Over the t between two such calls the upper bound is the same, so the earliest t speaks
   * for all of them: there are no more intervals than refusals, plus one.
   */
  private allowByRefusals({ seenBy, leftBy, refusals }: VersionSummary): void {
    const { firstLastFrom, allowed, gaps } = this;
    let bound = leftBy;
    firstLastFrom[refusals.count] = bound;
    for (let index = refusals.count - 1; index >= 0; index--) {
      bound = Math.min(bound, refusals.lasts[index]!);
      firstLastFrom[index] = bound;
    }
    allowed.clear();
    let refusal = 0;
    for (let index = 0; index < gaps.count; index++) {
      const high = Math.min(gaps.highs[index]!, seenBy);
      let from = gaps.lows[index]!;
      while (from <= high) {
        while (refusal < refusals.count && refusals.calls[refusal]! <= from) refusal++;
        allowed.add(from, firstLastFrom[refusal]!);
        if (refusal === refusals.count) return;
        from = refusals.calls[refusal]!;
      }
    }
  }
}
