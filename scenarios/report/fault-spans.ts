import type { TraceRecord } from '../../sim/index.ts';

/** A fault, from its start to its end. */
export interface FaultSpan {
  readonly id: string;
  readonly text: string;
  readonly fromUs: number;
  /** Infinity if the trace ends first. */
  untilUs: number;
  /** The nodes that it names. */
  readonly nodes: ReadonlySet<string>;
}

/** How the description of a fault names every node. */
const ALL = 'all';

/** What separates names there. */
const SEPARATORS = /[\s,|>:]+/;

/** The faults of a trace, by their start. */
export function faultSpans(trace: Iterable<TraceRecord>): FaultSpan[] {
  const nodes = new Set<string>();
  for (const { node } of trace) if (node !== undefined) nodes.add(node);
  const spans: FaultSpan[] = [];
  for (const { kind, label: id, text = '', timeUs: fromUs } of trace) {
    // A change of the network's profile is told in the same way, but has no words and no end.
    if (kind === 'fault' && text !== '') {
      const words = text.split(SEPARATORS);
      const named = words.includes(ALL) ? nodes : words.filter((word) => nodes.has(word));
      spans.push({ id, text, fromUs, untilUs: Infinity, nodes: new Set(named) });
    } else if (kind === 'heal') {
      const last = spans.findLast((span) => span.id === id);
      if (last !== undefined) last.untilUs = fromUs;
    }
  }
  return spans;
}
