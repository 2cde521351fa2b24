import type { Timeline } from '../../history/timeline.ts';
import type { Evidence } from '../decision.ts';
import type { Words } from '../words.ts';
import { NONE } from './blocks.ts';
import type { Conflict } from './place-blocks.ts';
import type { Zones } from './zones.ts';

/** What a kind of object says about its blocks. */
export interface BlockWords {
  readonly words: Words;
  /** What is the case while a block goes on: `the register held "a"`. */
  held(block: number): string;
  /** Why its states do not come back: `"a" was written once`. */
  law(block: number): string;
  /** An operation that found all changes of the block in their order, if there is one. */
  witness?(block: number): number;
}

/** The conflict, for people. */
export function explainConflict(
  timeline: Timeline,
  conflict: Conflict,
  zones: Zones,
  says: BlockWords,
): Evidence {
  if (conflict.kind === 'order') return explainOrder(conflict, says);
  const { held, other } = conflict;
  if (conflict.kind === 'overlap') return explainOverlap(held, other, zones, says);
  return explainInside(timeline, held, other, zones, says);
}

function explainOrder(
  { block, earlier, later }: Extract<Conflict, { kind: 'order' }>,
  says: BlockWords,
): Evidence {
  const { words } = says;
  const bothChange = words.changes(earlier) && words.changes(later);
  const witness = bothChange ? (says.witness?.(block) ?? NONE) : NONE;
  const why = witness === NONE ? says.law(block) : `but ${words.did(witness)}`;
  return {
    kind: orderKind(words.changes(earlier), words.changes(later)),
    reason:
      `${words.where}${words.hadDone(later)} (${words.return(later)}) before ` +
      `${words.did(earlier)} (${words.call(earlier)}); ${why}`,
    culprit: earlier,
    operations: known([later, earlier, witness]),
  };
}

/** The class of a conflict between an operation and one that came later and should precede it. */
function orderKind(earlierChanges: boolean, laterChanges: boolean): string {
  if (earlierChanges) return laterChanges ? 'effects out of order' : 'effect seen before its cause';
  return laterChanges ? 'old state read after a change' : 'old state read after a newer one';
}

function explainOverlap(held: number, other: number, zones: Zones, says: BlockWords): Evidence {
  const { words } = says;
  return {
    kind: 'two states at one time',
    reason:
      `${words.where}${during(held, zones, says)}, and ${during(other, zones, says)}; ` +
      says.law(held),
    culprit: zones.calledLast[held]!,
    operations: known([...endsOf(held, zones), ...endsOf(other, zones)]),
  };
}

function explainInside(
  { callAt, returnAt }: Timeline,
  held: number,
  other: number,
  zones: Zones,
  says: BlockWords,
): Evidence {
  const { words } = says;
  const opened = zones.calledLast[other]!;
  const closed = zones.returnsFirst[other]!;
  // One operation that is inside by itself is easier to see than two that enclose an instant.
  const alone =
    returnAt[opened]! < zones.lastCall(held)
      ? opened
      : callAt[closed]! > zones.firstReturn(held)
        ? closed
        : NONE;
  const between =
    alone === NONE
      ? `${says.held(other)} at some time from ${words.callStamp(opened)} ` +
        `(${words.did(opened)}) to ${words.returnStamp(closed)} (${words.did(closed)})`
      : `in between ${words.did(alone)} (${words.call(alone)}, ${words.return(alone)})`;
  return {
    kind: 'state read after it was replaced',
    reason: `${words.where}${during(held, zones, says)}, but ${between}; ${says.law(held)}`,
    culprit: zones.calledLast[held]!,
    operations: known([...endsOf(held, zones), ...(alone === NONE ? [opened, closed] : [alone])]),
  };
}

/**
 * `the register held "a" from 10 at the latest (client 1 wrote "a") to 50 at the earliest (client 2
 * read "a")`
 */
function during(block: number, zones: Zones, says: BlockWords): string {
  const { words } = says;
  const [first, last] = endsOf(block, zones);
  const start =
    first === NONE
      ? 'the start'
      : `${words.returnStamp(first)} at the latest (${words.did(first)})`;
  const end = `${words.callStamp(last)} at the earliest (${words.did(last)})`;
  return `${says.held(block)} from ${start} to ${end}`;
}

function endsOf(block: number, zones: Zones): readonly [number, number] {
  return [zones.returnsFirst[block]!, zones.calledLast[block]!];
}

function known(operations: readonly number[]): number[] {
  return [...new Set(operations)].filter((operation) => operation !== NONE);
}
