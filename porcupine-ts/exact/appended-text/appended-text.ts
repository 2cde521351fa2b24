import type { Part } from '../../history/partition.ts';
import { NEVER, type Timeline } from '../../history/timeline.ts';
import { Blocks, INITIAL_BLOCK, NONE } from '../blocks/blocks.ts';
import type { Evidence } from '../decision.ts';
import { brief, type Deed, Words } from '../words.ts';
import { type Reader, type Window, Windows } from './windows.ts';
import { SEVERAL, type Source, Sources } from './sources.ts';

/** What an operation has to do with a text, which is empty at first. */
export type TextEffect =
  | { readonly kind: 'get' | 'put'; readonly value: string }
  /** `before` is the text to which it appended; undefined = unknown. The value is not empty. */
  | { readonly kind: 'append'; readonly value: string; readonly before: string | undefined }
  /** Does nothing that anybody could see. */
  | { readonly kind: 'nothing' };

/** All the texts that began with one put, or with none. */
interface Epoch {
  readonly block: number;
  /** The put; {@link NONE} in the epoch before any put. */
  readonly put: number;
  readonly start: string;
  /** The longest text, and an operation that found it. */
  longest: string;
  reader: number;
  /** The operations that found its texts. */
  readonly readers: number[];
  /** The appends that made it, in order. */
  readonly appends: number[];
  /** For each length the number of appends that make a text so long; NONE if it is none. */
  appendsAt: Int32Array;
  /** The append to the longest text, if its answer says so. */
  last: number;
}

/** A problem that ends the work: the texts cannot be, or cannot be taken apart for certain. */
type Problem = Evidence | 'unqualified';

/** The texts that were read, taken apart, and the blocks that they make. */
export class AppendedText {
  readonly blocks: Blocks;
  readonly words: Words;
  private readonly part: Part<unknown, unknown>;
  private readonly effects: readonly TextEffect[];
  private readonly puts: Sources;
  private readonly appended: Sources;
  /** Position of the first return of a put: after it, there has been one. */
  private readonly firstPut: number;
  /** By put. */
  private readonly epochs = new Map<number, Epoch>();
  /** For each operation that found a text, the epoch of that text. */
  private readonly epochOf: (Epoch | undefined)[];
  /** For each block the put that it begins with. */
  private readonly putOf: number[] = [NONE];

  constructor(part: Part<unknown, unknown>, effects: readonly TextEffect[]) {
    this.part = part;
    this.effects = effects;
    this.blocks = new Blocks(part.timeline);
    this.words = new Words(part, (operation) => deedOf(effects[operation]!));
    const { callAt, returnAt } = part.timeline;
    const sources = (kind: 'put' | 'append', until: ArrayLike<number>): Source[] =>
      effects.flatMap((effect, operation) => {
        if (effect.kind !== kind) return [];
        return [
          { operation, text: effect.value, from: callAt[operation]!, until: until[operation]! },
        ];
      });
    const puts = sources('put', returnAt);
    this.firstPut = puts.reduce((first, { until }) => Math.min(first, until), NEVER);
    this.puts = new Sources(sources('put', replacedAt(puts, part.timeline)));
    this.appended = new Sources(sources('append', returnAt));
    this.epochOf = effects.map(() => undefined);
  }

  held(block: number): string {
    const put = this.putOf[block] ?? NONE;
    if (put === NONE) return 'nothing had been put';
    return `the text began with ${this.words.what(put)}, as put by ${this.words.client(put)},`;
  }

  law(): string {
    return 'a text only grows until the next put';
  }

  witness(block: number): number {
    return this.epochs.get(this.putOf[block] ?? NONE)?.reader ?? NONE;
  }

  isAppend(operation: number): boolean {
    return this.effects[operation]!.kind === 'append';
  }

