import type { Prefix } from './prefix.ts';

/**
 * Remembers the linearization that got furthest: past the most returns, and among those the one
 * with the most operations.
 *
 * Told only when the search is about to turn back, and copying only what changed since the last
 * time, so that a search that never turns back pays nothing.
 */
export class LongestPrefix {
  /** Number of returns passed; -1 before the first call of {@link offer}. */
  front: number = -1;
  /** State after the prefix, by number. */
  state: number = 0;
  private readonly operations: number[] = [];
  /** How much of the current prefix is known to be equal to what is remembered. */
  private shared = 0;

  /** The operations in the order of the linearization. */
  get order(): readonly number[] {
    return this.operations;
  }

  /** The search turns back here. */
  offer(prefix: Prefix, state: number): void {
    const further =
      prefix.front > this.front ||
      (prefix.front === this.front && prefix.length > this.operations.length);
    if (!further) return;
    this.front = prefix.front;
    this.state = state;
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
