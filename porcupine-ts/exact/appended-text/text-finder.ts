import { NONE } from '../blocks/blocks.ts';

/**
 * Finds which of many texts stand at a place of a longer one.
 *
 * The texts are sorted. Those that a text begins with are at or before its own place in that order,
 * and the last text there is begins with all of them: so one binary search finds the longest, and
 * each text knows the next shorter one that it begins with.
 */
export class TextFinder {
  /** The texts, sorted and each once. */
  readonly texts: readonly string[];
  /** For each text the number of the longest other text that it begins with. */
  private readonly shorter: Int32Array;
  private readonly longestLength: number;

  constructor(texts: Iterable<string>) {
    this.texts = [...new Set(texts)].sort();
    this.shorter = new Int32Array(this.texts.length).fill(NONE);
    let longest = 0;
    for (const [number, text] of this.texts.entries()) {
      longest = Math.max(longest, text.length);
      this.shorter[number] = this.firstFrom(number - 1, text, 0);
    }
    this.longestLength = longest;
  }

  /** Number of the longest text that stands in `source` at `at`; {@link NONE} if there is none. */
  longestAt(source: string, at: number): number {
    const { texts } = this;
    const rest = source.slice(at, at + this.longestLength);
    let low = 0;
    let high = texts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (texts[middle]! <= rest) low = middle + 1;
      else high = middle;
    }
    return this.firstFrom(low - 1, source, at);
  }

  /** Number of the next shorter text that stands where the given one does. */
  nextShorter(number: number): number {
    return this.shorter[number]!;
  }

  private firstFrom(start: number, source: string, at: number): number {
    let number = start;
    while (number !== NONE && !source.startsWith(this.texts[number]!, at)) {
      number = this.shorter[number]!;
    }
    return number;
  }
}
