import type { Trace, TraceRecord } from '../../sim/index.ts';

/** One event of a chain of causes, with the notes made while it ran. */
export interface Link {
  readonly event: TraceRecord;
  readonly notes: readonly TraceRecord[];
}

/**
 * The chain of causes of an event, the event itself last. Each event names the one that scheduled
 * it, so the chain ends at the set-up of the world (0). Empty if the trace does not have the event.
 */
export function causesOf(trace: Trace, event: number): Link[] {
  const chain: Link[] = [];
  for (let number = event; number > 0;) {
    const [first, ...notes] = trace.of(number);
    if (first === undefined) break;
    chain.push({ event: first, notes });
    // A cause lies before its effect; whatever a trace says, this comes to an end.
    if (first.cause >= number) break;
    number = first.cause;
  }
  return chain.toReversed();
}
