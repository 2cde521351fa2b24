import type { FaultBase, FaultKind } from './fault-kind.ts';

/** A node loses its memory at `atMs` and starts again, from its disk, at `untilMs`. */
export interface Crash extends FaultBase {
  readonly kind: 'crash';
  readonly node: string;
}

export const crash: FaultKind<Crash> = {
  field: 'node',
  targets: (action) => [action.node],
  start(site, action) {
    site.holdDown(action.node);
    return () => site.letUp(action.node);
  },
};
