import { ModelError } from '../model-error.ts';
import type { Model } from '../model.ts';
import type { Part } from '../history/partition.ts';
import type { Prefix } from './prefix.ts';

/** No read-only operation is left. */
export const NO_READ = -1;

/** The operations of a part whose output proves that they change no state. */
export class ReadOnlyOperations {
  private readonly modelName: string;
  private readonly byReturn: Int32Array;
  private readonly flags: Uint8Array;
  /** For each rank of a return, the rank of the first read-only one from there on. */
  private readonly nextRank: Int32Array;

  constructor(model: Model<unknown, unknown, unknown>, part: Part<unknown, unknown>) {
    const { byReturn, returnedCount } = part.timeline;
    this.modelName = model.name;
    this.byReturn = byReturn;
    this.flags = Uint8Array.from(part.operations, ({ input, output }) =>
      output !== undefined && model.isReadOnly?.(input, output) === true ? 1 : 0,
    );
    this.nextRank = new Int32Array(returnedCount + 1).fill(returnedCount);
    for (let rank = returnedCount - 1; rank >= 0; rank--) {
      this.nextRank[rank] = this.flags[byReturn[rank]!] === 1 ? rank : this.nextRank[rank + 1]!;
    }
  }

  /** Does the operation change no state? */
  has(operation: number): boolean {
    return this.flags[operation] === 1;
  }

  /** Rank of the return of the first one that is left, or {@link NO_READ}. */
  firstLeft(prefix: Prefix): number {
    const { byReturn, nextRank } = this;
    let rank = nextRank[prefix.front]!;
    // Those that are linearized beyond the front are open at the front: few.
    while (rank < byReturn.length && prefix.has(byReturn[rank]!)) rank = nextRank[rank + 1]!;
    return rank < byReturn.length ? rank : NO_READ;
  }

  /** @throws ModelError, as the operation was seen to change a state */
  refuse(input: unknown): never {
    throw new ModelError(
      this.modelName,
      `isReadOnly says that ${JSON.stringify(input)} changes no state, but step changed it`,
    );
  }
}
