/** Sequence numbers below this fit beside a 32-bit tie-break in the 53 bits of a number. */
const SEQUENCES = 0x200000;

/**
 * What is due at one instant, ordered by drawn tie-breaks: a binary heap of slots. Equal draws, one
 * in four billion, leave in the order in which they came within two million values, and in the same
 * order in every run in any case.
 */
export class TieHeap {
  private readonly slots: number[] = [];
  /** By slot: tie-break and sequence in one number. */
  private readonly orders: number[] = [];
  private sequence = 0;

  get size(): number {
    return this.slots.length;
  }

  /** Say which tie-break a slot has. */
  name(slot: number, tie: number): void {
    this.orders[slot] = tie * SEQUENCES + (this.sequence++ % SEQUENCES);
  }

  push(slot: number): void {
    const { slots } = this;
    let i = slots.length;
    slots.push(slot);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (this.isFirst(slots[parent] as number, slot)) break;
      slots[i] = slots[parent] as number;
      i = parent;
    }
    slots[i] = slot;
  }

  /** The slot with the lowest tie-break. There must be one. */
  pop(): number {
    const { slots } = this;
    const first = slots[0] as number;
    const slot = slots.pop() as number;
    if (slots.length === 0) return first;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= slots.length) break;
      const right = child + 1;
      if (right < slots.length && this.isFirst(slots[right] as number, slots[child] as number)) {
        child = right;
      }
      if (this.isFirst(slot, slots[child] as number)) break;
      slots[i] = slots[child] as number;
      i = child;
    }
    slots[i] = slot;
    return first;
  }

  takeAll(): number[] {
    return this.slots.splice(0);
  }

  private isFirst(a: number, b: number): boolean {
    return (this.orders[a] as number) < (this.orders[b] as number);
  }
}
