import type { Command, LogView } from '../contract.ts';
import type { LogEntry } from './messages.ts';

/**
 * The log of a server (Figure 2; the first index is 1), with everything up to `snapshotIndex`
 * replaced by a snapshot (§7).
 */
export class Log implements LogView {
  snapshotIndex: number;
  snapshotTerm: number;
  truncations = 0;
  /** The entries after the snapshot. */
  private entries: LogEntry[];

  constructor(snapshotIndex: number, snapshotTerm: number, entries: readonly LogEntry[]) {
    this.snapshotIndex = snapshotIndex;
    this.snapshotTerm = snapshotTerm;
    this.entries = [...entries];
  }

  get lastIndex(): number {
    return this.snapshotIndex + this.entries.length;
  }

  get lastTerm(): number {
    return this.entries.at(-1)?.term ?? this.snapshotTerm;
  }

  /** Term of the entry; 0 at index 0; undefined if it is not there, or covered by the snapshot. */
  term(index: number): number | undefined {
    if (index === this.snapshotIndex) return this.snapshotTerm;
    return this.entries[index - this.snapshotIndex - 1]?.term;
  }

  command(index: number): Command {
    return this.entries[index - this.snapshotIndex - 1]?.command;
  }

  /** The entries from an index after the snapshot on, at most so many. */
  from(index: number, most: number = Infinity): readonly LogEntry[] {
    const start = index - this.snapshotIndex - 1;
    return this.entries.slice(start, start + most);
  }

  /** The first index, after the snapshot, of the entries of this one's term before it. */
  firstOfTerm(index: number): number {
    const term = this.term(index);
    let first = index;
    while (first - 1 > this.snapshotIndex && this.term(first - 1) === term) first--;
    return first;
  }

  /** The last index of a term, or undefined if none is known; the snapshot's last entry is. */
  lastOfTerm(term: number): number | undefined {
    for (let index = this.lastIndex; index >= this.snapshotIndex; index--) {
      const found = this.term(index) ?? 0;
      if (found === term) return index;
      if (found < term) return undefined;
    }
    return undefined;
  }

  append(entries: readonly LogEntry[]): void {
    for (const entry of entries) this.entries.push(entry);
  }

  /** Delete the entry at an index and all that follow it (§5.3). */
  truncateFrom(index: number): void {
    this.truncations++;
    this.entries.length = Math.max(0, index - this.snapshotIndex - 1);
  }

  /** A snapshot stands for everything up to an index of this log; what follows is retained. */
  compact(index: number, term: number): void {
    // A copy, so that nothing holds on to the entries that are gone.
    this.entries = this.entries.slice(index - this.snapshotIndex);
    this.snapshotIndex = index;
    this.snapshotTerm = term;
  }

  /** A snapshot stands for the whole log. */
  reset(index: number, term: number): void {
    // A shorter log may be the beginning of what the snapshot stands for: nothing was overwritten.
    if (index <= this.lastIndex) this.truncations++;
    this.entries = [];
    this.snapshotIndex = index;
    this.snapshotTerm = term;
  }
}
