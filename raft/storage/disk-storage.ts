import type { Disk } from '../../sim/index.ts';
import type { Changes } from '../core/effects.ts';
import type { Durable } from '../core/state.ts';
import { readRecords, writeRecord } from './record.ts';
import {
  additionContent,
  BASE,
  baseContent,
  fileOf,
  readBack,
  readStateFiles,
  UNFINISHED,
} from './state-files.ts';
import { recordOf, replayRecords, type Storage, wholeRecord } from './storage.ts';

/** What it needs of a node's disk. */
export type StateDisk = Pick<
  Disk,
  'list' | 'exists' | 'read' | 'write' | 'rename' | 'remove' | 'flush'
>;

/** Changes that become durable together, as one file. */
interface Group {
  /** Records, one a line. */
  text: string;
  /** They begin with the whole state, of which this is the snapshot; undefined = an addition. */
  snapshot: string | undefined;
  readonly done: (() => void)[];
}

/**
 * Storage on a node's own disk, in the files of `diskPersister`. A file is written under another
 * name and synced before it is given its own, which is synced, too: it is there whole or not at
 * all. Changes that come while a file is written wait, and go into the next one together (group
 * commit), so that a slow disk costs waiting time and not throughput.
 *
 * If the disk fails, the error is thrown and nothing is written ever after: what an fsync that has
 * failed leaves behind nobody knows, and trying again would only hide it.
 */
export function diskStorage(disk: StateDisk): Storage {
  return new DiskStorage(disk);
}

class DiskStorage implements Storage {
  private readonly disk: StateDisk;
  /** Number of the next addition, and of the oldest one that is still there. */
  private next = 0;
  private oldest = 0;
  private isWriting = false;
  private waiting: Group | undefined = undefined;

  constructor(disk: StateDisk) {
    this.disk = disk;
  }

  recover(): Durable {
    const { disk } = this;
    const { base, additions, oldest } = readStateFiles(disk);
    if (disk.exists(UNFINISHED)) disk.remove(UNFINISHED);
    this.next = base.first + additions.length;
    this.oldest = oldest;
    const records = [
      ...readRecords(BASE, base.state),
      ...additions.flatMap((text, place) => readRecords(fileOf(base.first + place), text)),
    ];
    return replayRecords(BASE, records, base.snapshot);
  }

  persist(changes: Changes, whole: () => Durable, done: () => void): void {
    const group = (this.waiting ??= { text: '', snapshot: undefined, done: [] });
    const { snapshot } = changes;
    if (snapshot === undefined) {
      group.text += writeRecord(recordOf(changes));
    } else {
      // The whole state stands for all that waits before it.
      group.text = writeRecord(wholeRecord(whole()));
      group.snapshot = snapshot;
    }
    group.done.push(done);
    this.writeWaiting();
  }

  private writeWaiting(): void {
    const { disk, next, waiting } = this;
    if (this.isWriting || waiting === undefined) return;
    this.isWriting = true;
    this.waiting = undefined;
    const { text, snapshot, done } = waiting;
    const isAddition = snapshot === undefined;
    const file = isAddition ? fileOf(next) : BASE;
    const content = isAddition
      ? additionContent(next, text)
      : baseContent({ state: text, snapshot, first: next });
    disk.write(UNFINISHED, content);
    this.sync(UNFINISHED, () => {
      disk.rename(UNFINISHED, file);
      this.sync(file, () => {
        if (isAddition) {
          this.next++;
        } else {
          readBack(disk, BASE, content);
          this.removeLeftOvers();
        }
        this.isWriting = false;
        for (const tell of done) tell();
        this.writeWaiting();
      });
    });
  }

  private sync(file: string, then: () => void): void {
    this.disk.flush(file, (error) => {
      if (error !== undefined) throw error;
      then();
    });
  }

  /** Nobody waits for it, or minds if a crash brings them back. */
  private removeLeftOvers(): void {
    const { disk, next } = this;
    for (; this.oldest < next; this.oldest++) {
      const file = fileOf(this.oldest);
      if (!disk.exists(file)) continue;
      disk.remove(file);
      this.sync(file, nothing);
    }
  }
}

function nothing(): void {}
