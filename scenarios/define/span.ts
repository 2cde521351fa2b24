/** A stretch of time that somebody spent on something: what a timeline is made of. */
export interface Span {
  /** Whose line it stands in. */
  readonly row: string;
  /** What it was, in a word or two: `map`, `map again`. */
  readonly what: string;
  /** One character that stands for it. */
  readonly mark: string;
  /**
   * What is written behind the mark, if there is room; the mark then stands at the beginning only.
   * Default: nothing.
   */
  readonly label?: string;
  /** Virtual times, in ms. */
  readonly fromMs: number;
  readonly toMs: number;
}
