import type { Random } from '../random/random.ts';
import { namesProblem, type FaultBase, type FaultKind } from './fault-kind.ts';

/**
 * Places in the code of nodes ({@link Env.buggify}) do something unusual, after FoundationDB: each
 * name is active with probability 1/4, and then fires one time in four.
 */
export interface BuggifyFault extends FaultBase {
  readonly kind: 'buggify';
  /** Only these names. Default: all. */
  readonly points?: readonly string[] | undefined;
}

const CHANCE = [1, 4] as const;

/** Answers for every buggify point of every node. */
export class Buggify {
  private readonly inForce: BuggifyFault[] = [];
  private readonly isActive = new Map<string, boolean>();
  private stream: (name: string) => Random = () => {
    throw new Error('no fault of kind buggify is in force');
  };

  add(fault: BuggifyFault, stream: (name: string) => Random): () => void {
    this.stream = stream;
    this.inForce.push(fault);
    return () => this.inForce.splice(this.inForce.indexOf(fault), 1);
  }

  fires(name: string, node: string): boolean {
    let isFiring = false;
    for (const { id, points } of this.inForce) {
      if (points?.includes(name) === false) continue;
      const place = `fault/${id}/${name}`;
      let isActive = this.isActive.get(place);
      if (isActive === undefined) {
        isActive = this.stream(place).chance(...CHANCE);
        this.isActive.set(place, isActive);
      }
      if (isActive && this.stream(`${place}/${node}`).chance(...CHANCE)) isFiring = true;
    }
    return isFiring;
  }
}

export const buggify: FaultKind<BuggifyFault> = {
  problem: ({ points }) => namesProblem('points', points),
  describe: ({ points }) => `buggify ${points?.join(', ') ?? 'everything'}`,
  start: (site, action) => site.buggify.add(action, (name) => site.streams.stream(name)),
};
