import type { Operation } from '../../history/operation.ts';
import type { Part } from '../../history/partition.ts';
import { explainConflict } from '../blocks/explain-conflict.ts';
import { placeBlocks } from '../blocks/place-blocks.ts';
import type { Decision } from '../decision.ts';
import { IndexedLog, type LogEffect } from './indexed-log.ts';

/**
 * Decides logs whose appends answer their index by one block (see `placeBlocks`): the entries in
 * order, each after the one before it, with the reads of the whole log and of single entries
 * between them. Holes, that is entries that must exist and that no append claims, are filled with
 * pending appends.
 *
 * Does not qualify: an append that returned, and nobody knows with which index.
 *
 * O(n log n), and linear in the number of entries read.
 *
 * @param effectOf - indices count from 1
 * @param firstIndex - what people call the first index
 */
export function decideIndexedLog<I, O>(
  part: Part<I, O>,
  effectOf: (operation: Operation<I, O>) => LogEffect,
  firstIndex: number,
): Decision | undefined {
  const log = new IndexedLog(part, part.operations.map(effectOf), firstIndex);
  if (!log.qualifies()) return undefined;
  const evidence = log.findEntries() ?? log.fillBlock();
  if (evidence !== undefined) return { verdict: 'illegal', ...evidence };
  const placement = placeBlocks(part.timeline, log.blocks);
  if ('order' in placement) return { verdict: 'ok', order: placement.order };
  const { conflict, zones } = placement;
  return { verdict: 'illegal', ...explainConflict(part.timeline, conflict, zones, log) };
}
