import type { Timeline } from '../../history/timeline.ts';
import { NONE } from '../blocks/blocks.ts';

/** An operation that found a text. */
export interface Reader {
  readonly operation: number;
  /** Length of the text that it found. */
  readonly length: number;
  /** Did it append to that text? */
  readonly appends: boolean;
}

/** When the append that made a text longer must have acted. */
export interface Window {
  /** It returned after this position, at which others had been called that act before it. */
  readonly start: number;
  /** It was called before this position, at which others had returned that act after it. */
  readonly end: number;
  /** An append whose answer says that it is the one. */
  readonly said: number;
}

/** What the readers of the texts of one put say about the appends that made them, one by one. */
export class Windows {
  private readonly timeline: Timeline;
  private readonly readers: readonly Reader[];
  /** For each reader the first return of it and of those after it. */
  private readonly firstReturns: Int32Array;
  private next: number = 0;
  private start: number;

  /** @param readers - by length */
  constructor(timeline: Timeline, put: number, readers: readonly Reader[]) {
    this.timeline = timeline;
    this.readers = readers;
    this.start = put === NONE ? NONE : timeline.callAt[put]!;
    this.firstReturns = new Int32Array(readers.length);
    for (let nth = readers.length - 1; nth >= 0; nth--) {
      const own = timeline.returnAt[readers[nth]!.operation]!;
      this.firstReturns[nth] = Math.min(own, this.firstReturns[nth + 1] ?? own);
    }
  }

  /** The append to the text of a length, which is not the longest; lengths must rise. */
  at(length: number): Window {
    const { callAt } = this.timeline;
    let said = NONE;
    for (; this.next < this.readers.length; this.next++) {
      const reader = this.readers[this.next]!;
      if (reader.length > length) break;
      if (!reader.appends) this.start = Math.max(this.start, callAt[reader.operation]!);
      else if (reader.length === length) said = reader.operation;
    }
    return { start: this.start, end: this.firstReturns[this.next]!, said };
  }

  /** The append was found. */
  add(append: number): void {
    this.start = Math.max(this.start, this.timeline.callAt[append]!);
  }
}
