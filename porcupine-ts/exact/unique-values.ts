import type { Operation } from '../history/operation.ts';
import type { Part } from '../history/partition.ts';
import { NEVER } from '../history/timeline.ts';
import { Blocks, INITIAL_BLOCK } from './blocks/blocks.ts';
import { explainConflict } from './blocks/explain-conflict.ts';
import { placeBlocks } from './blocks/place-blocks.ts';
import type { Decision, Evidence } from './decision.ts';
import { brief, type Deed, Words } from './words.ts';

/** What an operation has to do with the value of a register. */
export type ValueEffect =
  | { readonly kind: 'read' | 'write'; readonly value: unknown }
  /** If the value is `from`, it becomes `to`. `held` says whether it was; undefined = unknown. */
  | {
      readonly kind: 'cas';
      readonly from: unknown;
      readonly to: unknown;
      readonly held: boolean | undefined;
    }
  /** Does nothing that anybody could see. */
  | { readonly kind: 'nothing' };

/**
 * Decides registers by blocks (see `placeBlocks`): the write of a value and the reads of it are
 * one, and a compare-and-set that succeeded joins the block of its new value to that of its old.
 *
 * Does not qualify: a value that was read and that several operations may have written, or that the
 * register held at first and that was written, too; a compare-and-set that failed, or of which
 * nobody knows whether it did, if its old value may ever have been there.
 *
 * A pending operation is left out unless its value was read. That loses nothing: it can be taken
 * out of any linearization, since what acts between it and the next write does not look.
 */
export function decideUniqueValues<I, O>(
  part: Part<I, O>,
  initial: unknown,
  effectOf: (operation: Operation<I, O>) => ValueEffect,
): Decision | undefined {
  const register = new UniqueValues(part, initial, part.operations.map(effectOf));
  const problem = register.findWriters();
  if (problem === 'unqualified') return undefined;
  const evidence = problem ?? register.fillBlocks();
  if (evidence !== undefined) return { verdict: 'illegal', ...evidence };
  const placement = placeBlocks(part.timeline, register.blocks);
  if ('order' in placement) return { verdict: 'ok', order: placement.order };
  const { conflict, zones } = placement;
  return { verdict: 'illegal', ...explainConflict(part.timeline, conflict, zones, register) };
}

class UniqueValues {
  readonly blocks: Blocks;
  readonly words: Words;
  private readonly part: Part<unknown, unknown>;
  private readonly initial: unknown;
  private readonly effects: readonly ValueEffect[];
  /** For each value the first operation that may have written it. */
  private readonly writers = new Map<unknown, number>();
  /** The values that several operations may have written. */
  private readonly repeated = new Set<unknown>();
  /** The values that the register must have held, each with an operation that found it. */
  private readonly found = new Map<unknown, number>();
  /** For each value the compare-and-set that replaced it. */
  private readonly replacedBy = new Map<unknown, number>();
  /** For each block the value it begins with. */
  private readonly firstValues: unknown[];

  constructor(part: Part<unknown, unknown>, initial: unknown, effects: readonly ValueEffect[]) {
    this.part = part;
    this.initial = initial;
    this.effects = effects;
    this.blocks = new Blocks(part.timeline);
    this.words = new Words(part, (operation) => deedOf(effects[operation]!));
    this.firstValues = [initial];
  }

  held(block: number): string {
    return `the register held ${brief(this.firstValues[block])}`;
  }

  law(block: number): string {
    const value = brief(this.firstValues[block]);
    return block === INITIAL_BLOCK ? `nobody wrote ${value} again` : `${value} was written once`;
  }

  /** Finds out who wrote the values that were found, each of which one operation must have. */
  findWriters(): Evidence | 'unqualified' | undefined {
    const { effects, writers, repeated, found } = this;
    for (const [operation, effect] of effects.entries()) {
      const value = writtenBy(effect);
      if (value === undefined) continue;
      if (writers.has(value.written)) repeated.add(value.written);
      else writers.set(value.written, operation);
    }
    for (const [operation, effect] of effects.entries()) {
      const value = foundBy(effect);
      if (value === undefined || !this.returned(operation)) continue;
      // NaN is no value that anybody can find.
      if (Number.isNaN(value.found)) return 'unqualified';
      found.set(value.found, found.get(value.found) ?? operation);
    }
    // The loop also takes the values that it adds.
    for (const [value, finder] of found) {
      const writer = writers.get(value);
      if (value === this.initial ? writer !== undefined : repeated.has(value)) return 'unqualified';
      if (value === this.initial) continue;
      if (writer === undefined) return this.nobodyWrote(value, finder);
      const effect = effects[writer]!;
      // It did succeed, whatever is known of its answer: its new value was found.
      if (effect.kind === 'cas' && !found.has(effect.from)) found.set(effect.from, writer);
    }
    const looks = (effect: ValueEffect, operation: number): boolean =>
      this.returned(operation) && this.mayConstrain(effect);
    return effects.some(looks) ? 'unqualified' : undefined;
  }

  /** Is it a compare-and-set that may have found that its old value was not there? */
  private mayConstrain(effect: ValueEffect): boolean {
    if (effect.kind !== 'cas' || effect.held === true) return false;
    if (effect.held === undefined && this.found.has(effect.to)) return false;
    return this.writers.has(effect.from) || effect.from === this.initial;
  }

