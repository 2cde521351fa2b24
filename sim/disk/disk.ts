import { hashString } from '../kernel/digest.ts';
import type { EventLabel } from '../kernel/event.ts';
import { eventLabel } from '../kernel/kernel.ts';
import type { Incarnation } from '../node/incarnation.ts';

/** What a file holds. */
export type Content = string | Uint8Array;

const SAVE: EventLabel = eventLabel('save');
const REMOVE: EventLabel = eventLabel('remove');

/** The platters: named files that belong to the world and outlive every incarnation. */
export class DiskStore {
  readonly files: Map<string, Content> = new Map();

  /** All is gone, as after the disk was replaced. */
  wipe(): void {
    this.files.clear();
  }
}

/**
 * A durable disk as a node sees it. A write is synchronous, atomic and durable: after a crash a
 * file holds either what it held before or all of the new content.
 */
export class Disk {
  private readonly owner: Incarnation;
  private readonly store: DiskStore;

  constructor(owner: Incarnation, store: DiskStore) {
    this.owner = owner;
    this.store = store;
  }

  /** The content of a file; undefined if there is none. */
  read(file: string): Content | undefined {
    this.owner.enter('disk.read');
    const content = this.store.files.get(file);
    return copyOf(content);
  }

  /** Replace the content of a file. */
  write(file: string, content: Content): void {
    this.owner.enter('disk.write');
    const kept = copyOf(content);
    this.store.files.set(file, kept);
    const { kernel, id, incarnation } = this.owner;
    kernel.note('save', id, incarnation, SAVE, hashFile(file, kept), {
      payload: file,
    });
  }

  /** Remove a file; nothing happens if there is none. */
  remove(file: string): void {
    this.owner.enter('disk.remove');
    if (!this.store.files.delete(file)) return;
    const { kernel, id, incarnation } = this.owner;
    kernel.note('save', id, incarnation, REMOVE, hashString(file), { payload: file });
  }

  /** Names of all files, sorted. */
  list(): string[] {
    this.owner.enter('disk.list');
    return [...this.store.files.keys()].toSorted();
  }
}

/** Not slice() for the copy: that of a Buffer shares its memory. */
function copyOf<C extends Content | undefined>(content: C): C | Uint8Array {
  return content instanceof Uint8Array ? new Uint8Array(content) : content;
}

/** Name and content play different parts, so that exchanging them makes a difference. */
function hashFile(file: string, content: Content): number {
  return Math.imul(hashString(file), 0x9e3779b1) ^ hashContent(content);
}

function hashContent(content: Content): number {
  if (typeof content === 'string') return hashString(content);
  let hash = ~content.length;
  for (const byte of content) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}
