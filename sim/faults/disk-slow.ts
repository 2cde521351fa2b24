import { scale } from '../random/bits.ts';
import { overDisks, type DiskFault } from './disk-fault.ts';
import { rangeProblem, type FaultKind } from './fault-kind.ts';
import { describeTarget } from './target.ts';

/** Every fsync that begins while it lasts takes longer, by a whole number of ms from `extraMs`. */
export interface DiskSlow extends DiskFault {
  readonly kind: 'disk-slow';
  /** Least and most, in ms. */
  readonly extraMs: readonly [number, number];
}

export const diskSlow: FaultKind<DiskSlow> = {
  problem: ({ extraMs }) => rangeProblem('extraMs', extraMs),
  describe: ({ node, extraMs }) => `disk-slow ${describeTarget(node)} by ${extraMs.join('-')} ms`,
  start: (site, action) =>
    overDisks(site, action, (disk) => {
      const random = site.streams.stream(`fault/${action.id}/${disk.name}`);
      const [lo, hi] = action.extraMs;
      return { extraFsyncUs: () => (lo + scale(random.uint32(), hi - lo + 1)) * 1000 };
    }),
};
