import { emptied, isEqual, type Content } from '../disk/content.ts';
import type { DiskEffect } from '../disk/disk-effect.ts';
import type { DiskStore } from '../disk/disk-store.ts';
import { apply, type Files, type Operation } from '../disk/operation.ts';
import { scale } from '../random/bits.ts';
import { damageLot, overDisks, type DamageLot, type DiskFault } from './disk-fault.ts';
import { ppmProblem, type FaultKind } from './fault-kind.ts';
import { describeTarget } from './target.ts';

/**
 * Some writes land in another existing file: reads give the file that was meant as it was before
 * (empty, if it is new), and the other one with what was not meant for it. Lifting the fault puts
 * everything right, as a copy of the disk would on which every write had found its place.
 */
export interface MisdirectedWrite extends DiskFault {
  readonly kind: 'misdirected-write';
  /** How many of the writes, in parts per million. */
  readonly ppm: number;
}

export const misdirectedWrite: FaultKind<MisdirectedWrite> = {
  problem: ({ ppm }) => ppmProblem('ppm', ppm),
  describe: ({ node, ppm }) => `misdirected-write ${describeTarget(node)}, ${ppm} ppm of writes`,
  start: (site, action) =>
    overDisks(site, action, (disk) => new Misdirection(disk, damageLot(site, action, disk))),
};

class Misdirection implements DiskEffect {
  private readonly disk: DiskStore;
  private readonly lots: DamageLot;
  /** The disk as it is with every write where it landed. */
  private readonly files: Files;

  constructor(disk: DiskStore, lots: DamageLot) {
    this.disk = disk;
    this.lots = lots;
    this.files = new Map(disk.durable);
  }

  flushes(ops: readonly Operation[]): void {
    for (const op of ops) apply(this.files, this.landing(op));
  }

  seen(file: string, content: Content): Content {
    const held = this.files.get(file)?.content ?? emptied(content);
    const meant = this.disk.durable.get(file)?.content;
    return meant === undefined || isEqual(held, meant) ? content : held;
  }

  private landing(op: Operation): Operation {
    if (!op.isOfData) return op;
    const lot = this.lots.of(op.file, op.version);
    if (lot === undefined) return op;
    const others = [...this.files.keys()].filter((file) => file !== op.file).toSorted();
    const other = others[scale(lot, others.length)];
    return other === undefined ? op : op.with({ file: other });
  }
}
