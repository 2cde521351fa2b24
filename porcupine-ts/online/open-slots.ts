import { contentKeyIfAny } from '../search/content-key.ts';
import type { OnlineOperation } from './online-operation.ts';

const NO_SLOT = -1;

/**
 * The operations at the frontier: those that were called before it and did not return before it.
 * Each holds a slot, a bit of every mask, until it returns there. One that was abandoned keeps its
 * slot until it is certain to have taken effect, perhaps for ever.
 */
export class OpenSlots<I, O> {
  /** The operation in each slot. A slot that is free keeps the last one until it is used again. */
  readonly operations: OnlineOperation<I, O>[] = [];
  /** A bit for each slot: is its operation optional, that is, abandoned? */
  optional: Int32Array = new Int32Array(0);
  /** 1 for slots whose operations are proven to change no state. */
  readonly readOnly: number[] = [];

  private readonly isReadOnly: (operation: OnlineOperation<I, O>) => boolean;
  private readonly slotOf = new Map<OnlineOperation<I, O>, number>();
  private readonly free: number[] = [];
  /** Slots whose operations are to be looked at once all of them have settled. */
  private fresh: number[] = [];
  /** For an abandoned operation, the slot of the one like it before which it need not come. */
  private readonly twin: number[] = [];
  /** The last slot of the abandoned operations that ask the same. */
  private readonly lastAlike = new Map<string, number>();

  constructor(isReadOnly: (operation: OnlineOperation<I, O>) => boolean) {
    this.isReadOnly = isReadOnly;
  }

  /** Number of operations. */
  get size(): number {
    return this.slotOf.size;
  }

  /** Is the operation among them? */
  has(operation: OnlineOperation<I, O>): boolean {
    return this.slotOf.has(operation);
  }

  /** The slots in use. */
  get used(): Iterable<number> {
    return this.slotOf.values();
  }

  /** The slot of an operation that is among them. */
  of(operation: OnlineOperation<I, O>): number {
    return this.slotOf.get(operation)!;
  }

  /** Gives the operation a slot. */
  take(operation: OnlineOperation<I, O>): void {
    const slot = this.free.pop() ?? this.operations.length;
    this.operations[slot] = operation;
    this.slotOf.set(operation, slot);
    this.fresh.push(slot);
  }

  /** Takes the slot back. */
  release(slot: number): void {
    this.slotOf.delete(this.operations[slot]!);
    this.free.push(slot);
    if (!this.isOptional(slot)) return;
    this.optional[slot >>> 5]! &= ~(1 << (slot & 31));
    for (let other = 0; other < this.twin.length; other++) {
      if (this.twin[other] === slot) this.twin[other] = NO_SLOT;
    }
    for (const [input, last] of this.lastAlike) {
      if (last === slot) this.lastAlike.delete(input);
    }
  }

  /** Looks at the operations that came since the last time; all of them have settled. */
  settle(): void {
    const words = (this.operations.length + 31) >>> 5;
    if (words > this.optional.length) {
      const wider = new Int32Array(words);
      wider.set(this.optional);
      this.optional = wider;
    }
    for (const slot of this.fresh) {
      const operation = this.operations[slot]!;
      this.twin[slot] = NO_SLOT;
      this.readOnly[slot] = this.isReadOnly(operation) ? 1 : 0;
      if (operation.return === undefined) this.setOptional(slot, operation.input);
    }
    this.fresh = [];
  }

  /** Was the operation of the slot abandoned? */
  isOptional(slot: number): boolean {
    return hasBit(this.optional, slot);
  }

  /**
   * May the operation come next after those in the mask? Of abandoned operations that ask the same
   * only the first is tried: which of them it was makes no difference to anybody.
   */
  mayFollow(mask: Int32Array, slot: number): boolean {
    if (hasBit(mask, slot)) return false;
    const twin = this.twin[slot]!;
    return twin === NO_SLOT || hasBit(mask, twin);
  }

  private setOptional(slot: number, input: I): void {
    setBit(this.optional, slot);
    const content = contentKeyIfAny(input);
    if (content === undefined) return;
    this.twin[slot] = this.lastAlike.get(content) ?? NO_SLOT;
    this.lastAlike.set(content, slot);
  }
}

/** Is the bit of the slot set? */
export function hasBit(mask: Int32Array, slot: number): boolean {
  return ((mask[slot >>> 5]! >>> (slot & 31)) & 1) === 1;
}

/** Sets the bit of the slot. */
export function setBit(mask: Int32Array, slot: number): void {
  mask[slot >>> 5]! |= 1 << (slot & 31);
}

/** Clears the bit of the slot. */
export function clearBit(mask: Int32Array, slot: number): void {
  mask[slot >>> 5]! &= ~(1 << (slot & 31));
}
