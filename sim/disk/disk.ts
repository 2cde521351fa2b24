import { hashString } from '../kernel/digest.ts';
import type { EventLabel } from '../kernel/event.ts';
import { eventLabel } from '../kernel/kernel.ts';
import { sizeOf } from '../network/bulk.ts';
import type { Incarnation } from '../node/incarnation.ts';
import { copyOf, emptied, hashContent, isSameSort, type Content } from './content.ts';
import type { DiskAccess } from './disk-effect.ts';
import { DiskError, type DiskErrorCode } from './disk-error.ts';
import type { DiskStore } from './disk-store.ts';
import { Operation, type OperationKind } from './operation.ts';

/** Calls that change a disk, with their labels in the trace. */
const CHANGES = {
  save: eventLabel('save'),
  write: eventLabel('write'),
  append: eventLabel('append'),
  rename: eventLabel('rename'),
  remove: eventLabel('remove'),
};
type ChangeName = keyof typeof CHANGES;

const FSYNC: EventLabel = eventLabel('fsync');
const FENCE: EventLabel = eventLabel('fence');
const TRANSFER: EventLabel = eventLabel('transfer');
const DAMAGED: EventLabel = eventLabel('damaged');

/**
 * The disk of a node: named files, each all text or all bytes. Contents are copied.
 *
 * {@link save} is atomic and durable by itself, as the labs' persister is. All other changes are
 * unsynced until an {@link fsync} of the file: the node sees them at once, but a crash leaves of
 * them what the plan's disk profile says (nothing, a beginning, any of them). Under the profile
 * `perfect`, the default, every change is durable at once.
 *
 * Faults of the plan, and a {@link fence}, make calls throw a {@link DiskError}; the call has then
 * had no effect.
 */
export class Disk {
  private readonly owner: Incarnation;
  private readonly store: DiskStore;
  /** Under which number this life writes; see {@link fence}. */
  private epoch = 0;

  constructor(owner: Incarnation, store: DiskStore) {
    this.owner = owner;
    this.store = store;
    owner.crashListeners.add(store);
  }

  /**
   * Take a shared disk over: from now on it takes changes and fsyncs of nobody who has not fenced
   * it with as high a number, however late that node wakes up; they fail with EFENCED. Reads go on.
   * The number is the caller's to choose (a term, the number of a lease), and durable. Everybody
   * begins with 0, in every life.
   * @param epoch a whole number from 1
   * @throws RangeError if it is none
   * @throws DiskError EFENCED if the disk is fenced with a higher one
   */
  fence(epoch: number): void {
    const call = this.owner.enter('disk.fence');
    if (!Number.isSafeInteger(epoch) || epoch < 1) {
      throw new RangeError(`disk.fence: expected a whole number from 1, got ${epoch}`);
    }
    if (epoch < this.store.fencedBelow) throw this.failure('EFENCED', 'fence', this.store.name);
    this.epoch = epoch;
    this.store.fencedBelow = epoch;
    this.note(FENCE, epoch, { epoch });
    this.owner.exit(call);
  }

  /**
   * The content of a file, with all changes so far; undefined if there is no such file.
   * @throws DiskError EIO
   */
  read(file: string): Content | undefined {
    this.owner.enter('disk.read');
    this.admit('read', 'read', file);
    const seen = this.store.read(file);
    if (seen === undefined) return undefined;
    if (seen.isDamaged) this.note(DAMAGED, hashContent(seen.content), file);
    return copyOf(seen.content);
  }

  /** Is there a file of this name? */
  exists(file: string): boolean {
    this.owner.enter('disk.exists');
    return this.store.files.has(file);
  }

  /** Names of all files, sorted by code units. */
  list(): string[] {
    this.owner.enter('disk.list');
    return [...this.store.files.keys()].toSorted();
  }

  /**
   * Replace the whole content of a file, durably: after a crash it holds either what it held before
   * or all of the new content. Earlier changes of the file become durable with it.
   * @throws DiskError EIO, ENOSPC
   */
  save(file: string, content: Content): void {
    const call = this.owner.enter('disk.save');
    this.put('save', 'write', file, content);
    const { store, owner } = this;
    // Whatever the step does from now on it does once that is written.
    if (store.service !== undefined) {
      owner.waitUntil(store.service.sync(file, owner.kernel.stepNow));
    }
    this.owner.exit(call);
  }

  /**
   * Replace the content of a file, unsynced. A torn write leaves a beginning of the new content.
   * @throws DiskError EIO, ENOSPC
   */
  write(file: string, content: Content): void {
    const call = this.owner.enter('disk.write');
    this.put('write', 'write', file, content);
    this.owner.exit(call);
  }

  /**
   * Add to the end of a file, or begin one; unsynced.
   * @throws TypeError if the file holds text and the content is bytes, or the other way round
   * @throws DiskError EIO, ENOSPC
   */
  append(file: string, content: Content): void {
    const call = this.owner.enter('disk.append');
    this.put('append', 'append', file, content);
    this.owner.exit(call);
  }

  /**
   * Give a file another name; a file that had that name is gone. Atomic: after a crash both names
   * are as before or both as after. Unsynced until an fsync of `to` or `from`. It publishes no more
   * than is durable: without an fsync of the file before it, a crash under `reordered` may leave
   * the new name with nothing in it.
   * @throws Error if there is no file of that name
   * @throws DiskError EIO
   */
  rename(from: string, to: string): void {
    const call = this.owner.enter('disk.rename');
    this.admit('write', 'rename', from);
    const moved = this.store.files.get(from);
    if (moved === undefined) throw new Error(`disk.rename: no file "${from}"`);
    if (from !== to) this.change('rename', 'rename', from, emptied(moved.content), to);
    this.owner.exit(call);
  }

