import type { Operation } from '../history/operation.ts';
import type { Part } from '../history/partition.ts';
import { NEVER } from '../history/timeline.ts';
import { Blocks, INITIAL_BLOCK, NONE } from './blocks/blocks.ts';
import { explainConflict } from './blocks/explain-conflict.ts';
import { placeBlocks } from './blocks/place-blocks.ts';
import type { Decision, Evidence } from './decision.ts';
import { brief, type Deed, Words } from './words.ts';

/** What an operation has to do with a register that is written once. */
export type OnceEffect =
  /** `wrote` says whether it was the one that wrote; undefined = unknown. */
  | { readonly kind: 'write'; readonly value: unknown; readonly wrote: boolean | undefined }
  /** null = nothing had been written. */
  | { readonly kind: 'read'; readonly value: unknown }
  | { readonly kind: 'nothing' };

/** Ranks in the one block: what acts before the write, the write, what acts after it. */
const BEFORE = 0;
const WRITE = 1;
const AFTER = 2;

/**
 * Decides registers that are written once: all that there is to find is the write that wrote. Every
 * history qualifies.
 *
 * Of several that may have been it, the one called first is as good as any: whichever it is, those
 * that returned act at or after the write, so they must not return before it can be, and that is
 * what the time of their returns says; only the call of the writer itself makes a difference.
 *
 * @param effectOf - null must stand for no value
 */
export function decideWrittenOnce<I, O>(
  part: Part<I, O>,
  effectOf: (operation: Operation<I, O>) => OnceEffect,
): Decision {
  const register = new WrittenOnce(part, part.operations.map(effectOf));
  const evidence = register.findDisagreement() ?? register.fillBlocks();
  if (evidence !== undefined) return { verdict: 'illegal', ...evidence };
  const placement = placeBlocks(part.timeline, register.blocks);
  if ('order' in placement) return { verdict: 'ok', order: placement.order };
  const { conflict, zones } = placement;
  return { verdict: 'illegal', ...explainConflict(part.timeline, conflict, zones, register) };
}

class WrittenOnce {
  readonly blocks: Blocks;
  readonly words: Words;
  private readonly part: Part<unknown, unknown>;
  private readonly effects: readonly OnceEffect[];

  constructor(part: Part<unknown, unknown>, effects: readonly OnceEffect[]) {
    this.part = part;
    this.effects = effects;
    this.blocks = new Blocks(part.timeline);
    this.words = new Words(part, (operation) => deedOf(effects[operation]!));
  }

  held(): string {
    return 'the register was in use';
  }

  law(): string {
    return 'the register is written once and never cleared';
  }

  /** Two operations that know of different values. */
  findDisagreement(): Evidence | undefined {
    let first = NONE;
    for (const [operation, effect] of this.effects.entries()) {
      if (!this.returned(operation) || !knowsValue(effect)) continue;
      if (first === NONE) {
        first = operation;
        continue;
      }
      const other = this.effects[first] as { value: unknown };
      const twice = effect.kind === 'write' && this.effects[first]!.kind === 'write';
      if (effect.value === other.value && !twice) {
        // Better a write, so that two of them are found.
        if (effect.kind === 'write') first = operation;
        continue;
      }
      return {
        kind: twice ? 'two writes accepted' : 'two values',
        reason:
          `${this.words.where}${this.words.did(first)}, and ${this.words.did(operation)}; ` +
          'the register is written once',
        culprit: operation,
        operations: [first, operation],
      };
    }
    return undefined;
  }

  fillBlocks(): Evidence | undefined {
    const { blocks, effects } = this;
    const writer = this.findWriter();
    for (const [operation, effect] of effects.entries()) {
      if (operation === writer) blocks.place(operation, INITIAL_BLOCK, WRITE);
      else if (!this.returned(operation)) continue;
      else if (effect.kind === 'nothing') blocks.release(operation);
      else if (effect.kind === 'read' && effect.value === null) {
        blocks.place(operation, INITIAL_BLOCK, BEFORE);
      } else if (writer === NONE) return this.nobodyWrote(operation);
      else blocks.place(operation, INITIAL_BLOCK, AFTER);
    }
    return undefined;
  }

  /** The write that said so, or the first called that may have been it. */
  private findWriter(): number {
    const { effects } = this;
    const said = effects.findIndex(
      (effect, operation) =>
        effect.kind === 'write' && effect.wrote === true && this.returned(operation),
    );
    if (said !== NONE) return said;
    const knowing = effects.find(
      (effect, operation) => this.returned(operation) && knowsValue(effect),
    ) as { value: unknown } | undefined;
    const { callAt } = this.part.timeline;
    const needed = effects.some(
      (effect, operation) =>
        this.returned(operation) && (effect.kind === 'write' || knowsValue(effect)),
    );
    let writer = NONE;
    if (!needed) return writer;
    for (const [operation, effect] of effects.entries()) {
      if (effect.kind !== 'write' || effect.wrote !== undefined) continue;
      if (knowing !== undefined && effect.value !== knowing.value) continue;
      if (writer === NONE || callAt[operation]! < callAt[writer]!) writer = operation;
    }
    return writer;
  }

  private nobodyWrote(operation: number): Evidence {
    const { words } = this;
    return {
      kind: 'value that nobody wrote',
      reason: `${words.where}${words.did(operation)}, and nobody else can have written before`,
      culprit: operation,
      operations: [operation],
    };
  }

  private returned(operation: number): boolean {
    return this.part.timeline.returnAt[operation] !== NEVER;
  }
}

/** Does it tell the value that was written? */
function knowsValue(
  effect: OnceEffect,
): effect is Exclude<OnceEffect, { readonly kind: 'nothing' }> {
  if (effect.kind === 'read') return effect.value !== null;
  return effect.kind === 'write' && effect.wrote === true;
}

function deedOf(effect: OnceEffect): Deed {
  if (effect.kind === 'nothing') {
    return { did: 'read', done: 'read', what: 'nobody knows what', changes: false };
  }
  const what = brief(effect.value);
  if (effect.kind === 'read') return { did: 'read', done: 'read', what, changes: false };
  return effect.wrote === false
    ? { did: 'was refused to write', done: 'been refused to write', what, changes: false }
    : { did: 'wrote', done: 'written', what, changes: true };
}
