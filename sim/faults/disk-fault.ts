import type { DiskEffect } from '../disk/disk-effect.ts';
import type { DiskStore } from '../disk/disk-store.ts';
import { hashString } from '../kernel/digest.ts';
import { derive } from '../random/derive.ts';
import { scale } from '../random/bits.ts';
import type { FaultBase, FaultSite, Lift } from './fault-kind.ts';
import { nodesOf, type NodeTarget } from './target.ts';

/** A fault of the disks of some nodes. */
export interface DiskFault extends FaultBase {
  readonly node: NodeTarget;
}

/** Lay an effect over the disk of every node of an action: one over a disk that nodes share. */
export function overDisks(
  site: FaultSite,
  action: DiskFault,
  effectOf: (disk: DiskStore) => DiskEffect,
): Lift {
  const disks = new Set(nodesOf(action.node).map((id) => site.disk(id)));
  const lifts = [...disks].map((disk) => disk.overlay(effectOf(disk)));
  return () => {
    for (const lift of lifts) lift();
  };
}

/** Says which changes a fault damages. */
export interface DamageLot {
  /**
   * For a damaged change a number in 0 .. 2^32 - 1 that says how, the same however often it is
   * asked for; undefined for the others.
   */
  of(file: string, version: number): number | undefined;
}

/** One draw for an action and a disk; all else derives from it. */
export function damageLot(
  { streams }: FaultSite,
  { id, ppm }: FaultBase & { readonly ppm: number },
  disk: DiskStore,
): DamageLot {
  const draw = streams.once(`fault/${id}/${disk.name}`).uint32();
  return {
    of(file, version) {
      const lot = derive(draw, hashString(file), version);
      return scale(lot, 1_000_000) < ppm ? derive(lot, 1) : undefined;
    },
  };
}
