import type { FaultBase, FaultKind } from './fault-kind.ts';
import { flapping, flapProblem, type FlapMs } from './flapping.ts';
import { describeMessages, onMessages } from './message-rule.ts';
import type { Messages } from './target.ts';

/** Messages do not get through: one way, between two nodes, or some types of them only. */
export interface Cut extends FaultBase, Messages {
  readonly kind: 'cut';
  /** Cut for so many ms, open for so many, again and again. Absent = cut all the time. */
  readonly flapMs?: FlapMs | undefined;
}

export const cut: FaultKind<Cut> = {
  problem: ({ flapMs }) => flapProblem(flapMs),
  describe: (action) => `cut ${describeMessages(action)}`,
  start: (site, action) =>
    flapping(site, action.id, action.flapMs, () =>
      onMessages(site, action, () => ({ isCut: true })),
    ),
};
