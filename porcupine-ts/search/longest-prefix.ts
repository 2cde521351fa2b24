import type { Prefix } from './prefix.ts';

/**
 * Remembers the linearization that got furthest.
 *
 * Every prefix that is given up has a **break**: the rank of the first return, by time, that no
 * completion of it can pass. Furthest is the prefix with the latest break, and among those the one
 * with the most operations that returned.
 *
 * Told only when the search is about to turn back, and copying only what changed since the last
 * time, so that a search that never turns back pays nothing.
 */
export class LongestPrefix {
  /** Rank of the return at which the prefix breaks off; -1 before the first {@link offer}. */
  break: number = -1;
  /** Number of returns passed. */
  front: number = 0;
  /** State after the prefix, by number. */
  state: number = 0;
  private readonly operations: number[] = [];
  private returnedLength = 0;
  /** How much of the current prefix is known to be equal to what is remembered. */
  private shared = 0;

  /** The operations in the order of the linearization. */
  get order(): readonly number[] {
    return this.operations;
  }

  /** The search turns back here. */
  offer(prefix: Prefix, state: number, breakAt: number): void {
    const returnedLength = prefix.length - prefix.pendingLength;
    const further =
      breakAt > this.break || (breakAt === this.break && returnedLength > this.returnedLength);
    if (!further) return;
    this.break = breakAt;
    this.front = prefix.front;
    this.state = state;
    this.returnedLength = returnedLength;
    this.operations.length = this.shared;
    for (let place = this.shared; place < prefix.length; place++) {
      this.operations.push(prefix.at(place));
    }
    this.shared = prefix.length;
  }

  /** The search has taken its prefix back to `length` operations. */
  truncated(length: number): void {
    if (length < this.shared) this.shared = length;
  }
}
