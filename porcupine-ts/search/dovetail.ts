import type { UnknownReason } from '../check-result.ts';
import type { SearchOutcome } from './partition-search.ts';

/** Steps of a search's first turn; each further turn is twice as long. */
const FIRST_TURN_STEPS = 2048;

/** Steps between two yields at most: a few milliseconds. */
const STEPS_BETWEEN_YIELDS = 16_384;

/** A search that can be interrupted. */
export interface Search {
  /** Steps made so far. */
  readonly steps: number;
  advance(steps: number): SearchOutcome;
  release(): void;
}

/** How the searches of all parts ended. */
export interface DovetailResult<T extends Search> {
  /** The searches that were started and not decided, by part. */
  readonly open: ReadonlyMap<number, T>;
  /** Why searches were left undecided; undefined if none was, or if `decided` said to stop. */
  readonly stopped: UnknownReason | undefined;
  /** Steps over all searches. */
  readonly steps: number;
}

/**
 * Runs searches in turns that grow, until all are decided, the budget is used up, or there is no
 * need to go on.
 *
 * So an illegal part that is easy to see is found although another part would take for ever, for at
 * most a small factor more steps than the best order would need. A search is started when its first
 * turn comes and let go when it is decided: few are in memory at a time.
 *
 * Yields every few milliseconds, and stops if it is given a reason to. Where it yields changes
 * nothing in what the searches do.
 *
 * @param starts - one for each part
 * @param decided - called with each search that has an outcome, its part's number and the outcome,
 *   before its memory is released; answers whether to stop
 */
export function* dovetail<T extends Search>(
  starts: readonly (() => T)[],
  maxSteps: number,
  decided: (search: T, part: number, outcome: SearchOutcome) => boolean,
): Generator<undefined, DovetailResult<T>, UnknownReason | undefined> {
  let steps = 0;
  const open = new Map<number, T>();
  const undecided = new Set(starts.keys());
  for (let turn = FIRST_TURN_STEPS; undecided.size > 0; turn *= 2) {
    for (const part of undecided) {
      if (steps >= maxSteps) return { open, stopped: 'steps', steps };
      const search = open.get(part) ?? starts[part]!();
      const before = open.has(part) ? search.steps : 0;
      open.set(part, search);
      const limit = before + Math.min(turn, maxSteps - steps);
      let outcome: SearchOutcome = 'open';
      let stopped: UnknownReason | undefined;
      do {
        outcome = search.advance(Math.min(limit - search.steps, STEPS_BETWEEN_YIELDS));
        stopped = yield;
      } while (outcome === 'open' && search.steps < limit && stopped === undefined);
      steps += search.steps - before;
      if (outcome !== 'open') {
        open.delete(part);
        undecided.delete(part);
        const stop = decided(search, part, outcome);
        search.release();
        if (stop) return { open, stopped: undefined, steps };
      }
      if (stopped !== undefined) return { open, stopped, steps };
    }
  }
  return { open, stopped: undefined, steps };
}
