import type { Operation } from '../history/operation.ts';
import type { Part } from '../history/partition.ts';
import { NEVER } from '../history/timeline.ts';
import { Blocks, INITIAL_BLOCK, NONE } from './blocks/blocks.ts';
import { explainConflict } from './blocks/explain-conflict.ts';
import { explainLostAppend } from './blocks/lost-append.ts';
import { placeBlocks } from './blocks/place-blocks.ts';
import type { Decision, Evidence } from './decision.ts';
import { brief, type Deed, Words } from './words.ts';

/** What an operation has to do with a list that only grows. */
export type ListEffect =
  | { readonly kind: 'append'; readonly value: unknown }
  | { readonly kind: 'read'; readonly values: readonly unknown[] }
  /** Does nothing that anybody could see. */
  | { readonly kind: 'nothing' };

/**
 * Decides lists that are empty at first and only grow by blocks (see `placeBlocks`): the lists that
 * were read are the beginnings of the longest one, so all reads, and all appends that were read,
 * are the initial block. An append that nobody read is a block of its own, after all of these.
 *
 * Does not qualify: an element that was read and that several operations may have appended.
 *
 * A pending append is left out unless its element was read. O(n log n), and linear in the number of
 * elements read: each list is compared with the longest once, element by element.
 */
export function decideGrownList<I, O>(
  part: Part<I, O>,
  effectOf: (operation: Operation<I, O>) => ListEffect,
): Decision | undefined {
  const list = new GrownList(part, part.operations.map(effectOf));
  const evidence = list.findDisagreement();
  if (evidence !== undefined) return { verdict: 'illegal', ...evidence };
  const problem = list.fillBlocks();
  if (problem === 'unqualified') return undefined;
  if (problem !== undefined) return { verdict: 'illegal', ...problem };
  const placement = placeBlocks(part.timeline, list.blocks);
  if ('order' in placement) return { verdict: 'ok', order: placement.order };
  const { conflict, zones } = placement;
  const lost = explainLostAppend(part.timeline, conflict, zones, list);
  const why = lost ?? explainConflict(part.timeline, conflict, zones, list);
  return { verdict: 'illegal', ...why };
}

class GrownList {
  readonly blocks: Blocks;
  readonly words: Words;
  private readonly part: Part<unknown, unknown>;
  private readonly effects: readonly ListEffect[];
  /** A read of the longest list. */
  private longest: number = NONE;

  constructor(part: Part<unknown, unknown>, effects: readonly ListEffect[]) {
    this.part = part;
    this.effects = effects;
    this.blocks = new Blocks(part.timeline);
    this.words = new Words(part, (operation) => deedOf(effects[operation]!));
    for (const [operation, effect] of effects.entries()) {
      if (effect.kind !== 'read' || !this.returned(operation)) continue;
      if (this.longest === NONE || effect.values.length > this.elements.length) {
        this.longest = operation;
      }
    }
  }

  held(block: number): string {
    return block === INITIAL_BLOCK
      ? `the list was a beginning of ${brief(this.elements)}`
      : 'the list was longer';
  }

  law(): string {
    return 'a list only grows';
  }

  witness(block: number): number {
    return block === INITIAL_BLOCK ? this.longest : NONE;
  }

  isAppend(operation: number): boolean {
    return this.effects[operation]!.kind === 'append';
  }

  /** Two reads of which neither is the beginning of the other. */
  findDisagreement(): Evidence | undefined {
    const { elements, longest, words } = this;
    for (const [operation, effect] of this.effects.entries()) {
      if (effect.kind !== 'read' || !this.returned(operation)) continue;
      const { values } = effect;
      if (values === elements) continue;
      for (let place = 0; place < values.length; place++) {
        if (values[place] === elements[place]) continue;
        return {
          kind: 'lists that disagree',
          reason:
            `${words.where}${words.did(longest)}, and ${words.did(operation)}: neither is the ` +
            `beginning of the other, as place ${place + 1} is ` +
            `${brief(elements[place])} there and ${brief(values[place])} here`,
          culprit: operation,
          operations: [longest, operation],
        };
      }
    }
    return undefined;
  }

  fillBlocks(): Evidence | 'unqualified' | undefined {
    const { blocks, effects } = this;
    const problem = this.placeAppends();
    if (problem !== undefined) return problem;
    for (const [operation, effect] of effects.entries()) {
      if (!this.returned(operation)) continue;
      if (effect.kind === 'nothing') blocks.release(operation);
      else if (effect.kind === 'read') {
        blocks.place(operation, INITIAL_BLOCK, 2 * effect.values.length);
      } else if (!blocks.has(operation)) blocks.place(operation, blocks.open(), 0);
    }
    return undefined;
  }

  /** Places the appends of the elements that were read. */
  private placeAppends(): Evidence | 'unqualified' | undefined {
    const { blocks, elements } = this;
    const appends = new Map<unknown, number>();
    const repeated = new Set<unknown>();
    for (const [operation, effect] of this.effects.entries()) {
      if (effect.kind !== 'append') continue;
      if (appends.has(effect.value)) repeated.add(effect.value);
      else appends.set(effect.value, operation);
    }
    for (const [place, element] of elements.entries()) {
      const append = appends.get(element);
      // A map finds NaN, which equals nothing.
      if (repeated.has(element) || Number.isNaN(element)) return 'unqualified';
      if (append === undefined) {
        return this.cannotBe('element that nobody appended', place + 1, ', which nobody appended');
      }
      if (blocks.has(append)) {
        return this.cannotBe('element read twice', place + 1, ' twice, and it was appended once');
      }
      blocks.place(append, INITIAL_BLOCK, 2 * place + 1);
    }
    return undefined;
  }

  /** Whatever the order, nobody can have read this many elements of the longest list. */
  private cannotBe(kind: string, length: number, why: string): Evidence {
    const { longest, words } = this;
    const element = this.elements[length - 1];
    let reader = longest;
    let shortest = this.elements.length;
    for (const [operation, effect] of this.effects.entries()) {
      if (effect.kind !== 'read' || !this.returned(operation)) continue;
      if (effect.values.length < length || effect.values.length >= shortest) continue;
      reader = operation;
      shortest = effect.values.length;
    }
    return {
      kind,
      reason: `${words.where}${words.did(reader)} with ${brief(element)}${why}`,
      culprit: reader,
      operations: [reader],
    };
  }

  private get elements(): readonly unknown[] {
    const effect = this.effects[this.longest];
    return effect?.kind === 'read' ? effect.values : [];
  }

  private returned(operation: number): boolean {
    return this.part.timeline.returnAt[operation] !== NEVER;
  }
}

function deedOf(effect: ListEffect): Deed {
  if (effect.kind === 'append') {
    return { did: 'appended', done: 'appended', what: brief(effect.value), changes: true };
  }
  const what = effect.kind === 'read' ? brief(effect.values) : 'nothing';
  return { did: 'read', done: 'read', what, changes: false };
}
