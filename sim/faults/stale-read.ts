import type { Content } from '../disk/content.ts';
import type { DiskEffect } from '../disk/disk-effect.ts';
import type { DiskStore } from '../disk/disk-store.ts';
import type { Operation } from '../disk/operation.ts';
import { damageLot, overDisks, type DamageLot, type DiskFault } from './disk-fault.ts';
import { ppmProblem, type FaultKind } from './fault-kind.ts';
import { describeTarget } from './target.ts';

/**
 * Reads give what a file durably held before it was changed last, for files that were changed while
 * the fault lasts; a new file is read as it is. Whether a file is stale is decided anew with each
 * change of it.
 */
export interface StaleRead extends DiskFault {
  readonly kind: 'stale-read';
  /** How many of the files, in parts per million. */
  readonly ppm: number;
}

export const staleRead: FaultKind<StaleRead> = {
  problem: ({ ppm }) => ppmProblem('ppm', ppm),
  describe: ({ node, ppm }) => `stale-read ${describeTarget(node)}, ${ppm} ppm of files`,
  start: (site, action) =>
    overDisks(site, action, (disk) => new Staleness(disk, damageLot(site, action, disk))),
};

class Staleness implements DiskEffect {
  private readonly disk: DiskStore;
  private readonly lots: DamageLot;
  private readonly previous = new Map<string, Content>();

  constructor(disk: DiskStore, lots: DamageLot) {
    this.disk = disk;
    this.lots = lots;
  }

  flushes(ops: readonly Operation[]): void {
    for (const name of ops.flatMap(({ file, to }) => [file, to])) {
      const before = this.disk.durable.get(name);
      if (before === undefined) this.previous.delete(name);
      else this.previous.set(name, before.content);
    }
    // A name that is gone has no past: it would be kept for nothing.
    for (const op of ops) if (!op.isOfData) this.forget(op, ops);
  }

  seen(file: string, content: Content, version: number): Content {
    const before = this.previous.get(file);
    if (before === undefined || this.lots.of(file, version) === undefined) return content;
    return before;
  }

  private forget(gone: Operation, ops: readonly Operation[]): void {
    const last = ops.findLast((op) => op.file === gone.file || op.to === gone.file);
    if (last === gone) this.previous.delete(gone.file);
  }
}
