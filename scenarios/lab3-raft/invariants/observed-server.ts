import type { Command, RaftView, Role } from '../../../raft/index.ts';
import { pack } from '../../../sim/index.ts';
import type { Spoken } from './spoken.ts';

/** What was seen of a server the last time that somebody looked. */
export interface Seen {
  readonly role: Role;
  readonly currentTerm: number;
  readonly votedFor: number | undefined;
  readonly commitIndex: number;
  readonly lastApplied: number;
  readonly snapshotIndex: number;
  readonly lastIndex: number;
  readonly truncations: number;
}

/** What is known of logs up to an index. */
interface KnownHashes {
  hash(index: number): number;
}

/** What has changed since: the lowest index of the log that may be another than it was. */
export interface Look {
  readonly server: ObservedServer;
  readonly view: RaftView;
  /** Undefined when a life has just begun. */
  readonly before: Seen | undefined;
  /** Entries from here on are new; above `lastIndex` if there are none. */
  readonly newFrom: number;
}

/** A life of a server, as it begins. */
interface Life extends Pick<ObservedServer, 'id' | 'view' | 'isUp'> {
  /** What the log up to its snapshot amounts to. */
  readonly hashOfSnapshot: number;
}

/**
 * A server over one life, with a hash for each index of its log: two logs with the same hash at an
 * index are the same up to it.
 */
export class ObservedServer {
  readonly id: string;
  readonly view: RaftView;
  /** Is this life going on? What happened in the event that ended it nobody has seen. */
  readonly isUp: () => boolean;
  /** What it has sent and taken since somebody looked. */
  readonly spoken: Spoken[] = [];
  private seen: Seen | undefined = undefined;
  private readonly hashes = new Map<number, number>();

  constructor({ id, view, hashOfSnapshot, isUp }: Life) {
    this.id = id;
    this.view = view;
    this.isUp = isUp;
    this.hashes.set(view.log.snapshotIndex, hashOfSnapshot);
  }

  /** The hash of the log up to an index; undefined if it is not there. */
  hash(index: number): number | undefined {
    return index > this.view.log.lastIndex ? undefined : this.hashes.get(index);
  }

  /**
   * Look at the server again; undefined if nothing has changed.
   * @param committed for a snapshot that came from elsewhere
   */
  look(committed: KnownHashes): Look | undefined {
    const { seen: before, view } = this;
    if (before !== undefined && isUnchanged(before, view)) return undefined;
    const newFrom = this.firstNew(before, committed);
    this.rehash(newFrom, committed);
    this.seen = takeDown(view);
    return { server: this, view, before, newFrom };
  }

  /**
   * The lowest index from which entries were removed since somebody looked; undefined = none were.
   * Also of a life that is over: of its last event nobody saw the end.
   */
  cutFrom(): number | undefined {
    const { seen, view } = this;
    if (seen === undefined || seen.truncations === view.log.truncations) return undefined;
    return this.firstUnstable(seen);
  }

  private firstNew(before: Seen | undefined, committed: KnownHashes): number {
    const { log } = this.view;
    const { snapshotIndex } = log;
    if (before === undefined) return snapshotIndex + 1;
    const isForeign =
      snapshotIndex > before.snapshotIndex &&
      this.hashes.get(snapshotIndex) !== committed.hash(snapshotIndex);
    if (isForeign) {
      // A snapshot that does not stand for what was there: whatever follows it is new.
      this.hashes.set(snapshotIndex, committed.hash(snapshotIndex));
      return snapshotIndex + 1;
    }
    if (before.truncations === log.truncations) return before.lastIndex + 1;
    return this.firstUnstable(before);
  }

  /** What was committed is not looked at again if its last entry is there. */
  private firstUnstable(before: Seen): number {
    const { log, commitIndex } = this.view;
    const stable = Math.min(before.commitIndex, commitIndex);
    return (this.isKept(stable) ? Math.max(stable, log.snapshotIndex) : log.snapshotIndex) + 1;
  }

  private isKept(index: number): boolean {
    const { log } = this.view;
    if (index <= log.snapshotIndex) return true;
    const hash = chained(this.hashes.get(index - 1) ?? 0, log.term(index) ?? 0, log.command(index));
    return index <= log.lastIndex && hash === this.hashes.get(index);
  }

  private rehash(from: number, committed: KnownHashes): void {
    const { hashes, view } = this;
    const { log } = view;
    let hash = hashes.get(from - 1) ?? committed.hash(from - 1);
    hashes.set(from - 1, hash);
    for (let index = from; index <= log.lastIndex; index++) {
      hash = chained(hash, log.term(index) ?? 0, log.command(index));
      hashes.set(index, hash);
    }
    // Nobody asks for what a snapshot has replaced.
    const kept = this.seen?.snapshotIndex ?? log.snapshotIndex;
    for (let index = kept; index < log.snapshotIndex; index++) hashes.delete(index);
    // Nor for what was cut off: a snapshot up to there would pass for one of what the server has.
    const held = this.seen?.lastIndex ?? log.lastIndex;
    for (let index = log.lastIndex + 1; index <= held; index++) hashes.delete(index);
  }
}

/** A hash of a log from that of all before its last entry, and that entry. */
function chained(before: number, term: number, command: Command): number {
  let hash = Math.imul(before ^ pack(command).hash, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15) ^ term, 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

function isUnchanged(before: Seen, view: RaftView): boolean {
  const { log } = view;
  return (
    before.role === view.role &&
    before.currentTerm === view.currentTerm &&
    before.votedFor === view.votedFor &&
    before.commitIndex === view.commitIndex &&
    before.lastApplied === view.lastApplied &&
    before.lastIndex === log.lastIndex &&
    before.truncations === log.truncations &&
    before.snapshotIndex === log.snapshotIndex
  );
}

function takeDown(view: RaftView): Seen {
  const { log } = view;
  const { role, currentTerm, votedFor, commitIndex, lastApplied } = view;
  const { snapshotIndex, lastIndex, truncations } = log;
  return {
    role,
    currentTerm,
    votedFor,
    commitIndex,
    lastApplied,
    snapshotIndex,
    lastIndex,
    truncations,
  };
}
