import type { Timeline } from '../../history/timeline.ts';

/** No operation, no block. */
export const NONE = -1;

/** The block that the state before any operation belongs to; it may have no operations. */
export const INITIAL_BLOCK = 0;

/** What an operation tells of the state that it found or left. */
export const EXACTLY = 0;
/** That it had been reached; it may have been left since. Only where there is one block. */
export const REACHED = 1;
/** That it had not been left; it may not have been reached. Only where there is one block. */
export const NOT_LEFT = 2;

/**
 * The operations of one object, sorted into blocks.
 *
 * Where every state of an object is reached at most once, operations that find or leave the same
 * state must act next to each other: the write of a value and the reads of it. So must those of
 * states that are known to follow each other: of a list, the append of the first element, the reads
 * of a list of one, the append of the second. All of these form a **block**. Its operations have
 * **ranks**: lower ones act first, those of one rank in any order.
 */
export class Blocks {
  /** Number of blocks, the initial one included. */
  count: number = 1;
  /** For each operation its block; {@link NONE} if it is in none. */
  readonly of: Int32Array;
  readonly ranks: Int32Array;
  readonly tells: Uint8Array;
  /** Operations that returned and may have acted in any state. */
  readonly free: number[] = [];

  constructor({ operationCount }: Timeline) {
    this.of = new Int32Array(operationCount).fill(NONE);
    this.ranks = new Int32Array(operationCount);
    this.tells = new Uint8Array(operationCount);
  }

  /** A new block, without operations. */
  open(): number {
    return this.count++;
  }

  /** Places an operation in a block; each at most once. */
  place(operation: number, block: number, rank: number, tells: number = EXACTLY): void {
    this.of[operation] = block;
    this.ranks[operation] = rank;
    this.tells[operation] = tells;
  }

  /** The operation acts within its interval, in whatever state it finds, and changes nothing. */
  release(operation: number): void {
    this.free.push(operation);
  }

  /** Is the operation in a block? */
  has(operation: number): boolean {
    return this.of[operation] !== NONE;
  }
}

/** The operations of all blocks, block by block, and by rank within a block. */
export function inOrder({ count, of, ranks }: Blocks): Int32Array {
  const ranksOf = new Int32Array(count);
  let size = 0;
  for (let operation = 0; operation < of.length; operation++) {
    const block = of[operation]!;
    if (block < 0) continue;
    size++;
    ranksOf[block] = Math.max(ranksOf[block]!, ranks[operation]! + 1);
  }
  // A counting sort: blocks and their ranks in one row.
  const firstRank = new Int32Array(count);
  let total = 0;
  for (let block = 0; block < count; block++) {
    firstRank[block] = total;
    total += ranksOf[block]!;
  }
  const next = new Int32Array(total + 1);
  for (let operation = 0; operation < of.length; operation++) {
    const block = of[operation]!;
    if (block >= 0) next[firstRank[block]! + ranks[operation]! + 1]!++;
  }
  for (let slot = 0; slot < total; slot++) next[slot + 1]! += next[slot]!;
  const sorted = new Int32Array(size);
  for (let operation = 0; operation < of.length; operation++) {
    const block = of[operation]!;
    if (block >= 0) sorted[next[firstRank[block]! + ranks[operation]!]!++] = operation;
  }
  return sorted;
}
