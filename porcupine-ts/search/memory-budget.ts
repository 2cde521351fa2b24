/**
 * How many 32-bit words all partitions of one check may use together for the configurations and the
 * states they have visited: 2^28, that is 1 GiB. Beyond it a search gives up as `unknown` instead
 * of taking the process down. A fixed count and not the machine's memory, so that verdicts are the
 * same everywhere.
 */
const WORDS_MAX = 2 ** 28;

/** The memory that the searches of one check share. */
export class MemoryBudget {
  private wordsLeft: number;

  /** @param words - default: 2^28 */
  constructor(words: number = WORDS_MAX) {
    this.wordsLeft = words;
  }

  /** Takes words, or answers false and takes none. */
  take(words: number): boolean {
    if (words > this.wordsLeft) return false;
    this.wordsLeft -= words;
    return true;
  }

  /** Gives words back. */
  give(words: number): void {
    this.wordsLeft += words;
  }
}