  /**
   * Remove a file; nothing happens if there is none. Unsynced until an fsync of its name: a crash
   * may bring the file back.
   * @throws DiskError EIO
   */
  remove(file: string): void {
    const call = this.owner.enter('disk.remove');
    this.admit('write', 'remove', file);
    if (this.store.files.has(file)) this.change('remove', 'remove', file, '');
    this.owner.exit(call);
  }

  /**
   * Resolves, in an event of its own, once every change of this file so far is durable, the renames
   * and removals of its name among them.
   *
   * Rejects with a {@link DiskError} if the plan says so. Then nobody knows what is durable, and
   * syncing again does not help: a later fsync resolves, though the changes of before may still be
   * missing after a crash. Only writing the content anew, or crashing and reading, gives certainty.
   */
  fsync(file: string): Promise<void> {
    const call = this.owner.enter('disk.fsync');
    const promise = new Promise<void>((resolve, reject) => {
      this.sync(file, (error) => (error === undefined ? resolve() : reject(error)));
    });
    this.owner.exit(call);
    return promise;
  }

  /**
   * The same for nodes without promises: `done` is called in an event of its own, with undefined
   * where {@link fsync} resolves, or with the error with which it rejects.
   */
  flush(file: string, done: (error: DiskError | undefined) => void): void {
    const call = this.owner.enter('disk.flush');
    this.sync(file, done);
    this.owner.exit(call);
  }

  /**
   * Read or write so many bytes that have no content, in one piece, behind what is queued already.
   * Resolves, in an event of its own, when that is done; under ideal hardware at once.
   * @throws RangeError if that is no size
   */
  transfer(bytes: number): Promise<void> {
    const call = this.owner.enter('disk.transfer');
    const promise = new Promise<void>((resolve) => this.stream('disk.transfer', bytes, resolve));
    this.owner.exit(call);
    return promise;
  }

  /** The same for nodes without promises. */
  move(bytes: number, done: () => void): void {
    const call = this.owner.enter('disk.move');
    this.stream('disk.move', bytes, done);
    this.owner.exit(call);
  }

  private stream(call: string, bytes: number, done: () => void): void {
    const { owner, store } = this;
    const { kernel } = owner;
    const size = sizeOf(call, bytes);
    const at = store.service?.transfer(size, kernel.stepNow) ?? kernel.stepNow;
    kernel.schedule('wake', owner, at, done, TRANSFER, hashString(String(size)));
  }

  private sync(file: string, done: (error: DiskError | undefined) => void): void {
    const { owner, store } = this;
    const { kernel } = owner;
    const code = store.admit('fsync', false, this.epoch);
    const ops = store.unsyncedOf(file);
    const from = kernel.stepNow;
    const written = store.service?.sync(file, from) ?? from;
    const at = written + store.fsyncUs(owner.id);
    const settle = (): void => {
      kernel.meter?.measure('world', 'fsync', owner.id, '', kernel.now - from);
      if (code === undefined) {
        store.sync(ops);
        done(undefined);
      } else {
        // Of a fenced one the disk takes no notice.
        if (code !== 'EFENCED') store.abandon(ops);
        done(this.failure(code, 'fsync', file));
      }
    };
    kernel.schedule('wake', owner, at, settle, FSYNC, hashString(file), { payload: file });
  }

  private put(call: ChangeName, kind: 'write' | 'append', file: string, content: Content): void {
    const kept = copyOf(content);
    const there = this.store.files.get(file)?.content;
    const grows = kept.length > (kind === 'append' ? 0 : (there?.length ?? 0));
    this.admit('write', call, file, grows);
    if (kind === 'append' && there !== undefined && !isSameSort(there, kept)) {
      throw new TypeError(`disk.append: "${file}" holds ${sortOf(there)}, not ${sortOf(kept)}`);
    }
    this.change(call, kind, file, kept, file, kind === 'append' ? (there?.length ?? 0) : 0);
  }

  private change(
    call: ChangeName,
    kind: OperationKind,
    file: string,
    content: Content,
    to: string = file,
    offset: number = 0,
  ): void {
    const { store, owner } = this;
    const op = new Operation(kind, file, content, to, store.version, owner.id, offset);
    if (call === 'save') store.save(op);
    else store.change(op);
    this.note(CHANGES[call], op.hash(), to === file ? file : { file, to });
  }

  /** Let faults refuse this call: first of all, so that each call is one draw of theirs. */
  private admit(access: DiskAccess, call: string, file: string, grows: boolean = false): void {
    const code = this.store.admit(access, grows, this.epoch);
    if (code !== undefined) throw this.failure(code, call, file);
  }

  private failure(code: DiskErrorCode, call: string, file: string): DiskError {
    this.note(eventLabel(code), hashString(file), { call, file });
    return new DiskError(code, call, file);
  }

  private note(label: EventLabel, hash: number, payload: unknown): void {
    const { kernel, id, incarnation } = this.owner;
    kernel.note('save', id, incarnation, label, hash, { payload });
  }
}

function sortOf(content: Content): string {
  return typeof content === 'string' ? 'text' : 'bytes';
}
