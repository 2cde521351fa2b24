import type { Operation } from '../../history/operation.ts';
import type { Part } from '../../history/partition.ts';
import { explainConflict } from '../blocks/explain-conflict.ts';
import { explainLostAppend } from '../blocks/lost-append.ts';
import { placeBlocks } from '../blocks/place-blocks.ts';
import type { Decision } from '../decision.ts';
import { AppendedText, type TextEffect } from './appended-text.ts';

/**
 * Decides texts that are put and appended to by blocks (see `placeBlocks`). Each text that was read
 * is taken apart into what was put and what was appended to it; a put, the appends that are found
 * behind it and the reads of what they make are one block. Puts and appends that nobody read are
 * blocks of their own.
 *
 * Does not qualify: a text that can be taken apart in several ways, as far as can be seen without
 * looking ahead.
 *
 * A pending put or append is left out unless its text was read.
 *
 * O(n log n) comparisons of texts, and linear in the number of characters read: of the texts that
 * begin with one put, only the longest is taken apart, and the others are compared with it.
 */
export function decideAppendedText<I, O>(
  part: Part<I, O>,
  effectOf: (operation: Operation<I, O>) => TextEffect,
): Decision | undefined {
  const text = new AppendedText(part, part.operations.map(effectOf));
  const problem = text.findStarts() ?? text.takeApart() ?? text.fillBlocks();
  if (problem === 'unqualified') return undefined;
  if (problem !== undefined) return { verdict: 'illegal', ...problem };
  const placement = placeBlocks(part.timeline, text.blocks);
  if ('order' in placement) return { verdict: 'ok', order: placement.order };
  const { conflict, zones } = placement;
  const lost = explainLostAppend(part.timeline, conflict, zones, text);
  const why = lost ?? explainConflict(part.timeline, conflict, zones, text);
  return { verdict: 'illegal', ...why };
}
