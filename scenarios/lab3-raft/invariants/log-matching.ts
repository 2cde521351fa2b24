import type { RaftInvariant } from './invariant.ts';

/**
 * "If two logs contain an entry with the same index and term, then the logs are identical in all
 * entries up through the given index" (§5.3).
 */
export function logMatching(): RaftInvariant {
  /** By index and term: what the log up to there amounts to, and who had it first. */
  const known = new Map<number, Map<number, { readonly hash: number; readonly id: string }>>();
  return {
    name: 'Log Matching',
    look({ server, view, newFrom }) {
      const { log } = view;
      for (let index = newFrom; index <= log.lastIndex; index++) {
        const term = log.term(index)!;
        const hash = server.hash(index)!;
        let terms = known.get(index);
        if (terms === undefined) known.set(index, (terms = new Map()));
        const first = terms.get(term);
        if (first === undefined) terms.set(term, { hash, id: server.id });
        else if (first.hash !== hash) {
          const which = `index ${index}, term ${term}`;
          return `the logs of ${first.id} and ${server.id} share ${which} and differ up to there`;
        }
      }
      return undefined;
    },
  };
}
