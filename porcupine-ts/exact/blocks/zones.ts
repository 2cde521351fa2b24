import type { Timeline } from '../../history/timeline.ts';
import { type Blocks, INITIAL_BLOCK, NONE } from './blocks.ts';

/** Between which instants the blocks act; see `placeBlocks`. */
export class Zones {
  readonly count: number;
  /** For each block its operation that returned first; {@link NONE} of the initial block. */
  readonly returnsFirst: Int32Array;
  /** For each block its operation that was called last; {@link NONE} if the block is empty. */
  readonly calledLast: Int32Array;
  private readonly timeline: Timeline;

  constructor(timeline: Timeline, { count, of }: Blocks) {
    this.count = count;
    this.timeline = timeline;
    this.returnsFirst = new Int32Array(count).fill(NONE);
    this.calledLast = new Int32Array(count).fill(NONE);
    const { callAt, returnAt } = timeline;
    for (let operation = 0; operation < of.length; operation++) {
      const block = of[operation]!;
      if (block === NONE) continue;
      const last = this.calledLast[block]!;
      if (last === NONE || callAt[operation]! > callAt[last]!) this.calledLast[block] = operation;
      if (block === INITIAL_BLOCK) continue;
      const first = this.returnsFirst[block]!;
      if (first === NONE || returnAt[operation]! < returnAt[first]!) {
        this.returnsFirst[block] = operation;
      }
    }
  }

  /** Has the block no operations? */
  isEmpty(block: number): boolean {
    return this.calledLast[block] === NONE;
  }

  /** Position of the first return; -1 of the initial block, which begins before everything. */
  firstReturn(block: number): number {
    const first = this.returnsFirst[block]!;
    return first === NONE ? -1 : this.timeline.returnAt[first]!;
  }

  /** Position of the last call; -1 if the block is empty. */
  lastCall(block: number): number {
    const last = this.calledLast[block]!;
    return last === NONE ? -1 : this.timeline.callAt[last]!;
  }

  /** Does the block go on all the time from its first return to its last call? */
  isForward(block: number): boolean {
    return this.firstReturn(block) < this.lastCall(block);
  }
}