  /** Finds out with which put each text began that was found. */
  findStarts(): Problem | undefined {
    for (const [operation, effect] of this.effects.entries()) {
      const found = this.foundBy(operation, effect);
      if (found === undefined) continue;
      const put = this.putUnder(found, operation);
      if (put === SEVERAL) return 'unqualified';
      if (put === undefined) {
        const why =
          this.puts.finder.longestAt(found, 0) === NONE
            ? 'which begins with nothing that was put or appended'
            : 'but what it begins with had not been put yet, or had been replaced';
        return this.impossible('text that nobody wrote', operation, why);
      }
      const epoch = this.epochs.get(put) ?? this.openEpoch(put);
      this.epochOf[operation] = epoch;
      epoch.readers.push(operation);
      if (found.length <= epoch.longest.length && epoch.reader !== NONE) continue;
      epoch.longest = found;
      epoch.reader = operation;
    }
    return undefined;
  }

  /** Finds the appends that made the longest text of each epoch. */
  takeApart(): Problem | undefined {
    for (const epoch of this.epochs.values()) {
      const { longest, start, appends, block } = epoch;
      epoch.appendsAt = new Int32Array(longest.length + 1).fill(NONE);
      epoch.appendsAt[start.length] = 0;
      const windows = new Windows(this.part.timeline, epoch.put, this.readersByLength(epoch));
      for (let length = start.length; length < longest.length;) {
        const window = windows.at(length);
        const append = this.appendAt(longest, length, window);
        if (append === SEVERAL) return 'unqualified';
        if (append === NONE) return this.cannotGoOn(epoch, length, window);
        appends.push(append);
        windows.add(append);
        this.blocks.place(append, block, 2 * appends.length);
        length += this.valueOf(append).length;
        epoch.appendsAt[length] = appends.length;
      }
    }
    return undefined;
  }

  /** Places all operations that did not make the longest texts. */
  fillBlocks(): Problem | undefined {
    const { blocks, effects } = this;
    for (const [operation, effect] of effects.entries()) {
      const problem = this.placeReader(operation, effect);
      if (problem !== undefined) return problem;
    }
    for (const [operation, effect] of effects.entries()) {
      if (blocks.has(operation) || !this.returned(operation)) continue;
      if (effect.kind === 'nothing') blocks.release(operation);
      else {
        const block = blocks.open();
        if (effect.kind === 'put') this.putOf[block] = operation;
        blocks.place(operation, block, 0);
      }
    }
    return undefined;
  }

  /**
   * The put that the text began with which the operation found: NONE if none, SEVERAL if in doubt,
   * undefined if it cannot be.
   */
  private putUnder(text: string, reader: number): number | undefined {
    const { finder } = this.puts;
    const goesOn = (length: number): boolean =>
      length === text.length || this.appended.finder.longestAt(text, length) !== NONE;
    let under = goesOn(0) ? NONE : undefined;
    const longest = finder.longestAt(text, 0);
    // If there is but one way, whether it was in time is a question for later.
    const inDoubt = longest !== NONE && (under === NONE || finder.nextShorter(longest) !== NONE);
    const { callAt, returnAt } = this.part.timeline;
    const call = callAt[reader]!;
    if (inDoubt && this.firstPut < call) under = undefined;
    for (let put = longest; put !== NONE; put = finder.nextShorter(put)) {
      if (!goesOn(finder.texts[put]!.length)) continue;
      const single = inDoubt ? SEVERAL : this.puts.single(put);
      const found =
        single === SEVERAL ? this.puts.within(put, call, returnAt[reader]!, () => false) : single;
      if (found === NONE) continue;
      if (found === SEVERAL || under !== undefined) return SEVERAL;
      under = found;
    }
    return under;
  }

  private readersByLength({ readers }: Epoch): Reader[] {
    const found = readers.map((operation) => {
      const effect = this.effects[operation]!;
      const { length } = this.foundBy(operation, effect)!;
      return { operation, length, appends: effect.kind === 'append' };
    });
    return found.sort((a, b) => a.length - b.length);
  }

