import type { Timeline } from '../../history/timeline.ts';
import type { Evidence } from '../decision.ts';
import type { BlockWords } from './explain-conflict.ts';
import type { Conflict } from './place-blocks.ts';
import type { Zones } from './zones.ts';

/**
 * The conflict, if it is that an append had returned, and something later was done to the same list
 * or text that does not have it.
 */
export function explainLostAppend(
  timeline: Timeline,
  conflict: Conflict,
  zones: Zones,
  says: BlockWords & { isAppend(operation: number): boolean },
): Evidence | undefined {
  if (conflict.kind !== 'inside') return undefined;
  const { held, other } = conflict;
  const append = zones.returnsFirst[other]!;
  // Nothing but the append, which nobody saw.
  if (append !== zones.calledLast[other] || !says.isAppend(append)) return undefined;
  if (timeline.callAt[append]! < zones.firstReturn(held)) return undefined;
  const { words } = says;
  const last = zones.calledLast[held]!;
  const witness = words.changes(last) ? says.witness?.(held) : last;
  if (witness === undefined || witness < 0) return undefined;
  const lost = `${words.hadDone(append)} (${words.return(append)}) before `;
  const seen =
    witness === last
      ? `${words.did(last)} without it (${words.call(last)})`
      : `${words.did(last)} (${words.call(last)}), but ${words.did(witness)}`;
  return {
    kind: 'lost append',
    reason: words.where + lost + seen,
    culprit: witness,
    operations: [...new Set([append, last, witness])],
  };
}
