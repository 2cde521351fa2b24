import type { Changes } from '../core/effects.ts';
import type { LogEntry } from '../core/messages.ts';
import { type Durable, NOTHING } from '../core/state.ts';
import { DamagedState, type StateRecord } from './record.ts';

/** Where a server keeps what must survive a crash. */
export interface Storage {
  /**
   * What earlier lives have left.
   * @throws DamagedState
   */
  recover(): Durable;
  /**
   * Make changes durable, in the order of the calls, at a cost of what has changed; and then call
   * `done`, at once or in a later event.
   * @param whole the state after the changes: to be written anew if there is a new snapshot
   */
  persist(changes: Changes, whole: () => Durable, done: () => void): void;
}

/** The changes as a record. */
export function recordOf({ vote, log }: Changes): StateRecord {
  // Fields that are undefined do not enter the text.
  return {
    v: vote === undefined ? undefined : [vote.currentTerm, vote.votedFor ?? null],
    l: log === undefined ? undefined : [log.from, pairs(log.entries)],
  };
}

/** The whole state as a record. */
export function wholeRecord(durable: Durable): StateRecord {
  const { currentTerm, votedFor, snapshotIndex, snapshotTerm, entries } = durable;
  return {
    v: [currentTerm, votedFor ?? null],
    s: [snapshotIndex, snapshotTerm],
    l: [snapshotIndex + 1, pairs(entries)],
  };
}

/** What the records amount to; `file` is named if they do not fit together. */
export function replayRecords(
  file: string,
  records: readonly StateRecord[],
  snapshot: string | undefined,
): Durable {
  let { currentTerm, votedFor, snapshotIndex, snapshotTerm } = NOTHING;
  const entries: LogEntry[] = [];
  for (const { v, s, l } of records) {
    if (v !== undefined) [currentTerm, votedFor] = [v[0], v[1] ?? undefined];
    if (s !== undefined) [snapshotIndex, snapshotTerm] = s;
    if (l === undefined) continue;
    const place = l[0] - snapshotIndex - 1;
    if (place < 0 || place > entries.length) {
      throw new DamagedState(file, `there is a gap in the log before index ${l[0]}`);
    }
    entries.length = place;
    for (const [term, command] of l[1]) entries.push({ term, command });
  }
  if (snapshotIndex > 0 && snapshot === undefined) {
    throw new DamagedState(file, `the snapshot up to index ${snapshotIndex} is missing`);
  }
  return { currentTerm, votedFor, snapshotIndex, snapshotTerm, entries, snapshot: snapshot ?? '' };
}

function pairs(entries: readonly LogEntry[]): (readonly [number, unknown])[] {
  return entries.map(({ term, command }) => [term, command] as const);
}
