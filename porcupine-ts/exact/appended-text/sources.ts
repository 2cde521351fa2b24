import { NONE } from '../blocks/blocks.ts';
import { TextFinder } from './text-finder.ts';

/** No single operation: there are several that it may be. */
export const SEVERAL = -2;

/** An operation that put or appended a text. */
export interface Source {
  readonly operation: number;
  readonly text: string;
  /** Position of its call. */
  readonly from: number;
  /** Position after which it can have nothing to do with what is read; it is beyond `from`. */
  readonly until: number;
}

/** Of one text, by call; each with the latest `until` up to it. */
interface SameText {
  readonly sources: readonly Source[];
  readonly latest: readonly number[];
}

/** Who may have put, or appended, what stands at a place of a text. */
export class Sources {
  readonly finder: TextFinder;
  private readonly byText: readonly SameText[];

  constructor(sources: readonly Source[]) {
    const byText = new Map<string, Source[]>();
    for (const source of sources) {
      const same = byText.get(source.text);
      if (same === undefined) byText.set(source.text, [source]);
      else same.push(source);
    }
    this.finder = new TextFinder(byText.keys());
    this.byText = this.finder.texts.map((text) => {
      const same = byText.get(text)!.sort((a, b) => a.from - b.from);
      let latest = 0;
      return { sources: same, latest: same.map(({ until }) => (latest = Math.max(latest, until))) };
    });
  }

  /** All sources of that text, by call. */
  sourcesOf(text: number): number[] {
    return this.byText[text]!.sources.map(({ operation }) => operation);
  }

  /** The source, if there is but one of that text. */
  single(text: number): number {
    const { sources } = this.byText[text]!;
    return sources.length === 1 ? sources[0]!.operation : SEVERAL;
  }

  /**
   * The only source of that text with `from` before `end` and `until` after `start` that is not
   * `taken`; else {@link NONE} or {@link SEVERAL}.
   */
  within(text: number, start: number, end: number, taken: (operation: number) => boolean): number {
    const { sources, latest } = this.byText[text]!;
    let low = 0;
    let high = sources.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sources[middle]!.from < end) low = middle + 1;
      else high = middle;
    }
    let found = NONE;
    for (let nth = low - 1; nth >= 0 && latest[nth]! > start; nth--) {
      const { operation, until } = sources[nth]!;
      if (until < start || taken(operation)) continue;
      if (found !== NONE) return SEVERAL;
      found = operation;
    }
    return found;
  }
}