  private openEpoch(put: number): Epoch {
    const block = put === NONE ? INITIAL_BLOCK : this.blocks.open();
    if (put !== NONE) this.blocks.place(put, block, 0);
    this.putOf[block] = put;
    const start = put === NONE ? '' : this.valueOf(put);
    const epoch: Epoch = {
      block,
      put,
      start,
      longest: start,
      reader: NONE,
      readers: [],
      appends: [],
      appendsAt: new Int32Array(0),
      last: NONE,
    };
    this.epochs.set(put, epoch);
    return epoch;
  }

  /**
   * The append that must have made the text longer than it was; NONE if there is none, SEVERAL if
   * in doubt. One that was found elsewhere is there in every linearization.
   */
  private appendAt(text: string, at: number, window: Window): number {
    const { finder } = this.appended;
    const taken = (operation: number): boolean => this.blocks.has(operation);
    const { said, after, before } = window;
    if (said !== NONE && !taken(said) && text.startsWith(this.valueOf(said), at)) return said;
    const first = finder.longestAt(text, at);
    if (first === NONE) return NONE;
    const single = finder.nextShorter(first) === NONE ? this.appended.single(first) : SEVERAL;
    if (single !== SEVERAL) return taken(single) ? NONE : single;
    const start = after === NONE ? NONE : this.part.timeline.callAt[after]!;
    const end = this.part.timeline.returnAt[before]!;
    let append = NONE;
    for (let number = first; number !== NONE; number = finder.nextShorter(number)) {
      const other = this.appended.within(number, start, end, taken);
      if (other === NONE) continue;
      if (append !== NONE || other === SEVERAL) return SEVERAL;
      append = other;
    }
    return append;
  }

  private placeReader(operation: number, effect: TextEffect): Evidence | undefined {
    const epoch = this.epochOf[operation];
    if (epoch === undefined) return undefined;
    const found = this.foundBy(operation, effect)!;
    const { longest, appends, block } = epoch;
    // Both sides of the comparison are contiguous: it costs next to nothing for each character.
    if (found !== longest && longest.slice(0, found.length) !== found) {
      return this.disagree(epoch, operation, found);
    }
    const count = epoch.appendsAt[found.length]!;
    if (count === NONE) {
      const why = 'which ends in the middle of what was put or appended';
      return this.impossible('text cut in the middle', operation, why);
    }
    if (effect.kind === 'get') {
      this.blocks.place(operation, block, 2 * count + 1);
      return undefined;
    }
    const next = appends[count] ?? epoch.last;
    if (next === operation) return undefined;
    if (next !== NONE) return this.appendedTwice(epoch, next, operation);
    if (this.blocks.has(operation)) {
      const why = 'but what it appended was read elsewhere';
      return this.impossible('append found elsewhere', operation, why);
    }
    epoch.last = operation;
    this.blocks.place(operation, block, 2 * count + 2);
    return undefined;
  }

  private impossible(kind: string, operation: number, why: string): Evidence {
    const { words } = this;
    return {
      kind,
      reason: `${words.where}${words.did(operation)}, ${why}`,
      culprit: operation,
      operations: [operation],
    };
  }

  /** Nothing can have been appended that makes the text longer than this. */
  private cannotGoOn(epoch: Epoch, length: number, window: Window): Evidence {
    const number = this.appended.finder.longestAt(epoch.longest, length);
    if (number === NONE) {
      const why = `but nobody appended what comes after the first ${length} characters`;
      return this.impossible('text that nobody wrote', this.shortestBeyond(epoch, length), why);
    }
    const sources = this.appended.sourcesOf(number);
    // One that is not read elsewhere has only its time against it.
    const source = sources.find((each) => !this.blocks.has(each));
    if (source !== undefined) return this.outOfTime(epoch, source, window);
    const times = sources.length === 1 ? 'once' : `${sources.length} times`;
    const text = brief(this.appended.finder.texts[number]);
    const why = `but ${text} was appended ${times} and is read in more places`;
    return this.impossible('append read twice', this.shortestBeyond(epoch, length), why);
  }

