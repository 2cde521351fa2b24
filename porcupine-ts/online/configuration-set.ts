const CAPACITY_MIN = 32;
/** Buckets per entry of capacity: at most half of the buckets are in use. */
const BUCKETS_PER_ENTRY = 2;
/** A block that is this much too large is given back. */
const SHRINK_FACTOR = 8;

/**
 * Configurations: pairs of a state and a mask of the operations that have taken effect, by slot.
 *
 * Slots may be marked as optional: their operations need never take effect, so of two
 * configurations with the same state and the same bits elsewhere the one with fewer optional bits
 * can do all that the other can. The other is **dominated** and is not kept. Without this, k
 * operations that never returned would make 2^k configurations of one.
 *
 * Comparison is exact: a collision of hashes costs time and never a wrong verdict. Entries keep
 * their order, so that a walk over them may add to them.
 */
export class ConfigurationSet {
  /** Number of configurations. */
  size: number = 0;
  private stride = 1;
  /** For each entry its state and then its mask. */
  private entries: Int32Array = new Int32Array(0);
  /** Index of an entry plus 1; 0 = empty. */
  private buckets: Int32Array = new Int32Array(CAPACITY_MIN * BUCKETS_PER_ENTRY);
  private optional: Int32Array = new Int32Array(0);

  /**
   * Starts anew with no configurations.
   *
   * @param optional - a bit for each slot that is optional; its length is that of every mask
   */
  reset(optional: Int32Array): void {
    const fitting = Math.max(CAPACITY_MIN, this.size) * BUCKETS_PER_ENTRY;
    if (this.buckets.length > SHRINK_FACTOR * fitting) {
      this.buckets = new Int32Array(CAPACITY_MIN * BUCKETS_PER_ENTRY);
      this.entries = new Int32Array(0);
    } else {
      this.buckets.fill(0);
    }
    this.size = 0;
    this.stride = 1 + optional.length;
    this.optional = optional;
    const needed = (this.buckets.length / BUCKETS_PER_ENTRY) * this.stride;
    if (this.entries.length < needed) this.entries = new Int32Array(needed);
  }

  /** The state of a configuration. */
  stateAt(entry: number): number {
    return this.entries[entry * this.stride]!;
  }

  /** Writes another state over it; the states of all entries must be renumbered together. */
  renumber(numberOf: (state: number) => number, mask: Int32Array): void {
    const count = this.size;
    const old = this.entries.slice(0, count * this.stride);
    const { stride } = this;
    this.reset(this.optional);
    for (let offset = 0; offset < count * stride; offset += stride) {
      for (let word = 0; word < mask.length; word++) mask[word] = old[offset + 1 + word]!;
      this.add(numberOf(old[offset]!), mask, 0);
    }
  }

  /** Copies the mask of a configuration; words that `mask` has and the set has not become 0. */
  readMask(entry: number, mask: Int32Array): void {
    const offset = entry * this.stride + 1;
    const words = this.stride - 1;
    for (let word = 0; word < mask.length; word++) {
      mask[word] = word < words ? this.entries[offset + word]! : 0;
    }
  }

  /**
   * Adds a configuration, unless it is there or dominated.
   *
   * @param replaceFrom - an entry from this one on may be replaced by one that dominates it
   */
  add(state: number, mask: Int32Array, replaceFrom: number): void {
    const last = this.buckets.length - 1;
    let bucket = this.hash(state, mask) & last;
    for (;;) {
      const entry = this.buckets[bucket]! - 1;
      if (entry < 0) break;
      const order = this.compare(entry * this.stride, state, mask);
      if (order === 'dominates') return;
      if (order === 'dominated' && entry >= replaceFrom) {
        this.entries.set(mask, entry * this.stride + 1);
        return;
      }
      bucket = (bucket + 1) & last;
    }
    const offset = this.size * this.stride;
    this.entries[offset] = state;
    this.entries.set(mask, offset + 1);
    this.size++;
    this.buckets[bucket] = this.size;
    if (this.size * BUCKETS_PER_ENTRY >= this.buckets.length) this.grow();
  }

  /** Writes into `common` the bits that all configurations have. */
  intersect(common: Int32Array): void {
    common.fill(-1);
    for (let entry = 0; entry < this.size; entry++) {
      const offset = entry * this.stride + 1;
      for (let word = 0; word < common.length; word++) {
        common[word] = common[word]! & this.entries[offset + word]!;
      }
    }
  }

  /** Clears the bit of an optional slot everywhere. Hashes leave such bits out, so they stay. */
  clearOptional(slot: number): void {
    for (let entry = 0; entry < this.size; entry++) {
      const at = entry * this.stride + 1 + (slot >>> 5);
      this.entries[at] = this.entries[at]! & ~(1 << (slot & 31));
    }
  }

  /** How the entry compares with a configuration. */
  private compare(
    offset: number,
    state: number,
    mask: Int32Array,
  ): 'dominates' | 'dominated' | 'neither' {
    const { entries, optional } = this;
    if (entries[offset] !== state) return 'neither';
    let more = false;
    let fewer = false;
    for (let word = 0; word < mask.length; word++) {
      const theirs = entries[offset + 1 + word]!;
      const ours = mask[word]!;
      if (theirs === ours) continue;
      if (((theirs ^ ours) & ~optional[word]!) !== 0) return 'neither';
      if ((theirs & ~ours) !== 0) more = true;
      if ((ours & ~theirs) !== 0) fewer = true;
    }
    if (!more) return 'dominates';
    return fewer ? 'neither' : 'dominated';
  }

  private grow(): void {
    const buckets = new Int32Array(2 * this.buckets.length);
    const entries = new Int32Array((buckets.length / BUCKETS_PER_ENTRY) * this.stride);
    entries.set(this.entries.subarray(0, this.size * this.stride));
    this.entries = entries;
    this.buckets = buckets;
    const last = buckets.length - 1;
    for (let entry = 0; entry < this.size; entry++) {
      const offset = entry * this.stride;
      const mask = entries.subarray(offset + 1, offset + this.stride);
      let bucket = this.hash(entries[offset]!, mask) & last;
      while (buckets[bucket] !== 0) bucket = (bucket + 1) & last;
      buckets[bucket] = entry + 1;
    }
  }

  /** A multiply-and-rotate hash of the state and the bits that are not optional. */
  private hash(state: number, mask: Int32Array): number {
    let h = Math.imul(state, 0x85ebca77);
    for (let word = 0; word < mask.length; word++) {
      const bits = mask[word]! & ~this.optional[word]!;
      h = Math.imul(((h << 13) | (h >>> 19)) ^ bits, 0xc2b2ae3d);
    }
    h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
    h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
    return h ^ (h >>> 15);
  }
}
