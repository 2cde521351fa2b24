/** The parts of a machine that work takes time on. */
export type Part = 'cpu' | 'disk' | 'nic';

export const parts: readonly Part[] = ['cpu', 'disk', 'nic'];

/** However many faults meet, nothing takes longer than so many times its time: sums stay exact. */
const MOST = 1_000_000;

/** How many times its time a part takes at present: the product of what faults ask for. */
export class Pace {
  /** 1 = as the profile says. */
  factor = 1;
  private readonly factors: number[] = [];

  /** Take so many times as long from now on. Returns what ends it. */
  limp(factor: number): () => void {
    this.factors.push(factor);
    this.multiply();
    return () => {
      this.factors.splice(this.factors.indexOf(factor), 1);
      this.multiply();
    };
  }

  private multiply(): void {
    this.factor = this.factors.reduce((product, factor) => Math.min(MOST, product * factor), 1);
  }
}