  /** The append is over before, or called after, what has its text behind, or in it. */
  private outOfTime({ reader, longest }: Epoch, source: number, window: Window): Evidence {
    const { words } = this;
    const { callAt, returnAt } = this.part.timeline;
    const late = callAt[source]! > returnAt[window.before]!;
    const [first, second] = late ? [window.before, source] : [source, window.after];
    return {
      kind: 'append read out of its time',
      reason:
        `${words.where}${words.hadDone(first)} (${words.return(first)}) before ` +
        `${words.did(second)} (${words.call(second)}), but in ${brief(longest)}, ` +
        `as ${words.client(reader)} read, it is the other way round`,
      culprit: second,
      operations: [...new Set([first, second, reader])],
    };
  }

  /** Who found the shortest text of the epoch that is longer than this. */
  private shortestBeyond({ longest, reader, readers }: Epoch, length: number): number {
    let shortest = longest.length;
    let found = reader;
    for (const operation of readers) {
      const other = this.foundBy(operation, this.effects[operation]!)!.length;
      if (other <= length || other >= shortest) continue;
      shortest = other;
      found = operation;
    }
    return found;
  }

  private disagree({ longest, reader, put }: Epoch, operation: number, found: string): Evidence {
    const { words } = this;
    let same = 0;
    while (same < found.length && found.charCodeAt(same) === longest.charCodeAt(same)) same++;
    const since = put === NONE ? 'nothing was put' : `both begin with what ${words.did(put)}`;
    return {
      kind: 'texts that disagree',
      reason:
        `${words.where}${words.did(reader)}, and ${words.did(operation)}: neither is the ` +
        `beginning of the other (they differ at character ${same + 1}), though ${since}`,
      culprit: operation,
      operations: [...(put === NONE ? [] : [put]), reader, operation],
    };
  }

  private appendedTwice({ reader }: Epoch, next: number, operation: number): Evidence {
    const { words } = this;
    const { value, before } = this.effects[next] as Extract<TextEffect, { kind: 'append' }>;
    const other =
      before === undefined
        ? `${words.did(reader)}, where ${brief(value)} follows`
        : `${words.did(next)}, too`;
    return {
      kind: 'two appends to one text',
      reason: `${words.where}${words.did(operation)}, but ${other}`,
      culprit: operation,
      operations: [...new Set([next, reader, operation])],
    };
  }

  /** The text that the operation found when it acted. */
  private foundBy(operation: number, effect: TextEffect): string | undefined {
    if (!this.returned(operation)) return undefined;
    if (effect.kind === 'get') return effect.value;
    return effect.kind === 'append' ? effect.before : undefined;
  }

  private valueOf(operation: number): string {
    return (this.effects[operation] as { readonly value: string }).value;
  }

  private returned(operation: number): boolean {
    return this.part.timeline.returnAt[operation] !== NEVER;
  }
}

/**
 * For each put the position after which there has been another one: the first return of a put that
 * was called after it had returned.
 */
function replacedAt(puts: readonly Source[], { operationCount }: Timeline): Int32Array {
  const replaced = new Int32Array(operationCount);
  const byCall = puts.toSorted((a, b) => b.from - a.from);
  const byReturn = puts.toSorted((a, b) => b.until - a.until);
  let first = NEVER;
  let next = 0;
  for (const { operation, until } of byReturn) {
    for (; next < byCall.length && byCall[next]!.from > until; next++) {
      first = Math.min(first, byCall[next]!.until);
    }
    replaced[operation] = first;
  }
  return replaced;
}

function deedOf(effect: TextEffect): Deed {
  switch (effect.kind) {
    case 'get':
      return { did: 'read', done: 'read', what: brief(effect.value), changes: false };
    case 'put':
      return { did: 'put', done: 'put', what: brief(effect.value), changes: true };
    case 'append': {
      const to = effect.before === undefined ? '' : ` to ${brief(effect.before)}`;
      return { did: 'appended', done: 'appended', what: brief(effect.value) + to, changes: true };
    }
    case 'nothing':
      return { did: 'read', done: 'read', what: 'nobody knows what', changes: false };
  }
}
