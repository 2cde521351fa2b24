import type { MemoryBudget } from './memory-budget.ts';

const CAPACITY_FIRST = 64;
/** Words of an entry beside its mask: front and state. */
const HEAD_WORDS = 2;
/** Buckets per entry of capacity: at most half of the buckets are in use. */
const BUCKETS_PER_ENTRY = 2;

/**
 * What {@link ConfigurationTable.add} did; `present`: one at least as good is there; `full`: there
 * is no memory to remember more.
 */
export type AddOutcome = 'added' | 'present' | 'full';

/**
 * The configurations visited: a set of (front, state, mask) with exact comparison, so that a
 * collision of hashes costs time and never a wrong verdict. Open addressing with linear probing
 * over one block of integers; entries are only ever added.
 *
 * A configuration **dominates** another that differs from it only in pending operations used up,
 * and has used all that it has: whatever completes the second completes the first, as pending
 * operations may be left out. So the second need not be visited. The search loses nothing by that,
 * not even while the first is still being visited: take, of all visited configurations that can be
 * completed and were given up, the one nearest to completion. The next configuration on its way is
 * nearer, so it was not given up: it was dominated by a visited one that is as near, and that one
 * would have been given up, too.
 *
 * Entries that differ in pending operations alone share a hash, so that a probe meets them all.
 */
export class ConfigurationTable {
  private readonly stride: number;
  private readonly returnedWords: number;
  private readonly memory: MemoryBudget;
  private count = 0;
  private capacity = 0;
  private entries: Int32Array = new Int32Array(0);
  /** Index of an entry plus 1; 0 = empty. */
  private buckets: Int32Array = new Int32Array(0);

  /**
   * @param maskWords - length of every mask
   * @param returnedWords - how many words of it are for operations that return; the rest is for
   *   pending ones
   * @param memory - what the table may grow into
   */
  constructor(maskWords: number, returnedWords: number, memory: MemoryBudget) {
    this.stride = HEAD_WORDS + maskWords;
    this.returnedWords = returnedWords;
    this.memory = memory;
  }

  /** Number of configurations. */
  get size(): number {
    return this.count;
  }

  /** Adds a configuration unless one is there that dominates it or is the same. */
  add(front: number, state: number, mask: Int32Array): AddOutcome {
    if (this.count === this.capacity && !this.grow()) return 'full';
    const last = this.buckets.length - 1;
    let bucket = hash(front, state, mask, this.returnedWords) & last;
    for (;;) {
      const entry = this.buckets[bucket]! - 1;
      if (entry < 0) break;
      if (this.covers(entry * this.stride, front, state, mask)) return 'present';
      bucket = (bucket + 1) & last;
    }
    const offset = this.count * this.stride;
    this.entries[offset] = front;
    this.entries[offset + 1] = state;
    this.entries.set(mask, offset + HEAD_WORDS);
    this.count++;
    this.buckets[bucket] = this.count;
    return 'added';
  }

  /** Gives the memory back; the table is empty afterwards. */
  release(): void {
    this.memory.give(this.capacity * (this.stride + BUCKETS_PER_ENTRY));
    this.count = 0;
    this.capacity = 0;
    this.entries = new Int32Array(0);
    this.buckets = new Int32Array(0);
  }

  private covers(offset: number, front: number, state: number, mask: Int32Array): boolean {
    const { entries, returnedWords } = this;
    if (entries[offset] !== front || entries[offset + 1] !== state) return false;
    const first = offset + HEAD_WORDS;
    let word = 0;
    for (; word < returnedWords; word++) if (entries[first + word] !== mask[word]) return false;
    for (; word < mask.length; word++) {
      if ((entries[first + word]! & ~mask[word]!) !== 0) return false;
    }
    return true;
  }

  private grow(): boolean {
    const capacity = this.capacity === 0 ? CAPACITY_FIRST : 2 * this.capacity;
    if (!this.memory.take((capacity - this.capacity) * (this.stride + BUCKETS_PER_ENTRY))) {
      return false;
    }
    const entries = new Int32Array(capacity * this.stride);
    entries.set(this.entries);
    this.entries = entries;
    this.capacity = capacity;
    this.buckets = new Int32Array(capacity * BUCKETS_PER_ENTRY);
    for (let entry = 0; entry < this.count; entry++) this.place(entry);
    return true;
  }

  private place(entry: number): void {
    const offset = entry * this.stride;
    const mask = this.entries.subarray(offset + HEAD_WORDS, offset + this.stride);
    const last = this.buckets.length - 1;
    let bucket =
      hash(this.entries[offset]!, this.entries[offset + 1]!, mask, this.returnedWords) & last;
    while (this.buckets[bucket] !== 0) bucket = (bucket + 1) & last;
    this.buckets[bucket] = entry + 1;
  }
}

/** A multiply-and-rotate hash of the first words, closed with a full avalanche. */
function hash(front: number, state: number, mask: Int32Array, words: number): number {
  let h = Math.imul(front, 0x9e3779b1) ^ Math.imul(state, 0x85ebca77);
  for (let word = 0; word < words; word++) {
    h = Math.imul(((h << 13) | (h >>> 19)) ^ mask[word]!, 0xc2b2ae3d);
  }
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return h ^ (h >>> 15);
}
