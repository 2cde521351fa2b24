import type { DiskAccess } from '../disk/disk-effect.ts';
import { scale } from '../random/bits.ts';
import { overDisks, type DiskFault } from './disk-fault.ts';
import { namesProblem, ppmProblem, type FaultKind } from './fault-kind.ts';
import { describeTarget } from './target.ts';

/**
 * Some operations fail with EIO. Reads and writes that fail have no effect; of an fsync that fails
 * nobody knows what it did.
 */
export interface DiskErrors extends DiskFault {
  readonly kind: 'disk-error';
  /** Which operations; `write` is all that change the disk. Default: all three. */
  readonly ops?: readonly DiskAccess[] | undefined;
  /** How many of them, in parts per million. */
  readonly ppm: number;
}

const ACCESSES: readonly DiskAccess[] = ['read', 'write', 'fsync'];

export const diskError: FaultKind<DiskErrors> = {
  problem: ({ ops, ppm }) => ppmProblem('ppm', ppm) ?? namesProblem('ops', ops, ACCESSES),
  describe: ({ node, ops, ppm }) =>
    `disk-error ${describeTarget(node)}, ${ppm} ppm of ${ops?.join(' ') ?? 'all operations'}`,
  start: (site, { ops, ...action }) =>
    overDisks(site, action, (disk) => {
      const name = `fault/${action.id}/${disk.name}`;
      return {
        errorOf(access) {
          const draw = site.streams.stream(`${name}/${access}`).uint32();
          const isMeant = ops === undefined || ops.includes(access);
          return isMeant && scale(draw, 1_000_000) < action.ppm ? 'EIO' : undefined;
        },
      };
    }),
};
