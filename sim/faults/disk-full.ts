import { overDisks, type DiskFault } from './disk-fault.ts';
import type { FaultKind } from './fault-kind.ts';
import { describeTarget } from './target.ts';

/**
 * No room: whatever would make a file longer fails with ENOSPC. Reading, shortening, renaming,
 * removing and syncing go on, but removing makes no room.
 */
export interface DiskFull extends DiskFault {
  readonly kind: 'disk-full';
}

export const diskFull: FaultKind<DiskFull> = {
  describe: ({ node }) => `disk-full ${describeTarget(node)}`,
  start: (site, action) =>
    overDisks(site, action, () => ({
      errorOf: (_, grows) => (grows ? 'ENOSPC' : undefined),
    })),
};
