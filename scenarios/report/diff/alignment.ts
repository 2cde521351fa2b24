import type { Trace } from '../../../sim/index.ts';
import { CauseKeys } from './cause-keys.ts';
import { contentDifference, type ContentDifference } from './content-difference.ts';
import { ToldEvents } from './told-events.ts';

/** Which of two runs. */
export type Side = 'a' | 'b';

/** How two runs part at one place; events by their index in {@link ToldEvents}. */
export type Difference =
  /** It happened in one of them only. */
  | { readonly kind: 'only'; readonly side: Side; readonly at: number }
  /** It happened in both, at different times. */
  | { readonly kind: 'time'; readonly a: number; readonly b: number }
  /** At one instant, other things come first in the other run. */
  | { readonly kind: 'order'; readonly a: number; readonly b: number }
  /** It happened in both, but what it brought or what came of it differs. */
  | {
      readonly kind: 'content';
      readonly a: number;
      readonly b: number;
      readonly what: ContentDifference;
    };

/** How many events of two runs have which sort of counterpart. */
export interface Counts {
  /** In both, at the same time, with the same content. */
  readonly same: number;
  /** In both, with the same content, at another time. */
  readonly moved: number;
  /** In both, with other content. */
  readonly changed: number;
  readonly onlyA: number;
  readonly onlyB: number;
}

/** Two traces side by side, matched by cause: see {@link CauseKeys}. */
export class Alignment {
  readonly a: ToldEvents;
  readonly b: ToldEvents;

  constructor(a: Trace, b: Trace) {
    const keys = new CauseKeys();
    this.a = new ToldEvents(a, keys);
    this.b = new ToldEvents(b, keys);
  }

  /** Where the event of `a` is in `b`. */
  inB(a: number): number | undefined {
    return this.b.find(this.a.keys[a] ?? -1);
  }

  /** Where the event of `b` is in `a`. */
  inA(b: number): number | undefined {
    return this.a.find(this.b.keys[b] ?? -1);
  }

  /** Where they part first; undefined if they never do. */
  first(): Difference | undefined {
    const { a, b } = this;
    for (let i = 0; i < a.length || i < b.length; i++) {
      const isSame = a.keys[i] === b.keys[i];
      if (!isSame || a.timeUs(i) !== b.timeUs(i)) return this.partingAt(i);
      const what = contentDifference(a.at(i), b.at(i));
      if (what !== undefined) return { kind: 'content', a: i, b: i, what };
    }
    return undefined;
  }

  /** The first difference that is more than a matter of when. */
  firstInSubstance(): Difference | undefined {
    const [inA, onlyB] = [this.firstOfA(), this.firstOnlyB()];
    if (inA === undefined || onlyB === undefined) return inA ?? onlyB;
    return this.timeUs(onlyB) < this.timeUs(inA) ? onlyB : inA;
  }

  count(): Counts {
    const counts = { same: 0, moved: 0, changed: 0, onlyA: 0, onlyB: 0 };
    const { a, b } = this;
    let matched = 0;
    for (let i = 0; i < a.length; i++) {
      const j = this.inB(i);
      if (j === undefined) {
        counts.onlyA++;
        continue;
      }
      matched++;
      if (contentDifference(a.at(i), b.at(j)) !== undefined) counts.changed++;
      else if (a.timeUs(i) !== b.timeUs(j)) counts.moved++;
      else counts.same++;
    }
    return { ...counts, onlyB: b.length - matched };
  }

  /** When it is seen, in µs: the earlier moment of the two. */
  timeUs(difference: Difference): number {
    if (difference.kind !== 'only') {
      return Math.min(this.a.timeUs(difference.a), this.b.timeUs(difference.b));
    }
    return this[difference.side].timeUs(difference.at);
  }

  /** What is the matter with the events at one index, which are not the same at the same time. */
  private partingAt(i: number): Difference {
    const { a, b } = this;
    if (a.keys[i] === b.keys[i]) return { kind: 'time', a: i, b: i };
    const [inA, inB] = [this.inA(i), this.inB(i)];
    const isAtOnce = a.timeUs(i) === b.timeUs(i);
    // At one instant, what the other run does not have at all explains why the rest is late.
    if (isAtOnce && inB !== undefined && inA === undefined)
      return { kind: 'only', side: 'b', at: i };
    if (a.timeUs(i) <= b.timeUs(i)) {
      if (inB === undefined) return { kind: 'only', side: 'a', at: i };
      if (a.timeUs(i) !== b.timeUs(inB)) return { kind: 'time', a: i, b: inB };
      if (inA !== undefined && isAtOnce && a.timeUs(inA) !== b.timeUs(i)) {
        return { kind: 'time', a: inA, b: i };
      }
      return { kind: 'order', a: i, b: i };
    }
    if (inA === undefined) return { kind: 'only', side: 'b', at: i };
    return { kind: 'time', a: inA, b: i };
  }

  private firstOnlyB(): Difference | undefined {
    for (let at = 0; at < this.b.length; at++) {
      if (this.inA(at) === undefined) return { kind: 'only', side: 'b', at };
    }
    return undefined;
  }

  private firstOfA(): Difference | undefined {
    const { a, b } = this;
    for (let i = 0; i < a.length; i++) {
      const j = this.inB(i);
      if (j === undefined) return { kind: 'only', side: 'a', at: i };
      const what = contentDifference(a.at(i), b.at(j));
      if (what !== undefined) return { kind: 'content', a: i, b: j, what };
    }
    return undefined;
  }
}
