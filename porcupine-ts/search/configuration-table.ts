import type { MemoryBudget } from './memory-budget.ts';

const CAPACITY_FIRST = 64;
/** Words of an entry before its mask: the next entry of its bucket, front, state. */
const HEAD_WORDS = 3;
const FRONT = 1;
const STATE = 2;
const BUCKETS_PER_ENTRY = 1;
/** No entry. */
const NONE = 0;

/**
 * What {@link ConfigurationTable.add} did; `present`: one at least as good is there; `full`: there
 * is no memory to remember more.
 */
export type AddOutcome = 'added' | 'present' | 'full';

/**
 * The configurations visited: a set of (front, state, mask) with exact comparison, so that a
 * collision of hashes costs time and never a wrong verdict. A hash table with chains in one block
 * of integers; entries are only ever added.
 *
 * One configuration **dominates** another if the two differ in pending operations alone, and the
 * second has used up all those that the first has: whatever completes the second completes the
 * first, as pending operations may be left out. So the second need not be visited. The search
 * loses nothing by that, not even while the first is still being visited: take, of all visited
 * configurations that can be completed and were given up, the one nearest to completion. The next
 * configuration on its way is nearer, so it was not given up: it was dominated by a visited one
 * that is as near, and that one would have been given up, too.
 *
 * Entries that differ in pending operations alone share a hash, so that one chain has them all.
 * (With open addressing these would run into those of their neighbours.)
 */
export class ConfigurationTable {
  private readonly stride: number;
  private readonly returnedWords: number;
  private readonly memory: MemoryBudget;
  private count = 0;
  private capacity = 0;
  private entries: Int32Array = new Int32Array(0);
  /** The first entry of each bucket. Entries are numbered from 1. */
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
    const bucket = hash(front, state, mask, this.returnedWords) & (this.buckets.length - 1);
    let last = NONE;
    for (let entry = this.buckets[bucket]!; entry !== NONE; entry = this.nextOf(entry)) {
      if (this.dominates(entry, front, state, mask)) return 'present';
      last = entry;
    }
    this.count++;
    const offset = this.offsetOf(this.count);
    this.entries[offset + FRONT] = front;
    this.entries[offset + STATE] = state;
    this.entries.set(mask, offset + HEAD_WORDS);
    this.append(bucket, last, this.count);
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

  /** Is it the same, or has it used up fewer pending operations and is otherwise the same? */
  private dominates(entry: number, front: number, state: number, mask: Int32Array): boolean {
    const { entries, returnedWords } = this;
    const offset = this.offsetOf(entry);
    if (entries[offset + FRONT] !== front || entries[offset + STATE] !== state) return false;
    const first = offset + HEAD_WORDS;
    let word = 0;
    for (; word < returnedWords; word++) if (entries[first + word] !== mask[word]) return false;
    for (; word < mask.length; word++) {
      if ((entries[first + word]! & ~mask[word]!) !== 0) return false;
    }
    return true;
  }

  private offsetOf(entry: number): number {
    return (entry - 1) * this.stride;
  }

  private nextOf(entry: number): number {
    return this.entries[this.offsetOf(entry)]!;
  }

  /** Puts an entry at the end of a chain: those before it have used up less, and dominate more. */
  private append(bucket: number, last: number, entry: number): void {
    if (last === NONE) this.buckets[bucket] = entry;
    else this.entries[this.offsetOf(last)] = entry;
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
    this.chain();
    return true;
  }

  /** Puts all entries into their buckets, in their order. */
  private chain(): void {
    const { buckets, entries, returnedWords, stride } = this;
    const ends = new Int32Array(buckets.length);
    for (let entry = 1; entry <= this.count; entry++) {
      const offset = this.offsetOf(entry);
      const mask = entries.subarray(offset + HEAD_WORDS, offset + stride);
      const front = entries[offset + FRONT]!;
      const bucket =
        hash(front, entries[offset + STATE]!, mask, returnedWords) & (buckets.length - 1);
      entries[offset] = NONE;
      this.append(bucket, ends[bucket]!, entry);
      ends[bucket] = entry;
    }
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
