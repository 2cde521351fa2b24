import type { Operation } from '../history/operation.ts';
import type { OnlineChecker } from '../online/online-checker.ts';
import type { RandomSource } from './random-source.ts';

/** One event of a history; operations are named by their index. */
export interface HistoryEvent {
  readonly kind: 'call' | 'return' | 'abandon';
  readonly index: number;
}

/**
 * The events of a history without ties, in order. Operations that are pending are abandoned at some
 * time after their call, or left open.
 */
export function eventsOf(
  history: readonly Operation<unknown, unknown>[],
  random: RandomSource,
): HistoryEvent[] {
  const last = history.reduce((latest, { call, return: end }) => Math.max(latest, end ?? call), 0);
  const stamped: (HistoryEvent & { readonly stamp: number })[] = [];
  history.forEach(({ call, return: end }, index) => {
    stamped.push({ kind: 'call', index, stamp: call });
    if (end !== undefined) stamped.push({ kind: 'return', index, stamp: end });
    else if (random.chance(50)) {
      // Between two other events, or after the last one.
      const stamp = call + random.below(Math.floor(last - call) + 1) + 0.25;
      stamped.push({ kind: 'abandon', index, stamp });
    }
  });
  return stamped.sort((a, b) => a.stamp - b.stamp || a.index - b.index);
}

/** Tells the checker one event. */
export function tell<I, O>(
  checker: OnlineChecker<unknown, I, O>,
  history: readonly Operation<I, O>[],
  { kind, index }: HistoryEvent,
): void {
  const { clientId, input, output } = history[index]!;
  if (kind === 'call') checker.call(index, clientId, input);
  else if (kind === 'return') checker.return(index, output);
  else checker.abandon(index);
}
