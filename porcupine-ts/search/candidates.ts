import { NEVER, type Timeline } from '../history/timeline.ts';

/** No candidate is left. */
export const NONE = -1;

/**
 * The operations not yet linearized, in two linked lists, from which the **candidates** are read:
 * the operations that could be linearized next, because none that is left returned before their
 * call.
 *
 * One list holds the calls and returns of the operations that returned, by time. Its candidates are
 * the calls before its first return (Wing & Gong 1993, the list of Lowe 2017). The other list holds
 * the calls of pending operations. They come last: most of them never took effect, and trying them
 * first would visit every subset of them before the obvious order is looked at.
 *
 * Links of a removed entry stay as they were (Knuth's dancing links), so removals are undone in
 * reverse order at no cost, and a walk may go on from an operation that it has just removed.
 */
export class Candidates {
  private readonly operationCount: number;
  private readonly next: Int32Array;
  private readonly previous: Int32Array;
  /** 1 for pending operations. */
  private readonly pending: Uint8Array;
  private readonly timeline: Timeline;
  private readonly returnedHead: number;
  private readonly pendingHead: number;

  constructor(timeline: Timeline) {
    const n = timeline.operationCount;
    this.operationCount = n;
    this.timeline = timeline;
    this.returnedHead = 2 * n;
    this.pendingHead = 2 * n + 1;
    this.next = new Int32Array(2 * n + 2);
    this.previous = new Int32Array(2 * n + 2);
    this.pending = Uint8Array.from(timeline.returnAt, (position) => (position === NEVER ? 1 : 0));
    this.build(timeline.entries);
  }

  /** The first candidate that returned, or {@link NONE}. */
  firstReturned(): number {
    return this.callOrNone(this.next[this.returnedHead]!);
  }

  /** The returned candidate after this one, which may just have been removed; or {@link NONE}. */
  nextReturned(operation: number): number {
    return this.callOrNone(this.next[operation]!);
  }

  /** The first candidate; `front` is the rank of the first return that is left. */
  first(front: number): number {
    const operation = this.firstReturned();
    return operation === NONE ? this.pendingFrom(this.pendingHead, front) : operation;
  }

  /** The candidate after this one, or {@link NONE}. */
  after(operation: number, front: number): number {
    if (this.pending[operation] === 1) return this.pendingFrom(operation, front);
    const following = this.nextReturned(operation);
    return following === NONE ? this.pendingFrom(this.pendingHead, front) : following;
  }

  /** Takes an operation out. */
  remove(operation: number): void {
    // The return goes first, so that the call's link never leads to a removed entry.
    if (this.pending[operation] === 0) this.unlink(this.operationCount + operation);
    this.unlink(operation);
  }

  /** Puts back the operation removed last. */
  restore(operation: number): void {
    this.relink(operation);
    if (this.pending[operation] === 0) this.relink(this.operationCount + operation);
  }

  private build(entries: Int32Array): void {
    let lastReturned = this.returnedHead;
    let lastPending = this.pendingHead;
    for (const entry of entries) {
      if (entry < this.operationCount && this.pending[entry] === 1) {
        this.link(lastPending, entry);
        lastPending = entry;
      } else {
        this.link(lastReturned, entry);
        lastReturned = entry;
      }
    }
    this.link(lastReturned, this.returnedHead);
    this.link(lastPending, this.pendingHead);
  }

  private callOrNone(entry: number): number {
    return entry < this.operationCount ? entry : NONE;
  }

  /** The pending call after `entry` if it was made before the return of rank `front`. */
  private pendingFrom(entry: number, front: number): number {
    const operation = this.next[entry]!;
    if (operation === this.pendingHead) return NONE;
    const { callAt, returnAt, byReturn } = this.timeline;
    return callAt[operation]! < returnAt[byReturn[front]!]! ? operation : NONE;
  }

  private link(from: number, to: number): void {
    this.next[from] = to;
    this.previous[to] = from;
  }

  private unlink(entry: number): void {
    this.link(this.previous[entry]!, this.next[entry]!);
  }

  private relink(entry: number): void {
    this.next[this.previous[entry]!] = entry;
    this.previous[this.next[entry]!] = entry;
  }
}
