/**
 * The gaps in which some operations can have taken effect, from their calls to their last gaps (the
 * one before the return; `NEVER` if they are pending). See `Timeline` for what a gap is.
 */
export class Spans {
  /** Of these, the first `count` are meant: the arrays are kept when the spans are cleared. */
  readonly calls: number[] = [];
  readonly lasts: number[] = [];
  count: number = 0;

  /** Adds an operation; they have to come in order of their calls. */
  push(call: number, last: number): void {
    this.calls[this.count] = call;
    this.lasts[this.count] = last;
    this.count++;
  }

  clear(): void {
    this.count = 0;
  }
}
