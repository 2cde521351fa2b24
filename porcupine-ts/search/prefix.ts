import { Candidates } from './candidates.ts';
import { NEVER, type Timeline } from '../history/timeline.ts';
import { assignSlots } from './slots.ts';

/**
 * The operations linearized so far, in order, and what is left to choose from.
 *
 * Which operations are linearized is written down compactly: `front`, the number of returns, by
 * time, whose operations are all linearized, and one bit for each slot open at the next return.
 * That is exact. An operation that returned at or before the front is linearized. One that returns
 * later and is linearized was called before the return at the front, or it would not have been a
 * candidate, and so it holds a slot there. (See linearizability of concurrent histories: Wing &
 * Gong 1993; Lowe, "Testing for linearizability", 2017, which keeps a bit for every operation.)
 */
export class Prefix {
  /** Number of returns, by time, whose operations are all linearized. */
  front: number = 0;
  /** Number of operations linearized. */
  length: number = 0;
  /** How many of these are pending operations. */
  pendingLength: number = 0;
  /** One bit for each slot: is the operation that holds it at the front linearized? */
  readonly mask: Int32Array;
  /** How many words of the mask, from the start, are for operations that return. */
  readonly returnedWords: number;
  readonly candidates: Candidates;

  private readonly timeline: Timeline;
  private readonly slotOf: Int32Array;
  /** Operations linearized, in order. */
  private readonly order: Int32Array;
  /** 1 for operations that are linearized. */
  private readonly placed: Uint8Array;
  /** For each of them, the front before it. */
  private readonly frontBefore: Int32Array;

  constructor(timeline: Timeline) {
    this.timeline = timeline;
    const slots = assignSlots(timeline);
    this.slotOf = slots.of;
    this.mask = new Int32Array(slots.words);
    this.returnedWords = slots.returnedWords;
    this.candidates = new Candidates(timeline);
    this.order = new Int32Array(timeline.operationCount);
    this.placed = new Uint8Array(timeline.operationCount);
    this.frontBefore = new Int32Array(timeline.operationCount);
  }

  /** Has every operation that returned been linearized? Pending ones need not be. */
  get complete(): boolean {
    return this.front === this.timeline.returnedCount;
  }

  /** Is the operation linearized? */
  has(operation: number): boolean {
    return this.placed[operation] === 1;
  }

  /** Could the operation be linearized next? */
  isCandidate(operation: number): boolean {
    if (this.placed[operation] === 1) return false;
    const { callAt, returnAt, byReturn } = this.timeline;
    return callAt[operation]! < returnAt[byReturn[this.front]!]!;
  }

  /** The operation at a place of the order. */
  at(place: number): number {
    return this.order[place]!;
  }

  /** The operations linearized, in order. */
  toArray(): number[] {
    return Array.from(this.order.subarray(0, this.length));
  }

  /** Linearizes a candidate next. */
  push(operation: number): void {
    const { byReturn, returnAt, returnedCount } = this.timeline;
    const slotOf = this.slotOf;
    this.order[this.length] = operation;
    this.frontBefore[this.length] = this.front;
    this.length++;
    this.placed[operation] = 1;
    if (returnAt[operation] === NEVER) this.pendingLength++;
    this.candidates.remove(operation);
    this.setSlot(slotOf[operation]!);
    while (this.front < returnedCount) {
      const slot = slotOf[byReturn[this.front]!]!;
      if (!this.hasSlot(slot)) break;
      // The slot passes to whoever is called next, and that operation is not linearized.
      this.clearSlot(slot);
      this.front++;
    }
  }

  /** Takes back the operations linearized last, until `length` are left. */
  truncate(length: number): void {
    const { byReturn, returnAt } = this.timeline;
    const slotOf = this.slotOf;
    while (this.length > length) {
      this.length--;
      const operation = this.order[this.length]!;
      const frontBefore = this.frontBefore[this.length]!;
      while (this.front > frontBefore) {
        this.front--;
        this.setSlot(slotOf[byReturn[this.front]!]!);
      }
      this.clearSlot(slotOf[operation]!);
      this.placed[operation] = 0;
      if (returnAt[operation] === NEVER) this.pendingLength--;
      this.candidates.restore(operation);
    }
  }

  private hasSlot(slot: number): boolean {
    return ((this.mask[slot >>> 5]! >>> (slot & 31)) & 1) === 1;
  }

  private setSlot(slot: number): void {
    this.mask[slot >>> 5]! |= 1 << (slot & 31);
  }

  private clearSlot(slot: number): void {
    this.mask[slot >>> 5]! &= ~(1 << (slot & 31));
  }
}
