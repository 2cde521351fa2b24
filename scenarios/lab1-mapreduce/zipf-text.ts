import type { Random } from '../../sim/index.ts';

/** Weight of the most frequent word; that of the word of rank r is this by r, rounded down. */
const MOST = 1 << 20;
const CONSONANTS = 'bdfglmnprstv';
const VOWELS = 'aeiou';
const WORDS_A_LINE = 12;

/**
 * A text whose words are as frequent as those of a language are (Zipf: the word of rank r occurs a
 * r-th as often as the first one), in whole numbers, so that it is the same on every machine.
 */
export class ZipfText {
  /** Of each rank, the sum of the weights up to it. */
  private readonly upTo: number[] = [];
  private readonly words: readonly string[];

  /** @param vocabulary how many different words there are, up to 100,000 */
  constructor(vocabulary: number) {
    this.words = Array.from({ length: vocabulary }, (_, rank) => wordOf(rank));
    let sum = 0;
    for (let rank = 1; rank <= vocabulary; rank++) {
      sum += Math.floor(MOST / rank);
      this.upTo.push(sum);
    }
  }

  word(random: Random): string {
    const at = random.below(this.upTo.at(-1)!);
    let from = 0;
    let to = this.upTo.length - 1;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.upTo[middle]! > at) to = middle;
      else from = middle + 1;
    }
    return this.words[from]!;
  }

  /** So many words, in lines. */
  text(random: Random, words: number): string {
    let text = '';
    for (let n = 1; n <= words; n++) {
      text += this.word(random) + (n % WORDS_A_LINE === 0 || n === words ? '\n' : ' ');
    }
    return text;
  }
}

/** The word of a rank: one of its own, and the shorter the more frequent. */
function wordOf(rank: number): string {
  const syllables = CONSONANTS.length * VOWELS.length;
  let rest = rank;
  let word = '';
  do {
    const syllable = rest % syllables;
    word += CONSONANTS[syllable % CONSONANTS.length]! + VOWELS[Math.floor(syllable / 12)]!;
    rest = Math.floor(rest / syllables) - 1;
  } while (rest >= 0);
  return word;
}
