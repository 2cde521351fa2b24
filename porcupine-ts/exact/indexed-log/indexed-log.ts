import type { Part } from '../../history/partition.ts';
import { NEVER } from '../../history/timeline.ts';
import { Blocks, EXACTLY, INITIAL_BLOCK, NONE, NOT_LEFT, REACHED } from '../blocks/blocks.ts';
import type { Evidence } from '../decision.ts';
import { brief, type Deed, Words } from '../words.ts';
import { fillHoles, type Hole } from './fill-holes.ts';

/** What an operation has to do with a log. Indices count from 1. */
export type LogEffect =
  /** `index` undefined = unknown. */
  | { readonly kind: 'append'; readonly value: unknown; readonly index: number | undefined }
  /** `value` null = there was no entry. */
  | { readonly kind: 'get'; readonly value: unknown; readonly index: number }
  | { readonly kind: 'read'; readonly values: readonly unknown[] }
  /** Does nothing that anybody could see. */
  | { readonly kind: 'nothing' };

/** What the operations say about the entries of a log, and the block that they form. */
export class IndexedLog {
  readonly blocks: Blocks;
  readonly words: Words;
  private readonly part: Part<unknown, unknown>;
  private readonly effects: readonly LogEffect[];
  /** What people call the first index. */
  private readonly firstIndex: number;
  /** Number of entries that must exist. */
  private length: number = 0;
  /** By index, from 1 on: an operation that tells the entry, and the append that claims it. */
  private teller: Int32Array = new Int32Array(0);
  private claimed: Int32Array = new Int32Array(0);
  private values: unknown[] = [];

  constructor(part: Part<unknown, unknown>, effects: readonly LogEffect[], firstIndex: number) {
    this.part = part;
    this.effects = effects;
    this.firstIndex = firstIndex;
    this.blocks = new Blocks(part.timeline);
    this.words = new Words(part, (operation) => this.deedOf(effects[operation]!));
  }

  held(): string {
    return 'the log grew';
  }

  law(): string {
    return 'a log only grows, and has no holes';
  }

  qualifies(): boolean {
    return this.effects.every((effect, operation) => {
      if (effect.kind !== 'append' && effect.kind !== 'get') return true;
      if (effect.index === undefined) return !this.returned(operation);
      return Number.isInteger(effect.index);
    });
  }

