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
  /** It returned after this operation was called, which acts before it; NONE = any time. */
  readonly after: number;
  /** It was called before this operation returned, which acts after it. */
  readonly before: number;
  /** An append whose answer says that it is the one. */
  readonly said: number;
}

/** What the readers of the texts of one put say about the appends that made them, one by one. */
export class Windows {
  private readonly timeline: Timeline;
  private readonly readers: readonly Reader[];
  /** For each reader which of it and of those after it returns first. */
  private readonly returnsFirst: Int32Array;
  private next: number = 0;
  /** What is called last of all that acts before the next append. */
  private calledLast: number;

  /** @param readers - by length */
  constructor(timeline: Timeline, put: number, readers: readonly Reader[]) {
    this.timeline = timeline;
    this.readers = readers;
    this.calledLast = put;
    this.returnsFirst = new Int32Array(readers.length);
    let first = NONE;
    for (let nth = readers.length - 1; nth >= 0; nth--) {
      const { operation } = readers[nth]!;
      const { returnAt } = timeline;
      if (first === NONE || returnAt[operation]! < returnAt[first]!) first = operation;
      this.returnsFirst[nth] = first;
    }
  }

  /** The append to the text of a length, which is not the longest; lengths must rise. */
  at(length: number): Window {
    let said = NONE;
    for (; this.next < this.readers.length; this.next++) {
      const reader = this.readers[this.next]!;
      if (reader.length > length) break;
      if (!reader.appends) this.add(reader.operation);
      else if (reader.length === length) said = reader.operation;
    }
    return { after: this.calledLast, before: this.returnsFirst[this.next]!, said };
  }

  /** The operation acts before the next append. */
  add(operation: number): void {
    const { callAt } = this.timeline;
    if (this.calledLast === NONE || callAt[operation]! > callAt[this.calledLast]!) {
      this.calledLast = operation;
    }
  }
}