  /** Fills the blocks, from the value that each begins with; says what belongs to none. */
  fillBlocks(): Evidence | undefined {
    const { effects, blocks, found } = this;
    const readers = new Map<unknown, number[]>();
    for (const [operation, effect] of effects.entries()) {
      if (effect.kind === 'read') {
        if (!this.returned(operation)) continue;
        const others = readers.get(effect.value);
        if (others === undefined) readers.set(effect.value, [operation]);
        else others.push(operation);
      } else if (this.succeeded(effect, operation)) {
        const other = this.replacedBy.get(effect.from);
        if (other !== undefined) return this.replacedTwice(other, operation);
        this.replacedBy.set(effect.from, operation);
      } else if (effect.kind !== 'write' && this.returned(operation)) blocks.release(operation);
    }
    this.fillFrom(this.initial, INITIAL_BLOCK, 0, readers);
    for (const [operation, effect] of effects.entries()) {
      if (effect.kind !== 'write') continue;
      if (!this.returned(operation) && !found.has(effect.value)) continue;
      const block = blocks.open();
      this.firstValues[block] = effect.value;
      blocks.place(operation, block, 0);
      if (found.has(effect.value)) this.fillFrom(effect.value, block, 1, readers);
    }
    const circle = [...this.replacedBy.values()].find((operation) => !blocks.has(operation));
    return circle === undefined ? undefined : this.circular(circle);
  }

  /** Places the readers of a value, the compare-and-set that replaced it, and so on. */
  private fillFrom(
    first: unknown,
    block: number,
    firstRank: number,
    readers: ReadonlyMap<unknown, readonly number[]>,
  ): void {
    let value = first;
    for (let rank = firstRank; ; rank += 2) {
      for (const reader of readers.get(value) ?? []) this.blocks.place(reader, block, rank);
      const next = this.replacedBy.get(value);
      if (next === undefined) return;
      this.blocks.place(next, block, rank + 1);
      value = (this.effects[next] as { to: unknown }).to;
    }
  }

  private succeeded(
    effect: ValueEffect,
    operation: number,
  ): effect is Extract<ValueEffect, { kind: 'cas' }> {
    if (effect.kind !== 'cas') return false;
    return (
      (effect.held === true && this.returned(operation)) ||
      (effect.held === undefined && this.found.has(effect.to))
    );
  }

  private returned(operation: number): boolean {
    return this.part.timeline.returnAt[operation] !== NEVER;
  }

  private nobodyWrote(value: unknown, finder: number): Evidence {
    const { words } = this;
    const nobody =
      this.effects[finder]!.kind === 'read'
        ? ', which nobody wrote'
        : `, but nobody wrote ${brief(value)}`;
    return {
      kind: 'value that nobody wrote',
      reason: `${words.where}${words.did(finder)}${nobody}`,
      culprit: finder,
      operations: [finder],
    };
  }

  private replacedTwice(first: number, second: number): Evidence {
    const { words } = this;
    const { from } = this.effects[first] as { from: unknown };
    const writer = this.writers.get(from);
    const once = writer === undefined ? `nobody wrote ${brief(from)} again` : `it was written once`;
    return {
      kind: 'value replaced twice',
      reason: `${words.where}${words.did(first)}, and ${words.did(second)}; ${once}`,
      culprit: second,
      operations: [...(writer === undefined ? [] : [writer]), first, second],
    };
  }

  private circular(start: number): Evidence {
    const circle = [start];
    // Every value has one writer and was replaced once: going back, we come round.
    for (;;) {
      const { from } = this.effects[circle.at(-1)!] as { from: unknown };
      const before = this.writers.get(from)!;
      if (before === start) break;
      circle.push(before);
    }
    return {
      kind: 'values that come from each other',
      reason:
        `${this.words.where}${circle.map((each) => this.words.did(each)).join('; ')}: ` +
        'each needs the value that another leaves, and none can be first',
      culprit: start,
      operations: circle,
    };
  }
}

/** The value that the operation leaves if it has its effect; undefined if it leaves the old one. */
function writtenBy(effect: ValueEffect): { readonly written: unknown } | undefined {
  if (effect.kind === 'write') return { written: effect.value };
  if (effect.kind !== 'cas' || effect.held === false) return undefined;
  return { written: effect.to };
}

function foundBy(effect: ValueEffect): { readonly found: unknown } | undefined {
  if (effect.kind === 'read') return { found: effect.value };
  return effect.kind === 'cas' && effect.held === true ? { found: effect.from } : undefined;
}

function deedOf(effect: ValueEffect): Deed {
  switch (effect.kind) {
    case 'write':
      return { did: 'wrote', done: 'written', what: brief(effect.value), changes: true };
    case 'read':
      return { did: 'read', done: 'read', what: brief(effect.value), changes: false };
    case 'cas': {
      const what = `${brief(effect.from)} to ${brief(effect.to)}`;
      return { did: 'changed', done: 'changed', what, changes: true };
    }
    case 'nothing':
      return { did: 'did', done: 'done', what: 'nothing', changes: false };
  }
}
