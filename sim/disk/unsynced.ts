import type { Operation } from './operation.ts';

const NONE: readonly Operation[] = [];

/**
 * The operations of a disk that are not durable yet, in their order. Found by name, so that an
 * fsync costs what its own file has waiting, however much waits besides.
 */
export class Unsynced implements Iterable<Operation> {
  private readonly all = new Set<Operation>();
  /** Operations by each name that they concern. */
  private readonly byName = new Map<string, Set<Operation>>();

  get size(): number {
    return this.all.size;
  }

  [Symbol.iterator](): Iterator<Operation> {
    return this.all.values();
  }

  add(op: Operation): void {
    this.all.add(op);
    this.index(op.file, op);
    if (op.to !== op.file) this.index(op.to, op);
  }

  /** @returns whether it was there */
  delete(op: Operation): boolean {
    if (!this.all.delete(op)) return false;
    this.unindex(op.file, op);
    if (op.to !== op.file) this.unindex(op.to, op);
    return true;
  }

  clear(): void {
    this.all.clear();
    this.byName.clear();
  }

  /**
   * The operations that a file depends on: those under its name, and under every name that later
   * renames have connected with it.
   */
  of(file: string): readonly Operation[] {
    const own = this.byName.get(file);
    if (own === undefined) return NONE;
    let isAlone = true;
    for (const op of own) isAlone &&= op.to === op.file;
    // The usual case: what was written under one name concerns no other.
    if (isAlone) return [...own];
    const names = new Set([file]);
    const chosen = this.around(file).filter((op) => {
      const isConnected = op.concerns(names);
      if (isConnected) names.add(op.file).add(op.to);
      return isConnected;
    });
    return chosen.reverse();
  }

  /** Whatever renames connect with a file, no matter in which order; the latest first. */
  private around(file: string): Operation[] {
    const found = new Set<Operation>();
    const names = new Set([file]);
    // Names that are added meanwhile are gone through as well.
    for (const name of names) {
      for (const op of this.byName.get(name) ?? NONE) {
        found.add(op);
        names.add(op.file).add(op.to);
      }
    }
    return [...found].toSorted((a, b) => b.version - a.version);
  }

  private index(name: string, op: Operation): void {
    const ops = this.byName.get(name);
    if (ops === undefined) this.byName.set(name, new Set([op]));
    else ops.add(op);
  }

  private unindex(name: string, op: Operation): void {
    const ops = this.byName.get(name);
    ops?.delete(op);
    if (ops?.size === 0) this.byName.delete(name);
  }
}
