import { topicOf, type Topic } from './topic.ts';
import type { TraceRecord } from './trace.ts';

/** How much of a run its trace keeps; the run itself is the same. */
export const traceLevels = ['off', 'summary', 'full'] as const;
export type TraceLevel = (typeof traceLevels)[number];

/** What a summary keeps: what was done to the nodes and what they came to, not how. */
const SUMMARY: ReadonlySet<Topic> = new Set(['node', 'fault', 'client', 'state', 'log', 'probe']);

/** Does a trace of this level keep records of this kind? */
export function isKept(level: TraceLevel, kind: TraceRecord['kind']): boolean {
  if (level === 'full') return true;
  return level === 'summary' && SUMMARY.has(topicOf(kind));
}
