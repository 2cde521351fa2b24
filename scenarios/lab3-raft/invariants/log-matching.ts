import type { RaftInvariant } from './invariant.ts';

/** An entry that some server has had. */
interface Known {
  readonly term: number;
  /** What the log up to there amounts to. */
  readonly hash: number;
  /** Who had it first. */
  readonly id: string;
  /** One of another term at the same index; mostly there is none. */
  readonly next: Known | undefined;
}

/**
 * "If two logs contain an entry with the same index and term, then the logs are identical in all
 * entries up through the given index" (§5.3).
 */
export function logMatching(): RaftInvariant {
  /** By index: the entries that were ever seen there, of each term one. */
  const known: (Known | undefined)[] = [];
  return {
    name: 'Log Matching',
    look({ server, view, before, newFrom }) {
      const { log } = view;
      const { snapshotIndex, snapshotTerm } = log;
      if (snapshotIndex !== before?.snapshotIndex) {
        // What a snapshot says of its last entry is compared like any entry (§7).
        const hash = server.hash(snapshotIndex);
        let entry = known[snapshotIndex];
        while (entry !== undefined && entry.hash !== hash) entry = entry.next;
        if (entry !== undefined && entry.term !== snapshotTerm) {
          const what = `index ${snapshotIndex} is of term ${entry.term}`;
          return `${what}, and the snapshot of ${server.id} says ${snapshotTerm}`;
        }
      }
      for (let index = newFrom; index <= log.lastIndex; index++) {
        const term = log.term(index)!;
        const hash = server.hash(index)!;
        let first = known[index];
        while (first !== undefined && first.term !== term) first = first.next;
        if (first === undefined) {
          known[index] = { term, hash, id: server.id, next: known[index] };
        } else if (first.hash !== hash) {
          const which = `index ${index}, term ${term}`;
          return `the logs of ${first.id} and ${server.id} share ${which} and differ up to there`;
        }
      }
      return undefined;
    },
  };
}
