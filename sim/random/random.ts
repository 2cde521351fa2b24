/**
 * Draws from one named stream. Integers only: a float in a decision is a difference between
 * machines waiting to happen.
 */
export interface Random {
  /** Uniform in 0 .. 2^32 - 1. */
  uint32(): number;
  /** Uniform integer in 0 .. n - 1, by rejection. `n` from 1 to 2^32. */
  below(n: number): number;
  /** Uniform integer in lo .. hi, both included. */
  between(lo: number, hi: number): number;
  /** True with probability numerator/denominator. */
  chance(numerator: number, denominator: number): boolean;
  /** One element, each as likely. */
  pick<T>(items: readonly T[]): T;
  /** A shuffled copy. */
  shuffle<T>(items: readonly T[]): T[];
  /** A name of 16 letters, unique for all practical purposes. */
  token(): string;
}

const TOKEN_LETTERS = 'abcdefghijklmnopqrstuvwxyz012345';

/** The generator underneath: seedrandom's alea. */
export interface Int32Source {
  /** Uniform in -2^31 .. 2^31 - 1. */
  int32(): number;
}

/** {@link Random} over seedrandom's alea. */
export class AleaRandom implements Random {
  private readonly alea: Int32Source;

  constructor(alea: Int32Source) {
    this.alea = alea;
  }

  uint32(): number {
    return this.alea.int32() >>> 0;
  }

  below(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 0x100000000) {
      throw new RangeError(`below: expected an integer from 1 to 2^32, got ${n}`);
    }
    // The largest multiple of n: draws at or above it would favour small results.
    const fair = 0x100000000 - (0x100000000 % n);
    for (;;) {
      const draw = this.uint32();
      if (draw < fair) return draw % n;
    }
  }

  between(lo: number, hi: number): number {
    return lo + this.below(hi - lo + 1);
  }

  chance(numerator: number, denominator: number): boolean {
    return this.below(denominator) < numerator;
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('pick: nothing to pick from');
    return items[this.below(items.length)] as T;
  }

  shuffle<T>(items: readonly T[]): T[] {
    const result = items.slice();
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [result[i], result[j]] = [result[j] as T, result[i] as T];
    }
    return result;
  }

  token(): string {
    // Joined, not added up: a sum of strings keeps all its parts alive until somebody reads it,
    // which would blur what a memory test measures.
    return Array.from({ length: 16 }, () => TOKEN_LETTERS.charAt(this.below(32))).join('');
  }
}