  /** Finds out what is at each index; two operations may say different things. */
  findEntries(): Evidence | undefined {
    const { effects, words } = this;
    let witness = NONE;
    let appends = 0;
    for (const [operation, effect] of effects.entries()) {
      if (effect.kind === 'append') appends++;
      if (!this.returned(operation)) continue;
      const { index, length } = reachOf(effect);
      if (index < 1) return this.beforeTheFirst(operation);
      if (length > this.length) {
        this.length = length;
        witness = operation;
      }
    }
    if (this.length > appends) {
      return {
        kind: 'more entries than appends',
        reason:
          `${words.where}${words.did(witness)}, ` +
          `but no more than ${appends} can have been appended`,
        culprit: witness,
        operations: [witness],
      };
    }
    this.teller = new Int32Array(this.length + 1).fill(NONE);
    this.claimed = new Int32Array(this.length + 1).fill(NONE);
    this.values = Array.from(this.claimed, () => undefined);
    for (const [operation, effect] of effects.entries()) {
      const problem = this.returned(operation) ? this.take(operation, effect) : undefined;
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  /** Places all operations in the one block. */
  fillBlock(): Evidence | undefined {
    const { blocks, claimed } = this;
    const problem = this.claimHoles();
    if (problem !== undefined) return problem;
    for (let index = 1; index <= this.length; index++) {
      blocks.place(claimed[index]!, INITIAL_BLOCK, 2 * index - 1);
    }
    for (const [operation, effect] of this.effects.entries()) {
      if (!this.returned(operation) || effect.kind === 'append') continue;
      if (effect.kind === 'read') {
        blocks.place(operation, INITIAL_BLOCK, 2 * effect.values.length, EXACTLY);
      } else if (effect.kind === 'get' && effect.value !== null) {
        blocks.place(operation, INITIAL_BLOCK, 2 * effect.index, REACHED);
      } else if (effect.kind === 'get' && effect.index >= 1 && effect.index <= this.length) {
        blocks.place(operation, INITIAL_BLOCK, 2 * effect.index - 2, NOT_LEFT);
      } else blocks.release(operation);
    }
    return undefined;
  }

  private take(operation: number, effect: LogEffect): Evidence | undefined {
    switch (effect.kind) {
      case 'append':
        return (
          this.claim(operation, effect.index!) ?? this.tell(operation, effect.index!, effect.value)
        );
      case 'get':
        if (effect.value === null) return undefined;
        return this.tell(operation, effect.index, effect.value);
      case 'read':
        return this.tellAll(operation, effect.values);
      case 'nothing':
        return undefined;
    }
  }

  private tellAll(operation: number, read: readonly unknown[]): Evidence | undefined {
    const { values, teller } = this;
    for (let index = 1; index <= read.length; index++) {
      const value = read[index - 1];
      // Hot: all reads together may be much longer than the history.
      if (values[index] === value && teller[index] !== NONE) continue;
      const problem = this.tell(operation, index, value);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  private claim(operation: number, index: number): Evidence | undefined {
    const { claimed, words } = this;
    const other = claimed[index]!;
    claimed[index] = operation;
    if (other === NONE) return undefined;
    return {
      kind: 'two appends at one index',
      reason: `${words.where}${words.did(other)}, and ${words.did(operation)}`,
      culprit: operation,
      operations: [other, operation],
    };
  }

  private tell(operation: number, index: number, value: unknown): Evidence | undefined {
    const { teller, values, words } = this;
    const other = teller[index]!;
    if (other === NONE) {
      teller[index] = operation;
      values[index] = value;
      return undefined;
    }
    if (values[index] === value) return undefined;
    return {
      kind: 'two values at one index',
      reason:
        `${words.where}${words.did(other)}, and ${words.did(operation)}: ` +
        `the entry ${this.at(index)} is ${brief(values[index])} there and ${brief(value)} here`,
      culprit: operation,
      operations: [other, operation],
    };
  }

  /** Finds pending appends for the entries that nobody claims. */
  private claimHoles(): Evidence | undefined {
    const { claimed, effects, teller } = this;
    if (!claimed.subarray(1).includes(NONE)) return undefined;
    const { callAt } = this.part.timeline;
    const fillers = effects.flatMap((effect, operation) =>
      effect.kind === 'append' && !this.returned(operation)
        ? [{ operation, value: effect.value, callAt: callAt[operation]! }]
        : [],
    );
    const first = this.firstBeyond();
    const holes: Hole[] = [];
    for (let index = 1; index <= this.length; index++) {
      if (claimed[index] !== NONE) continue;
      const found = teller[index] === NONE ? undefined : { value: this.values[index] };
      holes.push({ index, found, deadline: this.part.timeline.returnAt[first[index]!]! });
    }
    const filled = fillHoles(holes, fillers);
    if ('empty' in filled) return this.cannotFill(filled.empty, first[filled.empty.index]!);
    for (const [nth, { index }] of holes.entries()) claimed[index] = filled[nth]!;
    return undefined;
  }

  /** For each index the operation that shows an entry there or beyond and returned first. */
  private firstBeyond(): Int32Array {
    const { returnAt } = this.part.timeline;
    const first = new Int32Array(this.length + 1).fill(NONE);
    for (const [operation, effect] of this.effects.entries()) {
      if (!this.returned(operation)) continue;
      const { length } = reachOf(effect);
      const other = first[length]!;
      if (other === NONE || returnAt[operation]! < returnAt[other]!) first[length] = operation;
    }
    for (let index = this.length - 1; index >= 0; index--) {
      const here = first[index]!;
      const beyond = first[index + 1]!;
      if (here === NONE || returnAt[beyond]! < returnAt[here]!) first[index] = beyond;
    }
    return first;
  }

  private cannotFill({ index, found }: Hole, first: number): Evidence {
    const { words } = this;
    const teller = this.teller[index]!;
    const what = found === undefined ? 'an entry' : brief(found.value);
    return {
      kind: 'entry that nobody appended',
      reason:
        `${words.where}${words.did(first)} (${words.return(first)}), so there is ${what} ` +
        `${this.at(index)}, but by then no append can have put it there`,
      culprit: first,
      operations: teller === NONE || teller === first ? [first] : [teller, first],
    };
  }

  private beforeTheFirst(operation: number): Evidence {
    return {
      kind: 'entry before the first',
      reason: `${this.words.where}${this.words.did(operation)}, before the first index`,
      culprit: operation,
      operations: [operation],
    };
  }

  private deedOf(effect: LogEffect): Deed {
    switch (effect.kind) {
      case 'append': {
        const at = effect.index === undefined ? '' : ` ${this.at(effect.index)}`;
        return { did: 'appended', done: 'appended', what: brief(effect.value) + at, changes: true };
      }
      case 'get': {
        const what = effect.value === null ? 'nothing' : brief(effect.value);
        return {
          did: 'found',
          done: 'found',
          what: `${what} ${this.at(effect.index)}`,
          changes: false,
        };
      }
      case 'read':
        return { did: 'read', done: 'read', what: brief(effect.values), changes: false };
      case 'nothing':
        return { did: 'read', done: 'read', what: 'nobody knows what', changes: false };
    }
  }

  private at(index: number): string {
    return `at index ${index - 1 + this.firstIndex}`;
  }

  private returned(operation: number): boolean {
    return this.part.timeline.returnAt[operation] !== NEVER;
  }
}

/** How many entries it proves to exist, and which one it found or left, if it is one. */
function reachOf(effect: LogEffect): { readonly length: number; readonly index: number } {
  if (effect.kind === 'read') return { length: effect.values.length, index: 1 };
  if (effect.kind === 'append') return { length: effect.index!, index: effect.index! };
  if (effect.kind === 'nothing' || effect.value === null) return { length: 0, index: 1 };
  return { length: effect.index, index: effect.index };
}
