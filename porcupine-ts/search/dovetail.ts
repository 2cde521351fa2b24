import type { SearchOutcome } from './partition-search.ts';

/** Steps of a search's first turn; each further turn is twice as long. */
const FIRST_TURN_STEPS = 2048;

/** A search that can be interrupted. */
export interface Search {
  /** Steps made so far. */
  readonly steps: number;
  advance(steps: number): SearchOutcome;
  release(): void;
}

/** How the searches of all parts ended. */
export interface DovetailResult<T extends Search> {
  /** The first search that found its part illegal, and the part's number. */
  readonly illegal: { readonly search: T; readonly part: number } | undefined;
  /** Did every search find a linearization? */
  readonly allOk: boolean;
  /** Steps over all searches. */
  readonly steps: number;
}

/**
 * Runs searches in turns that grow, until one is illegal, all are decided, or the budget is used
 * up.
 *
 * So an illegal part that is easy to see is found although another part would take for ever, for at
 * most a small factor more steps than the best order would need. A search is started when its first
 * turn comes and let go when it is decided: few are in memory at a time.
 *
 * @param starts - one for each part
 * @param onOk - called with each search that found a linearization, and its part's number
 */
export function dovetail<T extends Search>(
  starts: readonly (() => T)[],
  maxSteps: number,
  onOk: (search: T, part: number) => void,
): DovetailResult<T> {
  let steps = 0;
  let gaveUp = false;
  /** The parts not decided, with their searches once started. */
  const running = new Map<number, T | undefined>(starts.map((_, part) => [part, undefined]));
  for (let turn = FIRST_TURN_STEPS; running.size > 0; turn *= 2) {
    for (const [part, started] of running) {
      if (steps >= maxSteps) return { illegal: undefined, allOk: false, steps };
      const search = started ?? starts[part]!();
      const stepsBefore = started?.steps ?? 0;
      const outcome = search.advance(Math.min(turn, maxSteps - steps));
      steps += search.steps - stepsBefore;
      if (outcome === 'illegal') return { illegal: { search, part }, allOk: false, steps };
      if (outcome === 'open') {
        running.set(part, search);
        continue;
      }
      if (outcome === 'ok') onOk(search, part);
      else gaveUp = true;
      search.release();
      running.delete(part);
    }
  }
  return { illegal: undefined, allOk: !gaveUp, steps };
}
